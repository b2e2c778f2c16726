package org.jzoo.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.CodebookCode;
import org.jzoo.blocks.quantization.PackedEmbedding;
import org.jzoo.blocks.quantization.QuantizedLinear;
import org.jzoo.blocks.quantization.ScaleRule;
import org.jzoo.blocks.quantization.UniformCode;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.zoo.testing.TinyModels;
import org.jzoo.zoo.weights.Checksums;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.TensorType;

/** Packed weights in model folders. */
class PackedFolderTest {

    @TempDir Path home;

    private static void pack(LoadedModel model, WeightGrid grid) {
        ((Part) model.block())
                .replaceParts(
                        (path, block) ->
                                block instanceof Linear base
                                        ? new QuantizedLinear(base, grid, ScaleRule.RANGE).pack()
                                        : block);
    }

    private Path saved(WeightGrid grid) throws Exception {
        Path folder = home.resolve("packed" + grid.bits() + grid.symmetric());
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings())) {
            pack(model, grid);
            ModelFolder.save(folder, model, "", TensorType.F32);
        }
        return folder;
    }

    @Test
    void packedModelsLoadAsOthersDoAndAnswerTheSame() throws Exception {
        for (WeightGrid grid :
                new WeightGrid[] {
                    WeightGrid.perChannel(4), WeightGrid.perGroup(3, 4).asymmetric()
                }) {
            float[] plain;
            float[] packed;
            try (LoadedModel model = TinyModels.of(TinyModels.embeddings())) {
                plain = model.embed("hello");
                pack(model, grid);
                packed = model.embed("hello");
            }
            assertTrue(Math.abs(plain[0] - packed[0]) > 1e-6);
            try (LoadedModel loaded = ModelFolder.load(saved(grid), Device.cpu())) {
                assertArrayEquals(packed, loaded.embed("hello"));
                Map<String, ?> maps = loaded.config().packed().maps();
                assertEquals(
                        new UniformCode(grid, false),
                        maps.get("encoder.transformer.layers.0.mixer.query"));
            }
        }
    }

    @Test
    void fourBitsTakeAnEighthOfTheMatricesBytes() throws Exception {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings())) {
            String query = "encoder.transformer.layers.0.mixer.query.";
            long before = 4 * model.parameters().get(query + "weight").getArray().size();
            pack(model, WeightGrid.perChannel(4));
            assertEquals(before / 8, model.parameters().get(query + "codes").getArray().size());
        }
    }

    @Test
    void tablesOfWordsArePackedTooAndCountAsTheNumbersTheyHold() throws Exception {
        Path folder = home.resolve("words");
        float[] packed;
        long numbers;
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings())) {
            numbers = model.numParameters();
            pack(model, WeightGrid.perChannel(4));
            ((Part) model.block())
                    .replaceParts(
                            (path, block) ->
                                    path.equals("encoder.tokens")
                                            ? PackedEmbedding.of(
                                                    (TokenEmbedding) block,
                                                    WeightGrid.perChannel(8))
                                            : block);
            assertEquals(numbers, model.numParameters());
            packed = model.embed("hello");
            ModelFolder.save(folder, model, "", TensorType.F32);
        }
        try (LoadedModel loaded = ModelFolder.load(folder, Device.cpu())) {
            assertArrayEquals(packed, loaded.embed("hello"));
            assertEquals(numbers, loaded.numParameters());
            assertEquals(
                    DataType.UINT8,
                    loaded.parameters().get("encoder.tokens.codes").getArray().getDataType());
        }
    }

    @Test
    void plainFoldersSayNothingOfPacking() throws Exception {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings())) {
            Path folder = home.resolve("plain");
            ModelFolder.save(folder, model, "", TensorType.F32);
            assertTrue(!Files.readString(folder.resolve(ModelFolder.CONFIG)).contains("packed"));
            assertNull(ModelFolder.config(folder).packed());
        }
    }

    @Test
    void aFlippedBitIsFound() throws Exception {
        Path folder = saved(WeightGrid.perChannel(4));
        Path file = folder.resolve(Safetensors.FILE_NAME);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThrows(MalformedModelException.class, () -> ModelFolder.load(folder, Device.cpu()));
        assertTrue(Checksums.isPresent(folder));
    }

    @Test
    void whatDoesNotFitTheModelIsRefused() {
        ModelConfig config;
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings())) {
            config =
                    model.config()
                            .withPacked(
                                    new PackedWeights(
                                            1, Map.of("encoder.tail", new CodebookCode(3, 0))));
        }
        assertEquals(
                "maps must be linear maps of the model, got [encoder.tail]",
                assertThrows(IllegalArgumentException.class, config::create).getMessage());
        assertEquals(
                "version must be 1, got version=2; a newer jzoo wrote it",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new PackedWeights(2, Map.of("a", new CodebookCode(3, 0))))
                        .getMessage());
        assertEquals(config, ModelConfig.fromJson(config.toJson()));
    }
}
