package org.jzoo.zoo.llama;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.huggingface.HuggingFaceDecoder;

/**
 * Reads the configurations of Llama and of decoders built like it: grouped queries with rotary
 * positions, RMS norms before each branch, a gated feed-forward. What differs is said beforehand.
 */
public final class LlamaReading {

    private final HuggingFaceConfig config;
    private boolean bias;
    private boolean outputBias;
    private boolean feedForwardBias;
    private double rotaryBase = 10_000;
    private IntUnaryOperator windowOfLayer = l -> 0;
    private FeedForwardOption feedForward;

    /** Starts to read. */
    public LlamaReading(HuggingFaceConfig config) {
        this.config = config;
    }

    /** With these biases: of queries, keys and values; of the attention's output. */
    public LlamaReading withBias(boolean inputs, boolean output) {
        bias = inputs;
        outputBias = output;
        return this;
    }

    /** With biases in the feed-forward. */
    public LlamaReading withFeedForwardBias(boolean value) {
        feedForwardBias = value;
        return this;
    }

    /** With this base of rotary positions where none is given. */
    public LlamaReading withRotaryBase(double base) {
        rotaryBase = base;
        return this;
    }

    /** With layers that see so many positions; 0 for all. */
    public LlamaReading withWindows(IntUnaryOperator windows) {
        windowOfLayer = windows;
        return this;
    }

    /** With this feed-forward in the place of the gated one. */
    public LlamaReading withFeedForward(FeedForwardOption option) {
        feedForward = option;
        return this;
    }

    /**
     * Reads, and ends the reading.
     *
     * @throws IllegalArgumentException if the configuration asks for something unsupported
     */
    public DecoderConfig read() {
        int vocabularySize = config.integer("vocab_size");
        int maxLength = config.integer("max_position_embeddings", 2048);
        int dim = config.integer("hidden_size");
        // Sums in another order, not other sums.
        config.ignore("pretraining_tp");
        RmsNormOption norm = new RmsNormOption(config.number("rms_norm_eps", 1e-6));
        DecoderConfig decoder =
                DecoderConfig.builder()
                        .setVocabularySize(vocabularySize)
                        .setMaxLength(maxLength)
                        .setStack(
                                new TransformerConfig(
                                        dim, layers(dim, maxLength, norm), norm, null))
                        .optPadding(HuggingFaceDecoder.padding(config, vocabularySize), false)
                        .optTiedOutput(config.flag("tie_word_embeddings", false))
                        .build();
        config.rejectUnread();
        return decoder;
    }

    private List<LayerConfig> layers(int dim, int maxLength, RmsNormOption norm) {
        int numHeads = config.integer("num_attention_heads");
        int headSize = config.integer("head_dim", dim / numHeads);
        RotaryPositionOption rotary =
                HuggingFaceDecoder.rotary(config, headSize, rotaryBase, maxLength);
        int numKeyHeads = config.integer("num_key_value_heads", numHeads);
        double dropout = config.number("attention_dropout", 0);
        FeedForwardOption inner = feedForward == null ? gated() : feedForward;
        List<LayerConfig> layers = new ArrayList<>();
        for (int l = 0; l < config.integer("num_hidden_layers"); l++) {
            SelfAttentionOption attention =
                    SelfAttentionOption.builder()
                            .setHeads(numHeads, numHeads * headSize)
                            .optNumKeyHeads(numKeyHeads)
                            .optBias(bias, outputBias)
                            .optCausal(true)
                            .optDropout(dropout)
                            .optPosition(rotary)
                            .optWindow(windowOfLayer.applyAsInt(l))
                            .build();
            layers.add(new LayerConfig(attention, inner, norm, NormPlacement.PRE, 0));
        }
        return layers;
    }

    private GatedFeedForwardOption gated() {
        return new GatedFeedForwardOption(
                config.integer("intermediate_size"),
                config.activation("hidden_act", Activation.SILU),
                feedForwardBias,
                0);
    }
}
