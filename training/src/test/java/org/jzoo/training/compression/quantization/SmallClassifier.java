package org.jzoo.training.compression.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.ModelEvaluation;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;

/** (B, 8) correlated features to 3 classes: a feed-forward of width 12 and a head. */
final class SmallClassifier extends Part {

    /** Standard deviation of a feature's own noise: classes are apart. */
    private static final double APART = 0.3;

    /** With this they overlap, so that every weight counts. */
    static final double OVERLAPPING = 1.5;

    private final double noise;

    private SmallClassifier(double noise) {
        this.noise = noise;
        child("body", new DenseFeedForwardOption(12, Activation.GELU, true, 0).create(8));
        child("head", new Linear(8, 3, true));
    }

    static SmallClassifier trained(NDManager manager, int steps) {
        return trained(manager, steps, APART);
    }

    static SmallClassifier trained(NDManager manager, int steps, double noise) {
        SmallClassifier model = new SmallClassifier(noise);
        PyTorch.seed(5);
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
        if (steps > 0) {
            model.train(manager, steps);
        }
        return model;
    }

    void train(NDManager manager, int steps) {
        TrainingLoop.builder()
                .setModel(this)
                .setLoss(new CrossEntropy())
                .setBatches(batches(noise))
                .setConfig(TrainingConfig.builder().optSteps(steps).build())
                .setOptimizer(AdamWConfig.builder().setLearningRate(2e-2).build())
                .build()
                .run();
    }

    double loss(NDManager manager) {
        return new ModelEvaluation(batches(noise), new CrossEntropy())
                .evaluate(this, Precision.FLOAT32)
                .get("loss");
    }

    /** Two batches of 48 rows. */
    static Batches batches() {
        return batches(APART);
    }

    private static Batches batches(double noise) {
        return new Batches() {
            @Override
            public int size(int epoch) {
                return 2;
            }

            @Override
            public TrainingBatch batch(int epoch, int index, NDManager owner) {
                Random random = new Random(11 + index);
                float[] x = new float[48 * 8];
                long[] labels = new long[48];
                for (int r = 0; r < 48; r++) {
                    labels[r] = r % 3;
                    double common = random.nextGaussian();
                    for (int c = 0; c < 8; c++) {
                        double centre = c % 3 == labels[r] ? 1.5 : 0;
                        double factor = c == 2 ? 6 : 1;
                        x[r * 8 + c] =
                                (float)
                                        (factor
                                                * (centre
                                                        + 0.8 * common
                                                        + noise * random.nextGaussian()));
                    }
                }
                return TrainingBatch.builder()
                        .setInputs(new NDList(owner.create(x, new Shape(48, 8))))
                        .optLabels(new NDList(owner.create(labels)))
                        .setExamples(48)
                        .build();
            }
        };
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray hidden = pass.run(part("body"), inputs.singletonOrThrow());
        return list(pass.run(part("head"), hidden));
    }
}
