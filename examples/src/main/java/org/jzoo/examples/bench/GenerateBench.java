package org.jzoo.examples.bench;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.decoder.LanguageModel;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.Generator;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.CausalLanguageTask;

/**
 * How fast a Llama-shaped decoder of 110 M random weights goes on, with a cache and without, for
 * one row and eight, in float32 and bfloat16. Reading the prompt counts.
 */
public final class GenerateBench {

    private static final int VOCABULARY = 32_000;
    private static final int DIM = 768;
    private static final int NUM_LAYERS = 12;
    private static final int NUM_HEADS = 12;
    private static final int WIDTH = 2048;
    private static final int[] ROWS = {1, 8};

    /**
     * What is measured.
     *
     * @param promptLength tokens of a prompt, at least 1
     * @param newTokens tokens to add, at least 2
     * @param rounds measured calls, of which the median counts, at least 1
     * @param device where
     */
    public record Config(int promptLength, int newTokens, int rounds, Device device) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a component is out of its range
         */
        public Config {
            if (promptLength < 1 || newTokens < 2 || rounds < 1) {
                throw new IllegalArgumentException(
                        "promptLength and rounds must be >= 1 and newTokens >= 2, got promptLength=%d, newTokens=%d, rounds=%d"
                                .formatted(promptLength, newTokens, rounds));
            }
        }
    }

    /**
     * One measurement.
     *
     * @param rows of the batch
     * @param precision of matrix products
     * @param cached new tokens a second, all rows together, with a cache
     * @param uncached the same without
     */
    public record Row(int rows, Precision precision, double cached, double uncached) {}

    private final Config config;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param progress told a line per measurement
     */
    public GenerateBench(Config config, Consumer<String> progress) {
        this.config = config;
        this.progress = progress;
    }

    /** The decoder's numbers: 109,529,856 weights. */
    static DecoderConfig decoder(int maxLength) {
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(NUM_HEADS, DIM)
                                .optBias(false, false)
                                .optCausal(true)
                                .optPosition(
                                        new RotaryPositionOption(10_000, DIM / NUM_HEADS, false))
                                .build(),
                        new GatedFeedForwardOption(WIDTH, Activation.SILU, false, 0),
                        new RmsNormOption(1e-6),
                        NormPlacement.PRE,
                        0);
        return DecoderConfig.builder()
                .setVocabularySize(VOCABULARY)
                .setMaxLength(maxLength)
                .setStack(
                        TransformerConfig.uniform(DIM, NUM_LAYERS, layer, new RmsNormOption(1e-6)))
                .optTiedOutput(true)
                .build();
    }

    /** Measures every number of rows in every precision. */
    public List<Row> run() {
        ModelConfig model =
                ModelConfig.of(
                        "llama",
                        decoder(config.promptLength() + config.newTokens()),
                        new CausalLanguageTask(List.of()));
        List<Row> results = new ArrayList<>();
        try (LoadedModel loaded = LoadedModel.fresh("generate", model, null, 1, config.device())) {
            for (int rows : ROWS) {
                for (Precision precision : Precision.values()) {
                    double cached = measure(loaded, rows, precision, true);
                    double uncached = measure(loaded, rows, precision, false);
                    results.add(new Row(rows, precision, cached, uncached));
                    progress.accept(
                            "%d rows, %s: %.1f tokens/s with a cache, %.1f without"
                                    .formatted(rows, precision, cached, uncached));
                }
            }
        }
        return results;
    }

    private double measure(LoadedModel model, int rows, Precision precision, boolean cached) {
        Generator generator =
                new Generator(
                        ((LanguageModel) model.block()).decoder(),
                        List.of(),
                        GenerationConfig.builder()
                                .optMaxNewTokens(config.newTokens())
                                .optPrecision(precision)
                                .optCached(cached)
                                .build());
        List<long[]> prompts = new ArrayList<>();
        Random random = new Random(7);
        for (int b = 0; b < rows; b++) {
            prompts.add(random.longs(config.promptLength(), 0, VOCABULARY).toArray());
        }
        double[] seconds = new double[config.rounds()];
        for (int round = -1; round < seconds.length; round++) {
            long start = System.nanoTime();
            // The first call warms up: two tokens run all there is to run.
            int[] heard = {0};
            int enough = round < 0 ? rows + 1 : Integer.MAX_VALUE;
            generator.generate(model.manager(), prompts, (row, token) -> ++heard[0] < enough);
            if (round >= 0) {
                seconds[round] = (System.nanoTime() - start) / 1e9;
            }
        }
        Arrays.sort(seconds);
        return rows * config.newTokens() / seconds[seconds.length / 2];
    }
}
