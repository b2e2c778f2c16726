package org.jzoo.blocks.packed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.NormKernel;
import org.jzoo.blocks.kernel.Processor;
import org.jzoo.blocks.kernel.PyTorch;

class PackedEncoderTest {

    private static final int WORDS = 53;
    private static final int POSITIONS = 41;
    private static final int TYPES = 2;
    private static final int DIM = 48;
    private static final int HEADS = 3;
    private static final int WIDTH = 80;
    private static final int LAYERS = 2;
    private static final double EPSILON = 1e-12;

    private NDManager manager;
    private EmbeddingWeights embeddings;
    private List<LayerWeights> layers;

    @BeforeEach
    void makeWeights() {
        PyTorch.seed(11);
        manager = PyTorch.engine().newBaseManager(Device.cpu());
        embeddings =
                new EmbeddingWeights(
                        normal(1, WORDS, DIM),
                        normal(1, POSITIONS, DIM),
                        normal(1, TYPES, DIM),
                        norm(),
                        null);
        layers = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            layers.add(
                    new LayerWeights(
                            new AttentionWeights(
                                    affine(DIM, DIM),
                                    affine(DIM, DIM),
                                    affine(DIM, DIM),
                                    affine(DIM, DIM)),
                            norm(),
                            affine(WIDTH, DIM),
                            affine(DIM, WIDTH),
                            norm()));
        }
    }

    @AfterEach
    void freeWeights() {
        manager.close();
    }

    @ParameterizedTest
    @EnumSource
    void equalsTheLayersWrittenOut(PackedMode mode) {
        NDArray ids = ids(3, 7);
        NDArray types = manager.create(new long[] {0, 1, 1, 0, 0, 1, 0}, new Shape(1, 7));
        types = types.repeat(0, 3);
        NDArray expected = plain(ids, types);
        try (PackedEncoder encoder = encoder(mode)) {
            NDArray actual = encoder.hiddenState(ids, null, types);
            assertEquals(expected.getShape(), actual.getShape());
            switch (encoder.mode()) {
                case FLOAT32 -> assertClose(expected, actual, 2e-5f);
                case BFLOAT16 -> assertTrue(leastCosine(expected, actual) > 0.9995);
                default -> assertTrue(leastCosine(expected, actual) > 0.98);
            }
        }
    }

    @Test
    void equalsThePlainLayersForAnyNumberOfTokens() {
        try (PackedEncoder encoder = encoder(PackedMode.FLOAT32)) {
            for (int rows : new int[] {1, 2, 15, 16, 17, 37, 128}) {
                for (int tokens : new int[] {1, 2, 33}) {
                    NDArray ids = ids(rows, tokens);
                    assertClose(plain(ids, null), encoder.hiddenState(ids, null, null), 2e-5f);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void aPaddedRowEqualsTheRowAlone(PackedMode mode) {
        float tolerance = mode == PackedMode.FLOAT32 ? 2e-5f : 0.08f;
        int[][] lengths = {{9, 4, 1, 7}, {9, 9, 9, 8}, {9, 9, 9, 9}};
        for (int[] length : lengths) {
            NDArray ids = ids(4, 9);
            NDArray mask = mask(length, 9);
            try (PackedEncoder encoder = encoder(mode)) {
                NDArray all = encoder.hiddenState(ids, mask, null);
                for (int b = 0; b < 4; b++) {
                    String row = b + ":" + (b + 1) + ", ";
                    NDArray alone = encoder.hiddenState(ids.get(row + ":" + length[b]), null, null);
                    assertClose(alone, all.get(row + ":" + length[b]), tolerance);
                    if (length[b] < 9) {
                        assertEquals(0f, all.get(row + length[b] + ":").abs().sum().getFloat());
                    }
                }
            }
        }
    }

    @Test
    void whatStandsWherePaddingIsDoesNotMatter() {
        NDArray ids = ids(1, 6);
        NDArray mask = manager.create(new long[] {0, 0, 1, 1, 0, 1}, new Shape(1, 6));
        NDArray others = ids.mul(mask).add(mask.neg().add(1));
        try (PackedEncoder encoder = encoder(PackedMode.FLOAT32)) {
            NDArray expected = encoder.hiddenState(ids, mask, null);
            assertClose(expected, encoder.hiddenState(others, mask, null), 1e-6f);
            assertEquals(0f, expected.get("0, :2").abs().sum().getFloat());
        }
    }

    @Test
    void embeddingsAreTheUnitMeansOfTheTokens() {
        NDArray ids = ids(3, 5);
        NDArray mask = mask(new int[] {5, 2, 0}, 5);
        try (PackedEncoder encoder = encoder(PackedMode.FLOAT32)) {
            NDArray hidden = encoder.hiddenState(ids, mask, null);
            NDArray embedding = encoder.embedding(ids, mask, null);
            NDArray mean = hidden.get("1, :2").mean(new int[] {0});
            assertClose(mean.div(mean.norm()), embedding.get(1), 1e-6f);
            assertEquals(1f, embedding.get(0).norm().getFloat(), 1e-6f);
            assertEquals(0f, embedding.get(2).norm().getFloat());
        }
    }

    @Test
    void raggedArraysEqualRowsAlone() {
        long[][] ids = {{4, 9, 2}, {}, {7, 1, 3, 8, 30}};
        try (PackedEncoder encoder = encoder(PackedMode.FLOAT32)) {
            NDArray all = encoder.embedding(manager, ids);
            NDArray alone = encoder.embedding(manager, new long[][] {ids[0]});
            assertClose(alone.get(0), all.get(0), 1e-6f);
            assertEquals(0f, all.get(1).norm().getFloat());
        }
    }

    @Test
    void laterChangesOfTheWeightsDoNotShow() {
        NDArray ids = ids(2, 3);
        try (PackedEncoder encoder = encoder(PackedMode.FLOAT32)) {
            float[] before = encoder.hiddenState(ids, null, null).toFloatArray();
            embeddings.norm().weight().addi(1);
            layers.get(0).inner().weight().muli(0);
            layers.get(1).attention().query().bias().addi(3);
            layers.get(1).outerNorm().bias().addi(3);
            assertArrayEquals(before, encoder.hiddenState(ids, null, null).toFloatArray());
        }
    }

    @Test
    void theTableOfWordsIsSharedAndOutlivesItsOwner() {
        NDArray ids = ids(2, 3);
        try (PackedEncoder encoder = encoder(PackedMode.FLOAT32)) {
            float[] before = encoder.hiddenState(ids, null, null).toFloatArray();
            embeddings.words().muli(2);
            float[] after = encoder.hiddenState(ids, null, null).toFloatArray();
            assertFalse(Arrays.equals(before, after));
            embeddings.words().close();
            assertArrayEquals(after, encoder.hiddenState(ids, null, null).toFloatArray());
        }
    }

    @Test
    void outputsCanBeInputsOfTraining() {
        NDArray weight = normal(1, DIM, 1);
        weight.setRequiresGradient(true);
        try (PackedEncoder encoder = encoder(PackedMode.FLOAT32);
                GradientMode on = GradientMode.on()) {
            NDArray embedding = encoder.embedding(ids(2, 3), null, null);
            assertFalse(embedding.hasGradient());
            GradientMode.backward(embedding.matMul(weight).sum());
            assertClose(embedding.sum(new int[] {0}), weight.getGradient().reshape(DIM), 1e-6f);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sixteenThreadsGetTheSerialResults(PackedMode mode) throws Exception {
        int calls = 25;
        try (PackedEncoder encoder = encoder(mode)) {
            List<long[][]> batches = new ArrayList<>();
            List<float[]> serial = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                int n = i;
                long[][] batch =
                        IntStream.range(0, 1 + n % 3)
                                .mapToObj(b -> new long[] {n, b, 3, n + b})
                                .toArray(long[][]::new);
                batches.add(batch);
                serial.add(embed(encoder, batch));
            }
            ExecutorService pool = Executors.newFixedThreadPool(16);
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                int n = i;
                futures.add(
                        pool.submit(
                                () -> {
                                    for (int c = 0; c < calls; c++) {
                                        int k = (n + c) % 16;
                                        assertArrayEquals(
                                                serial.get(k),
                                                embed(encoder, batches.get(k)),
                                                1e-6f);
                                    }
                                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
            pool.shutdown();
        }
    }

    @Test
    void processorsAreReadFromTheirDescription() {
        assertTrue(Processor.multipliesBfloat16("model : 1\nflags\t\t: fpu avx512_bf16 sse\n"));
        assertTrue(Processor.multipliesBfloat16("Features\t: fp asimd bf16 i8mm\n"));
        assertFalse(Processor.multipliesBfloat16("model name : bf16\nflags : fpu avx2\n"));
        PackedMode automatic =
                Processor.multipliesBfloat16() ? PackedMode.BFLOAT16 : PackedMode.FLOAT32;
        assertEquals(automatic, PackedMode.AUTO.resolve());
        assertEquals(PackedMode.INT8, PackedMode.INT8.resolve());
    }

    @Test
    void rejectsWhatDoesNotFit() {
        assertMessage(
                "layers must not be empty, numHeads must divide dim and epsilon must be > 0, got"
                        + " layers=2, numHeads=5, dim=48, epsilon=1.0E-12",
                () -> new PackedEncoder(embeddings, layers, 5, EPSILON, PackedMode.FLOAT32));
        LayerWeights layer = layers.get(0);
        LayerWeights wrong =
                new LayerWeights(
                        layer.attention(),
                        layer.attentionNorm(),
                        layer.inner(),
                        affine(DIM, WIDTH - 1),
                        layer.outerNorm());
        assertMessage(
                "layer 0 outer weight must be float32 of shape (48, 80), got float32 of shape (48,"
                        + " 79)",
                () ->
                        new PackedEncoder(
                                embeddings, List.of(wrong), HEADS, EPSILON, PackedMode.FLOAT32));
        try (PackedEncoder encoder = encoder(PackedMode.FLOAT32)) {
            assertMessage(
                    "ids must have shape (B, T) with T <= 41, got ids=(1, 42)",
                    () -> encoder.hiddenState(ids(1, 42), null, null));
            assertMessage(
                    "mask and types must have the shape of ids, got (1, 3), ids=(1, 4)",
                    () -> encoder.embedding(ids(1, 4), ids(1, 3), null));
            assertMessage(
                    "ids must have at least one token, got rows=1",
                    () -> encoder.embedding(manager, new long[][] {{}}));
        }
    }

    @Test
    void aClosedEncoderSaysSo() {
        PackedEncoder encoder = encoder(PackedMode.FLOAT32);
        encoder.close();
        encoder.close();
        IllegalStateException e =
                assertThrows(
                        IllegalStateException.class,
                        () -> encoder.embedding(ids(1, 2), null, null));
        assertEquals("the packed encoder must be open, got closed", e.getMessage());
    }

    private PackedEncoder encoder(PackedMode mode) {
        return new PackedEncoder(embeddings, layers, HEADS, EPSILON, mode);
    }

    private float[] embed(PackedEncoder encoder, long[][] ids) {
        try (NDManager local = PyTorch.engine().newBaseManager(Device.cpu())) {
            return encoder.embedding(local, ids).toFloatArray();
        }
    }

    // The encoder in single operations of DJL.
    private NDArray plain(NDArray ids, NDArray types) {
        try (GradientMode off = GradientMode.off()) {
            NDArray x = embeddings.words().get(ids); // (B, T, D)
            x = x.add(embeddings.positions().get(":" + ids.getShape().get(1)));
            NDArray typeIds = types == null ? ids.zerosLike() : types;
            x = normed(x.add(embeddings.types().get(typeIds)), embeddings.norm());
            for (LayerWeights layer : layers) {
                NDArray h = normed(x.add(attend(x, layer.attention())), layer.attentionNorm());
                NDArray f = map(gelu(map(h, layer.inner())), layer.outer());
                x = normed(h.add(f), layer.outerNorm());
            }
            return x;
        }
    }

    private static NDArray attend(NDArray x, AttentionWeights weights) {
        NDArray q = heads(map(x, weights.query())); // (B, H, T, Dh)
        NDArray k = heads(map(x, weights.key()));
        NDArray v = heads(map(x, weights.value()));
        double scale = Math.sqrt((double) DIM / HEADS);
        NDArray attention = q.matMul(k.transpose(0, 1, 3, 2)).div(scale).softmax(-1);
        NDArray y = attention.matMul(v).transpose(0, 2, 1, 3).reshape(x.getShape());
        return map(y, weights.output());
    }

    private static NDArray heads(NDArray x) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0), shape.get(1), HEADS, -1).transpose(0, 2, 1, 3);
    }

    private static NDArray map(NDArray x, AffineWeights weights) {
        return x.matMul(weights.weight().transpose()).add(weights.bias());
    }

    private static NDArray gelu(NDArray x) {
        return x.mul(x.div(Math.sqrt(2)).erf().add(1)).div(2);
    }

    private static NDArray normed(NDArray x, AffineWeights norm) {
        return NormKernel.layerNorm(x, norm.weight(), norm.bias(), EPSILON);
    }

    private NDArray ids(int rows, int tokens) {
        return manager.randomInteger(0, WORDS, new Shape(rows, tokens), DataType.INT64);
    }

    private NDArray mask(int[] lengths, int tokens) {
        boolean[] kept = new boolean[lengths.length * tokens];
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < lengths[b]; t++) {
                kept[b * tokens + t] = true;
            }
        }
        return manager.create(kept, new Shape(lengths.length, tokens));
    }

    private AffineWeights affine(int out, int in) {
        return new AffineWeights(normal(1f / (float) Math.sqrt(in), out, in), normal(0.1f, out));
    }

    private AffineWeights norm() {
        return new AffineWeights(normal(0.1f, DIM).add(1), normal(0.1f, DIM));
    }

    private NDArray normal(float deviation, long... sizes) {
        return manager.randomNormal(0, deviation, new Shape(sizes), DataType.FLOAT32);
    }

    private static void assertClose(NDArray expected, NDArray actual, float tolerance) {
        assertEquals(expected.getShape(), actual.getShape());
        float difference = expected.sub(actual).abs().max().getFloat();
        assertTrue(difference <= tolerance, "largest difference " + difference);
    }

    private static double leastCosine(NDArray expected, NDArray actual) {
        NDArray products = expected.mul(actual).sum(new int[] {-1});
        NDArray lengths =
                expected.norm(new int[] {-1}, false).mul(actual.norm(new int[] {-1}, false));
        return products.div(lengths).min().getFloat();
    }

    private static void assertMessage(
            String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
