package org.jzoo.zoo.lxmert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.zoo.testing.GoldenCheck;

class LxmertTest {

    private static final int B = 2;
    private static final int T = 20;
    private static final int N = 9;
    private static final int DIM = 32;

    private static NDArray run(GoldenCheck golden, boolean training, NDArray... inputs) {
        ParameterStore store = new ParameterStore(inputs[0].getManager(), false);
        return golden.block().forward(store, new NDList(inputs), training).singletonOrThrow();
    }

    @Test
    void outputsAndGradientsEqualThePublishedImplementation() throws Exception {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            GoldenCheck golden = new GoldenCheck("lxmert", new RegionTextTask(), manager);
            NDArray y =
                    run(
                            golden,
                            true,
                            golden.input("input_ids"),
                            golden.input("visual_feats"),
                            golden.input("visual_pos"));
            assertEquals(new Shape(B, 1 + T + N, DIM), y.getShape());
            NDArray language = FusionKernel.part(y, 1, T);
            golden.assertOutput("language_output", language, 1e-5);
            golden.assertOutput("vision_output", FusionKernel.part(y, 1 + T, N), 1e-5);
            golden.assertOutput("pooled_output", FusionKernel.part(y, 0, 1).squeeze(1), 1e-5);
            GradientMode.backward(language, golden.output("cotangent"));
            // There, the first row of positions and of types counts as padding, which never learns.
            for (String table : new String[] {"text.positions.weight", "text.types.weight"}) {
                clearFirstRow(ParameterPaths.of(golden.block()).get(table).getArray());
            }
            golden.assertGradients();
        }
    }

    private static void clearFirstRow(NDArray table) {
        NDArray gradient = table.getGradient();
        float[] values = gradient.toFloatArray();
        Arrays.fill(values, 0, DIM, 0);
        gradient.set(values);
    }

    @Test
    void masksHideTokensAndRegions() throws Exception {
        try (NDManager manager = PyTorch.newBaseManager()) {
            GoldenCheck golden = new GoldenCheck("lxmert", new RegionTextTask(), manager);
            NDArray ids = golden.input("input_ids");
            NDArray features = golden.input("visual_feats");
            NDArray boxes = golden.input("visual_pos");
            NDArray whole =
                    run(
                            golden,
                            false,
                            ids.get(":, :17"),
                            features.get(":, :6"),
                            boxes.get(":, :6"));
            NDArray padded =
                    run(
                            golden,
                            false,
                            ids,
                            mask(manager, T, 17),
                            features,
                            boxes,
                            mask(manager, N, 6));
            NDArray kept =
                    FusionKernel.joinMasks(
                            FusionKernel.part(padded, 0, 1 + 17),
                            FusionKernel.part(padded, 1 + T, 6));
            float difference = whole.sub(kept).abs().max().getFloat();
            assertEquals(0, difference, 1e-5);
        }
    }

    private static NDArray mask(NDManager manager, int length, int kept) {
        boolean[] values = new boolean[B * length];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % length < kept;
        }
        return manager.create(values, new Shape(B, length));
    }

    @Test
    void rejectsWhatLacksPlaces() throws Exception {
        try (NDManager manager = PyTorch.newBaseManager()) {
            GoldenCheck golden = new GoldenCheck("lxmert", new RegionTextTask(), manager);
            NDArray ids = golden.input("input_ids");
            NDArray features = golden.input("visual_feats");
            IllegalArgumentException e =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> run(golden, false, ids, features));
            assertEquals(
                    "inputs must be ids, a mask if there is one, features, places and a mask if"
                            + " there is one, got 2 arrays",
                    e.getMessage());
        }
    }
}
