package org.jzoo.examples.recipe;

import ai.djl.Device;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.training.tuning.Tuning;

/**
 * A pretrained encoder tuned on a GLUE task, which smaller models learn from.
 *
 * @param model a pretrained model's name
 * @param task of GLUE
 * @param maxLength of a text, in tokens
 * @param seed of weights, order and dropout
 */
public record GlueTeacher(String model, GlueTask task, int maxLength, long seed) {

    private static final double RATE = 1e-4;

    /** Passes over the training data: small tasks need more. */
    public int epochs() {
        return switch (task) {
            case RTE -> 10;
            case MRPC, STSB -> 6;
            case COLA -> 5;
            default -> 2;
        };
    }

    /** Tunes all weights; the caller closes the result. */
    public FineTuned tune(TextData data, Device device, Precision precision) throws Exception {
        FineTuneConfig tuning =
                FineTuneConfig.builder()
                        .optModel(model)
                        .optTuning(Tuning.full())
                        .optEpochs(epochs())
                        .optBatchSize(task == GlueTask.SST2 ? 64 : 32)
                        .optMaxLength(maxLength)
                        .optLearningRate(RATE)
                        .optSeed(seed)
                        .optDevice(device)
                        .optPrecision(precision)
                        .build();
        return new FineTune(tuning, data).run();
    }
}
