package org.jzoo.examples.recipe;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.adapter.LoraConfig;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.Regularization;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.training.report.GpuMemory;
import org.jzoo.training.tuning.LoraTuning;
import org.jzoo.training.tuning.Tuning;

/**
 * One fine-tuning on one GLUE task, judged once on the development set after the last epoch: no
 * choice is made by it.
 *
 * @param model a pretrained model's name
 * @param task the GLUE task
 * @param tuning "full" or "lora"
 * @param regularization what keeps it from learning texts by heart
 * @param seed of weights, order and dropout
 */
public record GlueRun(
        String model, GlueTask task, String tuning, Regularization regularization, long seed) {

    private static final int LORA_RANK = 6;
    private static final int BATCH = 32;
    private static final int MAX_LENGTH = 128;

    /**
     * What comes of a run: the run, its numbers and the metrics on the development set.
     *
     * @param seconds of training
     * @param tokensPerSecond of texts, special tokens included, padding not
     * @param gpuMegabytes that the process held of the card when it ended, which is the most it
     *     needed; null on CPU and where the driver does not say
     */
    public record Figures(
            String model,
            String task,
            String tuning,
            Regularization regularization,
            long seed,
            int epochs,
            int batchSize,
            double learningRate,
            double layerDecay,
            String parameters,
            String device,
            String precision,
            double seconds,
            double tokensPerSecond,
            Double gpuMegabytes,
            Map<String, Double> metrics) {

        /** Validates; lines of older runs name no regularization: they had none. */
        public Figures {
            regularization = regularization == null ? Regularization.NONE : regularization;
        }
    }

    /** Passes over the training data: small tasks need more. */
    public int epochs() {
        return switch (task) {
            case RTE, WNLI -> 10;
            case MRPC, STSB -> 6;
            case COLA -> 5;
            default -> 3;
        };
    }

    /** The highest learning rate. */
    public double learningRate() {
        return tuning.equals("lora") ? 1e-3 : 1e-4;
    }

    /** Factor of the rate from a layer to the one below it. */
    public double layerDecay() {
        return 1;
    }

    private Tuning what() {
        return switch (tuning) {
            case "full" -> Tuning.full();
            case "lora" ->
                    new LoraTuning(
                            new LoraConfig(LORA_RANK, 2.0 * LORA_RANK, 0.05, false),
                            LoraTuning.ALL_LINEAR,
                            List.of(Tuning.HEAD),
                            null);
            default ->
                    throw new IllegalArgumentException(
                            "tuning must be full or lora, got tuning=" + tuning);
        };
    }

    /** Runs, with GLUE's folders below {@code glue}. */
    public Figures run(Path glue, Device device, Precision precision) throws Exception {
        FineTuneConfig config =
                FineTuneConfig.builder()
                        .optModel(model)
                        .optTuning(what())
                        .optEpochs(epochs())
                        .optBatchSize(BATCH)
                        .optMaxLength(MAX_LENGTH)
                        .optLearningRate(learningRate())
                        .optLayerDecay(layerDecay())
                        .optRegularization(regularization)
                        .optSeed(seed)
                        .optDevice(device)
                        .optPrecision(precision)
                        .build();
        TextData data = GlueTexts.of(glue, task, Long.MAX_VALUE);
        try (FineTuned tuned = new FineTune(config, data).run()) {
            return new Figures(
                    model,
                    task.folder(),
                    tuning,
                    regularization,
                    seed,
                    epochs(),
                    BATCH,
                    learningRate(),
                    layerDecay(),
                    tuned.parameters(),
                    device.toString(),
                    label(device, precision),
                    tuned.training().seconds(),
                    tuned.training().tokensPerSecond(),
                    new GpuMemory().held(device).map(held -> held.bytes() / 1e6).orElse(null),
                    tuned.test());
        }
    }

    /**
     * How tables call a precision. On CUDA a variable lets float32 products run on tensor cores,
     * with 10 bits of mantissa.
     */
    public static String label(Device device, Precision precision) {
        boolean tensorFloat = "1".equals(System.getenv("TORCH_ALLOW_TF32_CUBLAS_OVERRIDE"));
        return device.isGpu() && tensorFloat && precision == Precision.FLOAT32
                ? "TF32"
                : precision.name();
    }
}
