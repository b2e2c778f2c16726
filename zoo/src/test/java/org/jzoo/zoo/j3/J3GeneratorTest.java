package org.jzoo.zoo.j3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.chunk.StoreOption;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.TokenListener;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.Pooling;

class J3GeneratorTest {

    private static final int V = 50;
    private static final int CHUNK = 16;
    private static final J3Size SIZE = new J3Size(24, 3, 2, 20, CHUNK, 8, 9);

    private static LoadedModel decoder(StoreOption store) {
        return decoder(
                J3Parts.of(SIZE).optWindow(6).optMemoryTokens(3).optRetrieved(2).optStore(store));
    }

    private static LoadedModel decoder(J3Parts.Builder parts) {
        return LoadedModel.fresh(
                "test",
                ModelConfig.of(
                        "j3", parts.build().decoder(V, -1), new CausalLanguageTask(List.of())),
                null,
                7,
                Device.cpu());
    }

    private static long[] prompt(int length) {
        return new Random(length).longs(length, 0, V).toArray();
    }

    private static List<long[]> generate(
            LoadedModel model, GenerationConfig config, long[]... prompts) {
        return ((J3Model) model.block())
                .generator(List.of(), config)
                .generate(model.manager(), List.of(prompts), TokenListener.NONE);
    }

    // The most probable next token, read off the outputs for the whole text.
    private static long next(LoadedModel model, long[] tokens) {
        float[] logits = logits(model, tokens);
        return IntStream.range(0, V).reduce(0, (best, i) -> logits[i] > logits[best] ? i : best);
    }

    // What is said of the last token by the outputs for the whole text.
    private static float[] logits(LoadedModel model, long[] tokens) {
        NDArray ids = model.manager().create(tokens, new Shape(1, tokens.length));
        NDArray logits =
                model.block()
                        .forward(
                                new ParameterStore(model.manager(), false),
                                new NDList(ids),
                                false,
                                new ForwardContext().asParams())
                        .singletonOrThrow();
        return logits.get("0, -1").toFloatArray();
    }

    @Test
    void everyTokenIsTheOneThatTheWholeTextMakesMostProbable() {
        try (LoadedModel model = decoder(StoreOption.ALL)) {
            for (int length : new int[] {1, CHUNK - 1, CHUNK, 3 * CHUNK + 5}) {
                long[] expected = prompt(length);
                for (int i = 0; i < 20; i++) {
                    long[] longer = Arrays.copyOf(expected, expected.length + 1);
                    longer[expected.length] = next(model, expected);
                    expected = longer;
                }
                long[] added = generate(model, GenerationConfig.greedy(20), prompt(length)).get(0);
                assertArrayEquals(
                        Arrays.copyOfRange(expected, length, expected.length),
                        added,
                        "prompt of " + length);
            }
        }
    }

    @Test
    void keepingWhatWasReadAndReadingItAgainGiveTheSameDraws() {
        StoreOption bounded =
                new StoreOption(3, StoreOption.Keep.RELEVANT, StoreOption.Numbers.INT8);
        try (LoadedModel model = decoder(bounded)) {
            GenerationConfig.Builder config =
                    GenerationConfig.builder()
                            .optMaxNewTokens(25)
                            .optTemperature(1)
                            .optRepetitionPenalty(1.2)
                            .optSeed(3);
            List<long[]> kept = generate(model, config.build(), prompt(70), prompt(9));
            List<long[]> again =
                    generate(model, config.optCached(false).build(), prompt(70), prompt(9));
            for (int row = 0; row < 2; row++) {
                assertEquals(25, kept.get(row).length);
                assertArrayEquals(kept.get(row), again.get(row));
            }
        }
    }

    @Test
    void aListenerOrAnEndTokenEndsARow() {
        try (LoadedModel model = decoder(StoreOption.ALL)) {
            J3Model block = (J3Model) model.block();
            long[] all = generate(model, GenerationConfig.greedy(8), prompt(20)).get(0);
            List<Long> heard = new ArrayList<>();
            List<long[]> some =
                    block.generator(List.of(), GenerationConfig.greedy(8))
                            .generate(
                                    model.manager(),
                                    List.of(prompt(20)),
                                    (row, token) -> {
                                        heard.add(token);
                                        return heard.size() < 3;
                                    });
            assertArrayEquals(Arrays.copyOf(all, 3), some.get(0));
            assertEquals(0, endingWith(block, model, all[0]).length);
        }
    }

    private static long[] endingWith(J3Model block, LoadedModel model, long end) {
        return block.generator(List.of(end), GenerationConfig.greedy(8))
                .generate(model.manager(), List.of(prompt(20)), TokenListener.NONE)
                .get(0);
    }

    @Test
    void whatIsAppendedIsReadAsIfAtOnce() {
        long[] text = prompt(3 * CHUNK + 5);
        for (J3Parts.Builder parts : variants()) {
            try (LoadedModel model = decoder(parts);
                    J3Reader reader = reader(model)) {
                int end = 0;
                for (int count : new int[] {3, 1, 1, 2 * CHUNK, 1, 7, 1, 1, 6}) {
                    float[] last = reader.append(Arrays.copyOfRange(text, end, end + count));
                    end += count;
                    assertEquals(end, reader.tokens());
                    assertArrayEquals(logits(model, Arrays.copyOf(text, end)), last, 2e-5f);
                }
                assertEquals(text.length, end);
            }
        }
    }

    private static List<J3Parts.Builder> variants() {
        return List.of(
                J3Parts.of(SIZE).optWindow(6).optMemoryTokens(3).optRetrieved(2),
                J3Parts.of(SIZE).optWindow(6).optPosition(J3Parts.Position.ALIBI),
                J3Parts.of(SIZE).optMemoryTokens(0).optForgets(false),
                J3Parts.of(SIZE).optRetrieved(0).optPosition(J3Parts.Position.NONE),
                J3Parts.of(SIZE).optMemoryTokens(0).optRetrieved(0).optExperts(2));
    }

    private static J3Reader reader(LoadedModel model) {
        return new J3Reader((J3Model) model.block(), model.manager(), Precision.FLOAT32, null);
    }

    @Test
    void aChunkThatGrewFullIsReadOnFromAndSaved(@TempDir Path folder) throws Exception {
        long[] text = prompt(2 * CHUNK + 5);
        long[] rest = Arrays.copyOfRange(text, 2 * CHUNK, text.length);
        Path file = folder.resolve("state.safetensors");
        try (LoadedModel model = decoder(StoreOption.ALL);
                J3Reader whole = reader(model);
                J3Reader grown = reader(model);
                J3Reader saved = reader(model)) {
            whole.skip(Arrays.copyOf(text, CHUNK));
            whole.skip(Arrays.copyOfRange(text, CHUNK, 2 * CHUNK));
            for (J3Reader reader : List.of(grown, saved)) {
                reader.append(Arrays.copyOf(text, CHUNK + 3));
                assertArrayEquals(new long[] {0, 1}, sorted(reader.retrievedBlocks()));
                reader.append(Arrays.copyOfRange(text, CHUNK + 3, 2 * CHUNK));
            }
            saved.save(file);
            float[][] expected = whole.read(rest);
            assertRows(expected, grown.read(rest));
            assertEquals(text.length, grown.tokens());
            try (J3Reader resumed =
                    J3Reader.resume(
                            (J3Model) model.block(), model.manager(), Precision.FLOAT32, file)) {
                assertEquals(2 * CHUNK, resumed.tokens());
                assertRows(expected, resumed.read(rest));
            }
        }
    }

    private static long[] sorted(long[] numbers) {
        return Arrays.stream(numbers).sorted().toArray();
    }

    private static void assertRows(float[][] expected, float[][] rows) {
        assertEquals(expected.length, rows.length);
        for (int i = 0; i < rows.length; i++) {
            assertArrayEquals(expected[i], rows[i], 2e-5f);
        }
    }

    @Test
    void aTokenLeavesNothingBehind() {
        try (LoadedModel model = decoder(StoreOption.ALL);
                J3Reader reader = reader(model)) {
            reader.append(prompt(CHUNK + 3));
            reader.append(0);
            int before = model.manager().getManagedArrays().size();
            for (int i = 4; i < CHUNK; i++) {
                reader.append(i);
            }
            assertEquals(before, model.manager().getManagedArrays().size());
        }
    }

    @Test
    void aChunkThatGrowsIsNeitherSavedNorReadOn() {
        try (LoadedModel model = decoder(StoreOption.ALL);
                J3Reader reader = reader(model)) {
            reader.append(1, 2);
            assertEquals(
                    "a chunk that grows must not be saved, got appended=2",
                    assertThrows(
                                    IllegalStateException.class,
                                    () -> reader.save(Path.of("unused.safetensors")))
                            .getMessage());
            assertEquals(
                    "tokens must be whole chunks until the text ends, got tokens=2, chunkLength=16",
                    assertThrows(IllegalStateException.class, () -> reader.read(3)).getMessage());
            assertEquals(
                    "ids must be 1 to chunkLength tokens, got ids=0, chunkLength=16",
                    assertThrows(IllegalArgumentException.class, reader::append).getMessage());
        }
    }

    @Test
    void onlyADecoderGrows() {
        J3Config numbers = J3Parts.of(SIZE).build().encoder(V, -1);
        try (LoadedModel model =
                        LoadedModel.fresh(
                                "test",
                                ModelConfig.of(
                                        "j3", numbers, new EmbeddingTask(Pooling.MEAN, true)),
                                null,
                                7,
                                Device.cpu());
                J3Reader reader = reader(model)) {
            assertEquals(
                    "form must be DECODER for a chunk that grows, got form=ENCODER",
                    assertThrows(IllegalArgumentException.class, () -> reader.append(1))
                            .getMessage());
        }
    }

    @Test
    void saysWhatItWants() {
        try (LoadedModel model = decoder(StoreOption.ALL)) {
            assertEquals(
                    "a prompt must have at least one token, got 0",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> generate(model, GenerationConfig.greedy(3), new long[0]))
                            .getMessage());
        }
        J3Config encoder = J3Parts.of(SIZE).build().encoder(V, -1);
        J3Model spans = new J3Model(encoder, new SpanTask(0));
        assertTrue(
                assertThrows(
                                IllegalStateException.class,
                                () -> spans.generator(List.of(), GenerationConfig.greedy(3)))
                        .getMessage()
                        .contains("task must be CausalLanguageTask, got task=SpanTask"));
    }
}
