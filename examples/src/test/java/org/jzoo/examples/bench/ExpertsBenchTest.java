package org.jzoo.examples.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.ExpertKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.report.ResultsFile;

class ExpertsBenchTest {

    private static final int E = 3;
    private static final int D = 4;
    private static final int F = 5;

    @Test
    void theTextbookLoopsComputeTheSameWithTheSameGradients() {
        List<List<float[]>> found = new ArrayList<>();
        for (int which = 0; which < 3; which++) {
            try (NDManager m = PyTorch.newBaseManager();
                    GradientMode on = GradientMode.on()) {
                PyTorch.seed(3);
                NDArray x = m.randomNormal(new Shape(2, 3, D));
                NDArray weights = m.randomUniform(0, 1, new Shape(2, 6));
                NDArray up = m.randomNormal(new Shape(E, F, D));
                NDArray down = m.randomNormal(new Shape(E, D, F));
                NDArray experts =
                        m.create(new long[] {0, 1, 2, 0, 1, 0, 2, 0, 1, 1, 2, 2}, new Shape(2, 6));
                List.of(x, weights, up, down).forEach(a -> a.setRequiresGradient(true));
                ExpertKernel.Maps maps = new ExpertKernel.Maps(up, null, null, null, down, null);
                TextbookExperts textbook = new TextbookExperts(maps, Precision.FLOAT32);
                NDArray y =
                        switch (which) {
                            case 0 ->
                                    ExpertKernel.apply(
                                            x,
                                            weights,
                                            experts,
                                            maps,
                                            new ExpertKernel.Mode("gelu", 0, Precision.FLOAT32));
                            case 1 -> textbook.everyToken(x, weights, experts);
                            default -> textbook.chosenTokens(x, weights, experts);
                        };
                GradientMode.backward(y, m.arange(24f).reshape(2, 3, D));
                List<float[]> all = new ArrayList<>(List.of(y.toFloatArray()));
                List.of(x, weights, up, down).forEach(a -> all.add(a.getGradient().toFloatArray()));
                found.add(all);
            }
        }
        for (int i = 0; i < found.get(0).size(); i++) {
            assertArrayEquals(found.get(0).get(i), found.get(1).get(i), 1e-3f);
            assertArrayEquals(found.get(0).get(i), found.get(2).get(i), 1e-3f);
        }
    }

    @Test
    void everyCandidateIsTimedInBothPrecisions() {
        List<String> lines = new ArrayList<>();
        List<ExpertsBench.Row> rows =
                new ExpertsBench(
                                new ExpertsBench.Config(24, 8, 12, 4, 2, 2, 1, Device.cpu()),
                                lines::add)
                        .run();
        assertEquals(6, lines.size());
        assertEquals(8, rows.size());
        for (ExpertsBench.Row row : rows) {
            assertEquals(2, row.forward().size());
            assertTrue(row.medianForward() > 0 && row.medianBackward() > 0);
        }
        ResultsFile file = BenchTables.experts("bench-experts", "jzoo bench experts", rows);
        assertEquals(1, file.rows().get(0).summary("of dense").orElseThrow().mean());
        assertEquals(1, file.rows().get(5).summary("of ours").orElseThrow().mean());
        assertEquals("bfloat16", file.rows().get(5).labels().get("precision"));
    }

    @Test
    void ratiosArePairedByTurn() {
        ExpertsBench.Row slow =
                new ExpertsBench.Row(
                        Precision.FLOAT32, "a", List.of(2.0, 20.0, 3.0), List.of(2.0, 20.0, 3.0));
        ExpertsBench.Row fast =
                new ExpertsBench.Row(
                        Precision.FLOAT32, "b", List.of(1.0, 10.0, 1.0), List.of(1.0, 10.0, 1.0));
        assertEquals(2, slow.timesOf(fast));
    }

    @Test
    void badConfigurationsAreRefused() {
        assertEquals(
                "topK must be in [2, numExperts], got topK=2, numExperts=1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new ExpertsBench.Config(1, 1, 1, 1, 2, 1, 0, Device.cpu()))
                        .getMessage());
        assertEquals(
                "tokens, dim, width and rounds must be >= 1 and warmups >= 0, got tokens=0, dim=1,"
                        + " width=1, rounds=1, warmups=0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new ExpertsBench.Config(0, 1, 1, 2, 2, 1, 0, Device.cpu()))
                        .getMessage());
    }
}
