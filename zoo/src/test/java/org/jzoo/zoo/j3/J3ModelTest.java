package org.jzoo.zoo.j3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.chunk.StoreOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;

class J3ModelTest {

    private static final int V = 50;
    private static final int N = 45;
    private static final J3Size SIZE = new J3Size(24, 3, 2, 20, 16, 8, 9);
    private static final ClassificationTask CLASSES =
            new ClassificationTask(
                    List.of("a", "b", "c"), false, new HeadOption(Pooling.MEAN, null, 0));

    @TempDir private Path folder;

    private static J3Parts.Builder parts() {
        return J3Parts.of(SIZE).optWindow(6).optMemoryTokens(3).optRetrieved(2);
    }

    private static LoadedModel model(J3Config config, Task task) {
        return LoadedModel.fresh("test", ModelConfig.of("j3", config, task), null, 7, Device.cpu());
    }

    private static NDArray ids(NDManager manager, int rows, int length) {
        return manager.create(
                new Random(5).longs((long) rows * length, 4, V).toArray(), new Shape(rows, length));
    }

    private static NDArray run(LoadedModel model, NDList inputs) {
        return model.block()
                .forward(
                        new ParameterStore(inputs.head().getManager(), false),
                        inputs,
                        false,
                        new ForwardContext().asParams())
                .singletonOrThrow();
    }

    private static NDList withQuestion(NDArray ids, NDArray question) {
        NDArray mask = ids.gte(0);
        return new NDList(ids, ids.zerosLike(), mask, question);
    }

    @Test
    void readingChunkByChunkEqualsTheWholeModel() {
        for (Task task :
                List.of(
                        CLASSES,
                        new EmbeddingTask(Pooling.FIRST, true),
                        new SpanTask(0),
                        new TokenClassificationTask(List.of("x", "y"), 0),
                        new MaskedWordsTask(Activation.GELU, 1e-6))) {
            try (LoadedModel model = model(parts().build().encoder(V, 0), task)) {
                NDArray ids = ids(model.manager(), 1, N);
                NDArray question = ids(model.manager(), 1, 5);
                float[] whole = run(model, withQuestion(ids, question)).toFloatArray();
                try (J3Reader reader =
                        new J3Reader(
                                (J3Model) model.block(),
                                model.manager(),
                                Precision.FLOAT32,
                                question.toLongArray())) {
                    float[] read = read(reader, ids.toLongArray());
                    assertArrayEquals(whole, read, 2e-5f, task.getClass().getSimpleName());
                    assertEquals(N, reader.tokens());
                    assertEquals(2, reader.retrievedBlocks().length);
                }
            }
        }
    }

    @Test
    void readingOnLeavesNothingBehind() {
        StoreOption store = new StoreOption(4, StoreOption.Keep.RELEVANT, StoreOption.Numbers.INT8);
        for (int memory : new int[] {0, 3}) {
            J3Config config = parts().optMemoryTokens(memory).optStore(store).build().encoder(V, 0);
            try (LoadedModel model = model(config, new SpanTask(0));
                    J3Reader reader =
                            new J3Reader(
                                    (J3Model) model.block(),
                                    model.manager(),
                                    Precision.FLOAT32,
                                    new long[] {5, 6, 7})) {
                read(reader, new Random(1).longs(48, 4, V).toArray());
                int arrays = model.manager().getManagedArrays().size();
                read(reader, new Random(2).longs(160, 4, V).toArray());
                assertEquals(arrays, model.manager().getManagedArrays().size());
            }
        }
    }

    @Test
    void aModelThatKeepsAllBlocksIsReadWithinABound() throws Exception {
        StoreOption three =
                new StoreOption(3, StoreOption.Keep.RELEVANT, StoreOption.Numbers.COMPUTED);
        long[] ids = new Random(3).longs(N, 4, V).toArray();
        Path file = folder.resolve("bounded.safetensors");
        try (LoadedModel all =
                        model(parts().optRetrieved(4).build().encoder(V, 0), new SpanTask(0));
                LoadedModel some =
                        model(
                                parts().optRetrieved(4).optStore(three).build().encoder(V, 0),
                                new SpanTask(0));
                J3Reader free = reader(all);
                J3Reader bounded = reader(all);
                J3Reader own = reader(some)) {
            bounded.keep(3);
            float[] expected = read(own, ids);
            assertArrayEquals(expected, read(bounded, ids));
            assertFalse(Arrays.equals(expected, read(free, ids)));
            assertEquals(
                    "blocks must be set before something is read, got blocks=4, tokens=" + N,
                    assertThrows(IllegalStateException.class, () -> bounded.keep(4)).getMessage());
            assertEquals("blocks must be >= 1, got blocks=0", message(() -> reader(all).keep(0)));

            try (J3Reader first = reader(all)) {
                first.keep(3);
                float[] begun = read(first, Arrays.copyOf(ids, 32));
                first.save(file);
                assertArrayEquals(Arrays.copyOf(expected, begun.length), begun);
                try (J3Reader resumed =
                        J3Reader.resume(
                                (J3Model) all.block(), all.manager(), Precision.FLOAT32, file)) {
                    assertArrayEquals(
                            Arrays.copyOfRange(expected, begun.length, expected.length),
                            read(resumed, Arrays.copyOfRange(ids, 32, N)));
                }
            }
        }
    }

    private static J3Reader reader(LoadedModel model) {
        return new J3Reader(
                (J3Model) model.block(), model.manager(), Precision.FLOAT32, new long[] {5, 6});
    }

    private static float[] read(J3Reader reader, long[] ids) {
        float[] all = {};
        for (int from = 0; from < ids.length; from += reader.chunkLength()) {
            int to = Math.min(ids.length, from + reader.chunkLength());
            for (float[] row : reader.read(Arrays.copyOfRange(ids, from, to))) {
                int start = all.length;
                all = Arrays.copyOf(all, start + row.length);
                System.arraycopy(row, 0, all, start, row.length);
            }
        }
        return all.length > 0 ? all : reader.finish();
    }

    @Test
    void aReaderThatWasSavedGoesOnAsIfNothingHadHappened() throws Exception {
        StoreOption store = new StoreOption(3, StoreOption.Keep.RELEVANT, StoreOption.Numbers.INT8);
        for (Precision precision : Precision.values()) {
            J3Config config = parts().optStore(store).build().encoder(V, 0);
            try (LoadedModel model = model(config, CLASSES)) {
                J3Model block = (J3Model) model.block();
                long[] ids = ids(model.manager(), 1, N).toLongArray();
                Path file = folder.resolve("reader.safetensors");
                try (J3Reader whole =
                                new J3Reader(block, model.manager(), precision, new long[] {5, 6});
                        J3Reader part =
                                new J3Reader(
                                        block, model.manager(), precision, new long[] {5, 6})) {
                    float[] expected = read(whole, ids);
                    read(part, Arrays.copyOf(ids, 32));
                    part.save(file);
                    try (J3Reader resumed =
                            J3Reader.resume(block, model.manager(), precision, file)) {
                        assertEquals(32, resumed.tokens());
                        assertArrayEquals(expected, read(resumed, Arrays.copyOfRange(ids, 32, N)));
                        assertArrayEquals(whole.retrievedBlocks(), resumed.retrievedBlocks());
                    }
                }
            }
        }
    }

    @Test
    void theQuestionReachesEveryChunk() {
        try (LoadedModel model = model(parts().build().encoder(V, 0), new SpanTask(0))) {
            NDArray ids = ids(model.manager(), 1, N);
            NDArray y = run(model, withQuestion(ids, ids.get(":, :4")));
            NDArray z = run(model, withQuestion(ids, ids.get(":, 4:8")));
            float[] moved = y.sub(z).abs().max(new int[] {2}).toFloatArray();
            for (float each : moved) {
                assertTrue(each > 0);
            }
        }
    }

    @Test
    void aDecoderKnowsNothingOfLaterTokensWhateverTheChunks() {
        J3Config config = parts().build().decoder(V, -1);
        try (LoadedModel model = model(config, new CausalLanguageTask(List.of()))) {
            NDArray ids = ids(model.manager(), 2, N);
            NDArray other = ids.duplicate();
            other.set(new ai.djl.ndarray.index.NDIndex(":, 20:"), 3L);
            NDArray y = run(model, new NDList(ids));
            assertEquals(new Shape(2, N, V), y.getShape());
            NDArray z = run(model, new NDList(other));
            assertArrayEquals(
                    y.get(":, :20").toFloatArray(), z.get(":, :20").toFloatArray(), 1e-5f);
        }
    }

    @Test
    void withoutMemoryAndRetrievalADecodersChunksMakeNoDifference() {
        J3Parts plain = parts().optMemoryTokens(0).optRetrieved(0).build();
        NDArray[] logits = new NDArray[2];
        try (LoadedModel whole =
                        model(
                                plain.decoder(V, -1).withChunkLength(N),
                                new CausalLanguageTask(List.of()));
                LoadedModel chunks =
                        model(plain.decoder(V, -1), new CausalLanguageTask(List.of()))) {
            logits[0] = run(whole, new NDList(ids(whole.manager(), 2, N)));
            logits[1] = run(chunks, new NDList(ids(chunks.manager(), 2, N)));
            assertArrayEquals(logits[0].toFloatArray(), logits[1].toFloatArray(), 2e-5f);
        }
    }

    @Test
    void trainingByGroupsGivesEveryParameterAGradientAndTheLossOfTheWhole() {
        J3Config config = parts().optExperts(3).build().encoder(V, 0);
        try (LoadedModel model = model(config, CLASSES)) {
            J3Model block = (J3Model) model.block();
            NDManager manager = model.manager();
            NDArray ids = ids(manager, 2, N);
            NDArray labels = manager.create(new long[] {2, 0});
            double loss =
                    block.train(
                            new ParameterStore(manager, false),
                            withQuestion(ids, ids.get(":, 7:12")),
                            new ForwardContext(),
                            (index, hidden, head) ->
                                    index < 2
                                            ? null
                                            : LossKernel.crossEntropy(
                                                    head.apply(hidden), labels, null, 0));
            assertTrue(loss > 0.5 && loss < 3, "loss " + loss);
            for (var entry : model.parameters().entrySet()) {
                Parameter parameter = entry.getValue();
                NDArray gradient = parameter.getArray().getGradient();
                assertNotNull(gradient, entry.getKey());
                float largest = gradient.abs().max().getFloat();
                assertTrue(largest > 0 && Float.isFinite(largest), entry.getKey());
            }
        }
    }

    @Test
    void aShortGroupCutsTheGradientButNotTheMemory() {
        J3Config all = parts().build().encoder(V, 0);
        float[][] initial = new float[2][];
        for (int i = 0; i < 2; i++) {
            try (LoadedModel model = model(all.withGradientChunks(i == 0 ? 9 : 1), CLASSES)) {
                J3Model block = (J3Model) model.block();
                NDArray ids = ids(model.manager(), 1, N);
                NDArray label = model.manager().create(new long[] {1});
                block.train(
                        new ParameterStore(model.manager(), false),
                        new NDList(ids),
                        new ForwardContext(),
                        (index, hidden, head) ->
                                index < 2
                                        ? null
                                        : LossKernel.crossEntropy(
                                                head.apply(hidden), label, null, 0));
                NDArray gradient =
                        model.parameters()
                                .get("encoder.transformer.initial")
                                .getArray()
                                .getGradient();
                initial[i] = gradient == null ? new float[1] : gradient.abs().toFloatArray();
            }
        }
        assertTrue(max(initial[0]) > 0);
        assertEquals(0, max(initial[1]));
    }

    private static float max(float[] values) {
        float max = 0;
        for (float each : values) {
            max = Math.max(max, each);
        }
        return max;
    }

    @Test
    void aBoundedStoreIsAnOptionOfTheSavedConfiguration() {
        StoreOption store = new StoreOption(5, StoreOption.Keep.RELEVANT, StoreOption.Numbers.INT8);
        J3Config config = parts().optStore(store).optExperts(2).build().encoder(V, 0);
        ModelConfig saved = ModelConfig.of("j3", config, new SpanTask(0.25));
        assertEquals(saved, ModelConfig.fromJson(saved.toJson()));
        try (LoadedModel model = model(config, new SpanTask(0));
                GradientMode off = GradientMode.off()) {
            assertEquals(
                    new Shape(2, 90, 2),
                    run(model, new NDList(ids(model.manager(), 2, 90))).getShape());
        }
    }

    @Test
    void saysWhatItWants() {
        assertEquals(
                "task must be one on texts or SpanTask for a J3 encoder, got"
                        + " task=CausalLanguageTask",
                message(
                        () ->
                                parts().build()
                                        .encoder(V, 0)
                                        .create(new CausalLanguageTask(List.of()))));
        assertEquals(
                "size must be one of tiny, small, base, h200, got size=big",
                message(() -> J3Size.named("big")));
        assertEquals(
                "vocabularySize, chunkLength and gradientChunks must be >= 1, got"
                        + " vocabularySize=50, chunkLength=0, gradientChunks=9",
                message(() -> parts().build().encoder(V, 0).withChunkLength(0)));
    }

    private static String message(Runnable action) {
        return assertThrows(IllegalArgumentException.class, action::run).getMessage();
    }
}
