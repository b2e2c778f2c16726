package org.jzoo.examples.length;

import java.util.Locale;
import org.jzoo.blocks.attention.ForgetGate;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.norm.RmsNormOption;
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
    FORGETTING_ROTARY;

    private static final double ROTARY_BASE = 10_000;
    private static final double GATE_BIAS = 5;

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
    CharacterModel model(LengthConfig config) {
        return model(config, rotary(config));
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
                        new GatedFeedForwardOption(
                                (sizes.dim() * 8 / 3 + 31) / 32 * 32, Activation.SILU, false, 0),
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
