package org.jzoo.training.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;

/** Thirty steps of transformers' BertForSequenceClassification with torch's AdamW. */
final class TrainAdamWGoldenTest {

    private static final double RELATIVE = 1e-4;
    private static final GoldenTensors MODEL = golden("model");
    private static final GoldenTensors INPUTS = golden("inputs");
    private static final GoldenTensors OUTPUTS = golden("outputs");

    private static GoldenTensors golden(String file) {
        return new GoldenTensors("/golden/train-adamw/" + file + ".safetensors");
    }

    @ParameterizedTest
    @CsvSource({"1, 8, false", "2, 4, false", "1, 8, true", "4, 2, true"})
    void thirtyStepsEqualTheReference(int accumulation, int batchSize, boolean checkpointing) {
        List<StepReport> steps = new ArrayList<>();
        try (NDManager manager = PyTorch.newBaseManager()) {
            TinyBert model = new TinyBert(new TinyBert.Sizes(97, 32, 4, 96, 2, 64, 3), 0);
            model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
            Map<String, NDArray> parameters = Trainables.all(model);
            int loaded = 0;
            for (String name : MODEL.names()) {
                set(parameters.get(ours(name)), MODEL.floats(name));
                loaded++;
            }
            assertEquals(parameters.size(), loaded);
            TrainingLoop.builder()
                    .setModel(model)
                    .setLoss(new CrossEntropy())
                    .setBatches(rows(batchSize))
                    .setConfig(
                            TrainingConfig.builder()
                                    .optSteps(30)
                                    .optAccumulation(accumulation)
                                    .optActivationCheckpointing(checkpointing)
                                    .build())
                    .setOptimizer(
                            AdamWConfig.builder()
                                    .setLearningRate(1e-3)
                                    .optBetas(0.9, 0.98)
                                    .optWeightDecay(0.1)
                                    .optNoDecay(List.of())
                                    .build())
                    .optSchedule(Schedule.cosine().withWarmupSteps(5))
                    .optCallback(
                            new TrainingCallback() {
                                @Override
                                public void onStep(StepReport step) {
                                    steps.add(step);
                                }
                            })
                    .build()
                    .run();
            assertSeries("losses", steps.stream().mapToDouble(StepReport::loss).toArray());
            assertSeries(
                    "grad_norms", steps.stream().mapToDouble(StepReport::gradientNorm).toArray());
            assertSeries(
                    "learning_rates",
                    steps.stream().mapToDouble(StepReport::learningRate).toArray());
            for (String name : MODEL.names()) {
                assertSame(
                        name,
                        OUTPUTS.floats("final." + name),
                        parameters.get(ours(name)).toFloatArray());
            }
        }
    }

    private static Rows rows(int batchSize) {
        long[] flat = INPUTS.longs("input_ids");
        long[] labels = INPUTS.longs("labels");
        long[][] ids = new long[labels.length][];
        int length = flat.length / labels.length;
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Arrays.copyOfRange(flat, i * length, (i + 1) * length);
        }
        return new Rows(ids, labels, batchSize, null);
    }

    private static void set(NDArray parameter, float[] values) {
        try (GradientMode off = GradientMode.off();
                NDArray source = parameter.getManager().create(values, parameter.getShape())) {
            OptimizerKernel.copy(new NDArray[] {source}, new NDArray[] {parameter});
        }
    }

    private static void assertSeries(String name, double[] actual) {
        float[] expected = OUTPUTS.floats(name);
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(
                    expected[i],
                    actual[i],
                    RELATIVE * Math.abs(expected[i]) + 1e-12,
                    name + " of step " + (i + 1));
        }
    }

    // Relative to the array's largest element: single elements near zero have no digits to lose. A
    // key's bias adds the same to all scores of a query, which softmax does not see: its gradient
    // is rounding noise, and Adam makes steps of full size from it.
    private static void assertSame(String name, float[] expected, float[] actual) {
        double tolerance = name.endsWith("key.bias") ? 1e-3 : RELATIVE;
        double scale = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            scale = Math.max(scale, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
        }
        assertTrue(
                difference <= tolerance * scale,
                "%s differs by %g where its largest element is %g"
                        .formatted(name, difference, scale));
    }

    private static String ours(String name) {
        return name.replace("bert.embeddings.word_embeddings", "tokens")
                .replace("bert.embeddings.token_type_embeddings", "types")
                .replace("bert.embeddings.position_embeddings", "positions")
                .replace("bert.embeddings.LayerNorm", "norm")
                .replace("bert.encoder.layer.", "body.layers.")
                .replace("attention.self", "mixer")
                .replace("attention.output.dense", "mixer.output")
                .replace("attention.output.LayerNorm", "mixerNorm")
                .replace("intermediate.dense", "feedForward.up")
                .replace("output.LayerNorm", "feedForwardNorm")
                .replace("output.dense", "feedForward.down")
                .replace("bert.pooler.dense", "pooler");
    }
}
