package org.jzoo.examples.length;

import java.util.List;
import java.util.Locale;
import org.jzoo.blocks.attention.ForgetGate;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.position.AlibiPositionOption;
import org.jzoo.blocks.position.EmbeddingPosition;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.position.QueryKeyPosition;
import org.jzoo.blocks.position.RelativePositionOption;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.position.ScorePosition;
import org.jzoo.blocks.position.SinusoidalPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.examples.character.CharacterModel;
import org.jzoo.examples.character.Characters;
import org.jzoo.examples.recipe.Weights;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.task.CausalLanguageTask;

/** What a model knows of positions. */
public enum LengthScheme {
    /** Nothing but the causal mask. */
    NONE,
    /** Sines and cosines, added to embeddings. */
    SINUSOIDAL,
    /** A learned row per position; none beyond the trained length. */
    LEARNED,
    /** Turned queries and keys; judged as trained, and with frequencies stretched two ways. */
    ROTARY,
    /** Scores that fall linearly with distance. */
    ALIBI,
    /** T5's learned shifts of scores by bucket of distance. */
    RELATIVE,
    /** Rotary, each layer seeing a quarter of the trained length. */
    WINDOW,
    /** Data-dependent forget gates alone. */
    FORGETTING,
    /** Forget gates and rotary. */
    FORGETTING_ROTARY,
    /** J3's causal form, with as many weights as the rotary one: windows, memory, blocks found. */
    J3;

    private static final double ROTARY_BASE = 10_000;
    private static final double GATE_BIAS = 5;
    private static final int CHUNK = 512;
    private static final int BLOCK = 64;
    private static final int GRADIENT_CHUNKS = 16;

    /** The name in commands and tables, such as "forgetting-rotary". */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The scheme of that label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static LengthScheme labelled(String label) {
        for (LengthScheme scheme : values()) {
            if (scheme.label().equals(label)) {
                return scheme;
            }
        }
        StringBuilder labels = new StringBuilder();
        for (LengthScheme scheme : values()) {
            labels.append(labels.isEmpty() ? "" : ", ").append(scheme.label());
        }
        throw new IllegalArgumentException(
                "scheme must be one of %s, got scheme=%s".formatted(labels, label));
    }

    /** Whether inputs longer than the trained ones can be read at all. */
    boolean reaches(int length, LengthConfig config) {
        return this != LEARNED || length <= config.training().length();
    }

    /** A fresh model. */
    Part model(LengthConfig config) {
        return this == J3 ? j3(config) : model(config, rotary(config));
    }

    // What it has beside the layers' maps, its feed-forwards lack.
    private static Part j3(LengthConfig config) {
        LengthConfig.Model model = config.model();
        J3Size size =
                new J3Size(
                        model.dim(),
                        model.numHeads(),
                        model.numLayers(),
                        feedForward(model),
                        Math.min(CHUNK, config.training().length()),
                        Math.min(BLOCK, config.training().length()),
                        GRADIENT_CHUNKS);
        long wanted = Weights.count(ROTARY.model(config));
        return decoder(Weights.fitted(size, wanted, LengthScheme::decoder));
    }

    private static J3Model decoder(J3Size size) {
        return new J3Model(
                J3Parts.of(size).build().decoder(Characters.SIZE, -1),
                new CausalLanguageTask(List.of()));
    }

    private static int feedForward(LengthConfig.Model model) {
        return (model.dim() * 8 / 3 + 31) / 32 * 32;
    }

    /** A fresh model whose queries and keys are turned so, where this scheme turns them. */
    CharacterModel model(LengthConfig config, QueryKeyPosition position) {
        LengthConfig.Model sizes = config.model();
        boolean forgets = this == FORGETTING || this == FORGETTING_ROTARY;
        boolean turns = this == ROTARY || this == WINDOW || this == FORGETTING_ROTARY;
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(sizes.numHeads(), sizes.dim())
                                .optBias(false, false)
                                .optCausal(true)
                                .optPosition(turns ? position : null)
                                .optWindow(this == WINDOW ? config.training().length() / 4 : 0)
                                .optForgetGate(forgets ? new ForgetGate(GATE_BIAS) : null)
                                .build(),
                        new GatedFeedForwardOption(feedForward(sizes), Activation.SILU, false, 0),
                        new RmsNormOption(1e-6),
                        NormPlacement.PRE,
                        0);
        return new CharacterModel(
                Characters.SIZE,
                added(config),
                TransformerConfig.uniform(
                                sizes.dim(), sizes.numLayers(), layer, new RmsNormOption(1e-6))
                        .withScorePosition(shifting(config)));
    }

    static RotaryPositionOption rotary(LengthConfig config) {
        int size = config.model().dim() / config.model().numHeads();
        return new RotaryPositionOption(ROTARY_BASE, size, false);
    }

    private EmbeddingPosition added(LengthConfig config) {
        return switch (this) {
            case SINUSOIDAL -> new SinusoidalPositionOption();
            case LEARNED -> new LearnedPositionOption(config.training().length());
            default -> null;
        };
    }

    private ScorePosition shifting(LengthConfig config) {
        int heads = config.model().numHeads();
        return switch (this) {
            case ALIBI -> new AlibiPositionOption(heads);
            case RELATIVE -> new RelativePositionOption(heads, 32, 128, false);
            default -> null;
        };
    }
}
