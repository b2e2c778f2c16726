package org.jzoo.training.compression.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PostTrainingKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.CodebookCode;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.training.loss.CrossEntropy;

class PostTrainingTest {

    private static final WeightGrid THREE_BITS = WeightGrid.perChannel(3).asymmetric();

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private byte[] gptq(float[] weights, double[] second, boolean ordered) {
        int n = weights.length;
        try (GradientMode off = GradientMode.off()) {
            return PostTrainingKernel.gptq(
                            manager.create(weights, new Shape(1, n)),
                            manager.ones(new Shape(1)),
                            manager.full(new Shape(1), 8f),
                            manager.create(second, new Shape(n, n)),
                            n,
                            15,
                            1e-12,
                            ordered)
                    .toByteArray();
        }
    }

    @Test
    void gptqMovesTheSecondColumnByHand() {
        // Inverse (2 -1; -1 2)/3: the first column's 0.4 is lost, the second makes up for half of
        // it and rounds up from 0.6.
        assertArrayEquals(
                new byte[] {8, 9},
                gptq(new float[] {0.4f, 0.4f}, new double[] {2, 1, 1, 2}, false));
        // Without a correlation both round to nearest.
        assertArrayEquals(
                new byte[] {8, 8},
                gptq(new float[] {0.4f, 0.4f}, new double[] {2, 0, 0, 2}, false));
    }

    @Test
    void gptqTakesTheLargestInputsFirst() {
        double[] second = {2, 1, 1, 4};
        float[] weights = {0.45f, 0.45f};
        assertArrayEquals(new byte[] {8, 9}, gptq(weights, second, false));
        assertArrayEquals(new byte[] {9, 8}, gptq(weights, second, true));
    }

    @Test
    void gptqInBlocksEqualsGptqColumnByColumn() {
        int n = 130;
        Random random = new Random(3);
        double[][] x = new double[200][n];
        for (double[] row : x) {
            double common = random.nextGaussian();
            Arrays.setAll(row, c -> common + random.nextGaussian());
        }
        double[] second = new double[n * n];
        for (double[] row : x) {
            for (int i = 0; i < n * n; i++) {
                second[i] += row[i / n] * row[i % n];
            }
        }
        float[] weights = new float[n];
        for (int i = 0; i < n; i++) {
            weights[i] = (float) (3 * random.nextGaussian());
        }
        assertArrayEquals(columnByColumn(weights, second), gptq(weights, second, false));
    }

    // The textbook form: Optimal Brain Surgeon's step after each column, its inverse downdated.
    private byte[] columnByColumn(float[] weights, double[] second) {
        int n = weights.length;
        double[][] inverse = inverse(second, n);
        double[] w = new double[n];
        Arrays.setAll(w, i -> weights[i]);
        byte[] codes = new byte[n];
        for (int j = 0; j < n; j++) {
            double q = Math.min(15, Math.max(0, Math.rint(w[j]) + 8));
            codes[j] = (byte) q;
            double error = (w[j] - (q - 8)) / inverse[j][j];
            double[] row = inverse[j].clone();
            for (int i = j; i < n; i++) {
                w[i] -= error * row[i];
                for (int k = j; k < n; k++) {
                    inverse[i][k] -= row[i] * row[k] / row[j];
                }
            }
        }
        return codes;
    }

    private static double[][] inverse(double[] matrix, int n) {
        double[][] a = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(matrix, i * n, a[i], 0, n);
            a[i][n + i] = 1;
        }
        for (int p = 0; p < n; p++) {
            double pivot = a[p][p];
            for (int c = 0; c < 2 * n; c++) {
                a[p][c] /= pivot;
            }
            for (int r = 0; r < n; r++) {
                double factor = a[r][p];
                for (int c = 0; r != p && c < 2 * n; c++) {
                    a[r][c] -= factor * a[p][c];
                }
            }
        }
        double[][] inverse = new double[n][];
        Arrays.setAll(inverse, i -> Arrays.copyOfRange(a[i], n, 2 * n));
        return inverse;
    }

    private Map<String, Double> errors(WeightMethod method) {
        SmallClassifier model = SmallClassifier.trained(manager, 60);
        return new PostTraining(method, List.of("*"))
                .apply(model, SmallClassifier.batches(), new CrossEntropy()).stream()
                        .collect(Collectors.toMap(MapReport::path, MapReport::outputError));
    }

    @Test
    void gptqAndAwqBeatRoundingOnCorrelatedInputs() {
        Map<String, Double> nearest = errors(new RoundToNearest(THREE_BITS));
        Map<String, Double> gptq = errors(Gptq.of(THREE_BITS));
        Map<String, Double> awq = errors(Awq.of(THREE_BITS));
        for (String path : List.of("body.up", "body.down", "head")) {
            String all =
                    "%s: %s %s %s"
                            .formatted(path, nearest.get(path), gptq.get(path), awq.get(path));
            assertTrue(gptq.get(path) < 0.7 * nearest.get(path), all);
            assertTrue(awq.get(path) < nearest.get(path), all);
        }
        assertTrue(awq.get("body.up") < 0.7 * nearest.get("body.up"));
    }

    @Test
    void codebooksAndProductCodesBeatAGridOfTheirBits() {
        Map<String, Double> grid = errors(new RoundToNearest(WeightGrid.perChannel(3)));
        Map<String, Double> codebook = errors(new SqueezeLlm(3, 0));
        Map<String, Double> product = errors(new ProductQuantization(2, 6, 1));
        for (String path : List.of("body.up", "body.down", "head")) {
            assertTrue(codebook.get(path) < grid.get(path), path);
            assertTrue(product.get(path) < grid.get(path), path);
        }
    }

    @Test
    void theReportTellsWhatTheModelComputesNow() {
        SmallClassifier model = SmallClassifier.trained(manager, 60);
        NDArray weight = ((Linear) model.part("head")).weight().getArray();
        List<MapReport> reports =
                new PostTraining(new RoundToNearest(WeightGrid.perChannel(4)), List.of("head"))
                        .apply(model, null, null);
        MapReport head = reports.get(0);
        // 8 columns of 4 bits, a scale and a bias for each of 3 rows.
        assertEquals(3 * (4 + 4 + 4), head.bytes());
        assertTrue(Double.isNaN(head.outputError()));
        NDArray packed = PackedMaps.of(model).get("head").weight();
        double difference = weight.sub(packed).pow(2).sum().getFloat();
        assertEquals(difference / weight.pow(2).sum().getFloat(), head.weightError(), 1e-6);
    }

    @Test
    void clustersAreTheBestThereAre() {
        Random random = new Random(5);
        for (int trial = 0; trial < 20; trial++) {
            double[] numbers = random.doubles(8, -1, 1).toArray();
            double[] weights = random.doubles(8, 0.1, 3).toArray();
            LineClusters clusters = LineClusters.of(numbers, weights, 3);
            double cost = 0;
            for (int i = 0; i < 8; i++) {
                double d = numbers[i] - clusters.centres()[clusters.codes()[i]];
                cost += weights[i] * d * d;
            }
            assertEquals(bestOfAll(numbers, weights), cost, 1e-9);
        }
    }

    // Every way to put 8 numbers into 3 clusters.
    private static double bestOfAll(double[] numbers, double[] weights) {
        double best = Double.POSITIVE_INFINITY;
        for (int way = 0; way < 6561; way++) {
            double[] w = new double[3];
            double[] first = new double[3];
            double second = 0;
            for (int i = 0, rest = way; i < 8; i++, rest /= 3) {
                w[rest % 3] += weights[i];
                first[rest % 3] += weights[i] * numbers[i];
                second += weights[i] * numbers[i] * numbers[i];
            }
            for (int c = 0; c < 3; c++) {
                second -= w[c] > 0 ? first[c] * first[c] / w[c] : 0;
            }
            best = Math.min(best, second);
        }
        return best;
    }

    @Test
    void manyClustersAndFewNumbersWork() {
        double[] numbers = new Random(1).doubles(500, -1, 1).toArray();
        double[] ones = new double[500];
        LineClusters clusters = LineClusters.of(numbers, ones, 128);
        for (int i = 0; i < 500; i++) {
            assertEquals(numbers[i], clusters.centres()[clusters.codes()[i]], 0.03);
        }
        LineClusters few = LineClusters.of(new double[] {3, 1}, new double[] {1, 1}, 4);
        assertArrayEquals(new double[] {1, 3, 3, 3}, few.centres());
        assertArrayEquals(new int[] {1, 0}, few.codes());
    }

    @Test
    void outliersStayExactly() {
        SmallClassifier model = SmallClassifier.trained(manager, 60);
        Linear up = (Linear) ((Part) model.part("body")).part("up");
        float[] before = up.weight().getArray().toFloatArray();
        new PostTraining(new SqueezeLlm(2, 0.1), List.of("*.up"))
                .apply(model, SmallClassifier.batches(), null);
        float[] after = PackedMaps.of(model).get("body.up").weight().toFloatArray();
        Integer[] order = new Integer[before.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Float.compare(Math.abs(before[b]), Math.abs(before[a])));
        int kept = ((CodebookCode) PackedMaps.of(model).get("body.up").code()).numOutliers();
        assertEquals(10, kept);
        for (int i = 0; i < kept; i++) {
            assertEquals(before[order[i]], after[order[i]]);
        }
    }

    @Test
    void calibrationLeavesNoTrace() {
        SmallClassifier model = SmallClassifier.trained(manager, 5);
        double before = model.loss(manager);
        new Calibration(model, SmallClassifier.batches(), manager)
                .of(PostTraining.candidates(model), new CrossEntropy());
        assertEquals(before, model.loss(manager));
        assertEquals(3, PostTraining.candidates(model).size());
    }

    @Test
    void calibrationSumsWhatMapsAreGiven() {
        SmallClassifier model = SmallClassifier.trained(manager, 0);
        InputStatistics statistics =
                new Calibration(model, SmallClassifier.batches(), manager)
                        .of(java.util.Set.of("body.up"), null)
                        .get("body.up");
        double[] second = new double[64];
        double[] magnitude = new double[8];
        for (int b = 0; b < 2; b++) {
            float[] x =
                    SmallClassifier.batches().batch(0, b, manager).inputs().get(0).toFloatArray();
            for (int i = 0; i < x.length; i++) {
                magnitude[i % 8] += Math.abs(x[i]);
                for (int c = 0; c < 8; c++) {
                    second[i % 8 * 8 + c] += (double) x[i] * x[i / 8 * 8 + c];
                }
            }
        }
        assertArrayEquals(second, statistics.second().toDoubleArray(), 1e-6);
        assertArrayEquals(magnitude, statistics.magnitude().toDoubleArray(), 1e-6);
    }

    @Test
    void whatCannotBeDoneIsRefused() {
        SmallClassifier model = SmallClassifier.trained(manager, 0);
        assertEquals(
                "texts must be given for this method, got method=" + Gptq.of(THREE_BITS),
                message(
                        () ->
                                new PostTraining(Gptq.of(THREE_BITS), List.of("*"))
                                        .apply(model, null, null)));
        assertEquals(
                "body.up: groupSize must divide In, got groupSize=5, In=8",
                message(
                        () ->
                                new PostTraining(
                                                new RoundToNearest(WeightGrid.perGroup(4, 5)),
                                                List.of("*.up"))
                                        .apply(model, null, null)));
        assertEquals(
                "damping must be in (0, 1], got damping=0.0",
                message(() -> new Gptq(THREE_BITS, 0, true)));
        assertEquals("steps must be >= 1, got steps=0", message(() -> new Awq(THREE_BITS, 0)));
        assertEquals(
                "outlierShare must be in [0, 0.1], got outlierShare=0.5",
                message(() -> new SqueezeLlm(4, 0.5)));
    }

    private static String message(org.junit.jupiter.api.function.Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
