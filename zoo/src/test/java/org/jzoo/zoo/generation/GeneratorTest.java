package org.jzoo.zoo.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.decoder.LanguageModel;
import org.jzoo.zoo.decoder.TextDecoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.verify.Reference;

class GeneratorTest {

    private static LoadedModel llama;

    @BeforeAll
    static void load() throws Exception {
        llama = model("llama-gqa");
    }

    @AfterAll
    static void close() {
        llama.close();
    }

    private static LoadedModel model(String name) throws Exception {
        Path folder = Path.of(GeneratorTest.class.getResource("/golden/" + name).toURI());
        return Reference.open(folder).load(Device.cpu());
    }

    private static Generator generator(
            LoadedModel model, GenerationConfig config, Long... endTokens) {
        return new Generator(((LanguageModel) model.block()).decoder(), List.of(endTokens), config);
    }

    private static List<long[]> generate(
            LoadedModel model, GenerationConfig config, List<long[]> prompts) {
        return generator(model, config).generate(model.manager(), prompts);
    }

    private static List<long[]> prompts(int... lengths) {
        Random random = new Random(4);
        List<long[]> prompts = new ArrayList<>();
        for (int length : lengths) {
            prompts.add(random.longs(length, 3, 97).toArray());
        }
        return prompts;
    }

    private static GenerationConfig.Builder drawn() {
        return GenerationConfig.builder().optMaxNewTokens(12).optTemperature(1.5).optSeed(3);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2, FLOAT32",
        "llama-gqa, FLOAT32",
        "mistral-window, FLOAT32",
        "bloom-alibi, FLOAT32",
        "gpt2, BFLOAT16",
        "llama-gqa, BFLOAT16",
        "mixtral, BFLOAT16"
    })
    void aCacheChangesNoToken(String name, Precision precision) throws Exception {
        try (LoadedModel model = model(name)) {
            GenerationConfig.Builder config =
                    GenerationConfig.builder().optMaxNewTokens(30).optPrecision(precision);
            List<long[]> prompts = prompts(9, 9);
            List<long[]> cached = generate(model, config.build(), prompts);
            List<long[]> uncached = generate(model, config.optCached(false).build(), prompts);
            assertEquals(30, cached.get(1).length);
            assertSameTokens(uncached, cached);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "qwen2", "mistral-window", "bloom-alibi"})
    void aPromptContinuesInABatchAsItDoesAlone(String name) throws Exception {
        try (LoadedModel model = model(name)) {
            GenerationConfig config = GenerationConfig.greedy(20);
            List<long[]> prompts = prompts(3, 17, 1, 8);
            List<long[]> together = generate(model, config, prompts);
            for (int b = 0; b < prompts.size(); b++) {
                assertArrayEquals(
                        generate(model, config, prompts.subList(b, b + 1)).get(0), together.get(b));
            }
        }
    }

    @Test
    void drawsRepeatWithTheirSeedAndDifferWithAnother() {
        List<long[]> prompts = prompts(5, 7);
        List<long[]> first = generate(llama, drawn().build(), prompts);
        assertSameTokens(first, generate(llama, drawn().build(), prompts));
        assertSameTokens(first, generate(llama, drawn().optCached(false).build(), prompts));
        long[] other = generate(llama, drawn().optSeed(4).build(), prompts).get(0);
        assertTrue(!Arrays.equals(first.get(0), other));
    }

    @Test
    void aRowEndsBeforeAnEndToken() {
        List<long[]> prompts = prompts(5, 7);
        List<long[]> whole = generate(llama, drawn().build(), prompts);
        long end = whole.get(0)[4];
        List<long[]> ended =
                generator(llama, drawn().build(), end).generate(llama.manager(), prompts);
        for (int b = 0; b < 2; b++) {
            long[] row = whole.get(b);
            int length = 0;
            while (length < row.length && row[length] != end) {
                length++;
            }
            assertArrayEquals(Arrays.copyOf(row, length), ended.get(b));
        }
    }

    @Test
    void aListenerHearsEveryTokenAndEndsARow() {
        List<List<Long>> heard = List.of(new ArrayList<>(), new ArrayList<>());
        List<long[]> rows =
                generator(llama, drawn().build())
                        .generate(
                                llama.manager(),
                                prompts(5, 7),
                                (row, token) -> {
                                    heard.get(row).add(token);
                                    return row == 1 || heard.get(row).size() < 3;
                                });
        assertEquals(3, rows.get(0).length);
        assertEquals(12, rows.get(1).length);
        for (int b = 0; b < 2; b++) {
            assertArrayEquals(
                    rows.get(b), heard.get(b).stream().mapToLong(Long::longValue).toArray());
        }
    }

    @Test
    void aRowEndsAtTheLongestInputAndNoPromptGivesNoRow() {
        int longest = llama.config().textModel().maxLength();
        List<long[]> rows = generate(llama, drawn().build(), prompts(longest - 2, 3));
        assertEquals(2, rows.get(0).length);
        assertEquals(12, rows.get(1).length);
        assertEquals(List.of(), generate(llama, drawn().build(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({"gpt2, true", "gpt2, false", "llama-gqa, true", "llama-gqa, false"})
    void theOthersGoOnAfterARowHasEndedAtTheLongestInput(String name, boolean cached)
            throws Exception {
        try (LoadedModel model = model(name)) {
            int longest = model.config().textModel().maxLength();
            GenerationConfig config =
                    GenerationConfig.builder().optMaxNewTokens(8).optCached(cached).build();
            List<long[]> prompts = prompts(longest - 2, longest - 5, 3);
            List<long[]> together = generate(model, config, prompts);
            for (int b = 0; b < prompts.size(); b++) {
                long[] alone = generate(model, config, prompts.subList(b, b + 1)).get(0);
                assertArrayEquals(alone, together.get(b));
                assertEquals(new int[] {2, 5, 8}[b], alone.length);
            }
        }
    }

    @Test
    void rejectsACacheThatMixersDoNotKeep() {
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder().setHeads(2, 8).build(), // not causal
                        new DenseFeedForwardOption(12, Activation.GELU, true, 0),
                        new LayerNormOption(1e-5),
                        NormPlacement.PRE,
                        0);
        DecoderConfig config =
                DecoderConfig.builder()
                        .setVocabularySize(97)
                        .setMaxLength(20)
                        .setStack(TransformerConfig.uniform(8, 3, layer, null))
                        .build();
        try (NDManager manager = PyTorch.newBaseManager()) {
            TextDecoder decoder = new TextDecoder(config);
            decoder.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
            Generator cached = new Generator(decoder, List.of(), GenerationConfig.greedy(5));
            assertEquals(
                    "cached must be false for mixers that keep no cache, got cached=true,"
                            + " layers=3, with a cache=0",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> cached.generate(manager, prompts(4)))
                            .getMessage());
        }
    }

    @Test
    void rejectsPromptsThatAreEmptyOrTooLong() {
        String message =
                "a prompt must have at least one token and fewer than maxLength, got length=%d,"
                        + " maxLength=256";
        for (int length : new int[] {0, 256}) {
            assertEquals(
                    message.formatted(length),
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> generate(llama, drawn().build(), prompts(length)))
                            .getMessage());
        }
    }

    private static void assertSameTokens(List<long[]> expected, List<long[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int b = 0; b < expected.size(); b++) {
            assertArrayEquals(expected.get(b), actual.get(b));
        }
    }
}
