package org.jzoo.training.compression.pruning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.ModelEvaluation;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loss.CrossEntropy;

final class ImportanceTest {

    private static final CutModel.Inputs INPUTS = new CutModel.Inputs(true);

    // The loss of the first batch alone: one of a set that has only that batch would be the same.
    private static double loss(CutModel model) {
        return new ModelEvaluation(new First(INPUTS), new CrossEntropy())
                .evaluate(model, Precision.FLOAT32)
                .get("loss");
    }

    private record First(CutModel.Inputs all) implements Batches {
        @Override
        public int size(int epoch) {
            return 1;
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager manager) {
            return all.batch(epoch, index, manager);
        }
    }

    private static double derivative(CutModel model, NDArray weight, int from, int to) {
        float[] before = weight.toFloatArray();
        double step = 1e-2;
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
            float[] scaled = before.clone();
            int columns = (int) weight.getShape().get(1);
            for (int i = 0; i < scaled.length; i++) {
                if (i % columns >= from && i % columns < to) {
                    scaled[i] *= (float) (1 + (side == 0 ? step : -step));
                }
            }
            CutModel.write(weight, scaled);
            losses[side] = loss(model);
        }
        CutModel.write(weight, before);
        return Math.abs((losses[0] - losses[1]) / (2 * step));
    }

    @Test
    void importanceIsTheDerivativeByAFactorOnWhatAPartGives() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            CutModel model = CutModel.random(CutModel.whole(false), 3, manager);
            StackImportance found = new FirstOrder(new CrossEntropy(), INPUTS, 1).of(model);
            for (int l = 0; l < 3; l++) {
                NDArray output = model.weight("stack.layers." + l + ".mixer.output.weight");
                NDArray down = model.weight("stack.layers." + l + ".feedForward.down.weight");
                for (int h = 0; h < 3; h++) {
                    assertEquals(
                            derivative(model, output, 2 * h, 2 * h + 2), found.heads()[l][h], 2e-4);
                }
                for (int c = 0; c < 7; c++) {
                    assertEquals(derivative(model, down, c, c + 1), found.channels()[l][c], 2e-4);
                }
                assertEquals(
                        derivative(model, output, 0, 6) + derivative(model, down, 0, 7),
                        found.layers()[l],
                        4e-4);
            }
        }
    }

    @Test
    void measuringLeavesTheModelAsItWas() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            CutModel model = CutModel.random(CutModel.whole(false), 3, manager);
            float[] before = model.run(manager);
            ParameterPaths.of(model).get("head.bias").freeze(true);
            new FirstOrder(new CrossEntropy(), INPUTS, 2).of(model);
            assertArrayEquals(before, model.run(manager));
            ParameterPaths.of(model)
                    .forEach(
                            (path, p) ->
                                    assertEquals(
                                            p.requiresGradient(),
                                            p.getArray().hasGradient(),
                                            path));
        }
    }

    @Test
    void variancesLeaveOutPaddingAndChannelsThatAreConstant() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            CutModel model = CutModel.random(CutModel.whole(false), 3, manager);
            NDArray up = model.weight("stack.layers.1.feedForward.up.weight");
            float[] values = up.toFloatArray();
            for (int d = 0; d < CutModel.DIM; d++) {
                values[4 * CutModel.DIM + d] = 0; // channel 4 sees its bias only
            }
            CutModel.write(up, values);
            double[][] padded = new ChannelVariance(INPUTS, 9).of(model);
            double[][] plain = new ChannelVariance(new CutModel.Inputs(false), 9).of(model);
            assertEquals(0, padded[1][4], 1e-9);
            for (int l = 0; l < 3; l++) {
                assertArrayEquals(plain[l], padded[l], 1e-5);
            }
            assertTrue(plain[1][3] > 1e-4);
        }
    }
}
