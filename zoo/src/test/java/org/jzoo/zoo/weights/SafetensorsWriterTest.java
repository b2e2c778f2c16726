package org.jzoo.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jzoo.blocks.file.AtomicFile;

class SafetensorsWriterTest {

    @TempDir Path folder;

    static List<Path> publishedFiles() {
        return Fixtures.allSafetensors();
    }

    @ParameterizedTest
    @MethodSource("publishedFiles")
    void aPublishedFileIsRewrittenByteForByte(Path published) throws Exception {
        Path copy = folder.resolve("copy.safetensors");
        Safetensors file = Safetensors.open(published);
        SafetensorsWriter.write(copy, file, file.metadata(), TensorType.F32);
        assertEquals(-1, Files.mismatch(published, copy));
    }

    @ParameterizedTest
    @MethodSource("publishedFiles")
    void arraysAreRewrittenByteForByte(Path published) throws Exception {
        Path copy = folder.resolve("copy.safetensors");
        Safetensors file = Safetensors.open(published);
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            for (String name : file.entries().keySet()) {
                arrays.put(name, file.toNDArray(manager, name));
            }
            TensorSource source = TensorSource.ofArrays("arrays", arrays);
            SafetensorsWriter.write(copy, source, file.metadata(), TensorType.F32);
        }
        assertEquals(-1, Files.mismatch(published, copy));
    }

    @Test
    void theHeaderIsSortedAndPaddedToEightBytes() throws Exception {
        Path file = folder.resolve("x.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> arrays =
                    Map.of(
                            "b", manager.create(new float[] {1f}),
                            "a", manager.create(new float[] {2f}),
                            "c", manager.create(new long[] {3L}),
                            "0", manager.create(new byte[] {4}));
            SafetensorsWriter.write(
                    file,
                    TensorSource.ofArrays("arrays", arrays),
                    Map.of("z", "\"é\"", "y", "1"),
                    TensorType.F32);
        }
        String json =
                "{\"__metadata__\":{\"y\":\"1\",\"z\":\"\\\"é\\\"\"},"
                        + "\"c\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[12,16]},"
                        + "\"0\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[16,17]}}";
        byte[] expected = json.getBytes(StandardCharsets.UTF_8);
        int padded = (expected.length + 7) / 8 * 8;
        byte[] bytes = Files.readAllBytes(file);
        assertEquals(padded, Byte.toUnsignedInt(bytes[0]) + 256 * Byte.toUnsignedInt(bytes[1]));
        String header = new String(bytes, 8, padded, StandardCharsets.UTF_8);
        assertEquals(json, header.stripTrailing());
        assertEquals(8 + padded + 17, bytes.length);
        assertArrayEquals(
                new byte[] {3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, (byte) 128, 63, 4},
                java.util.Arrays.copyOfRange(bytes, 8 + padded, bytes.length));
    }

    @Test
    void everyArrayTypeSurvivesSavingAndLoading() throws Exception {
        Path file = folder.resolve("x.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            for (DataType type :
                    List.of(
                            DataType.FLOAT64,
                            DataType.FLOAT32,
                            DataType.INT64,
                            DataType.INT32,
                            DataType.INT8,
                            DataType.UINT8,
                            DataType.BOOLEAN)) {
                NDArray ones = manager.arange(6f).toType(type, true).reshape(2, 3);
                arrays.put(type.name(), ones);
                arrays.put(type.name() + ".transposed", ones.transpose());
            }
            SafetensorsWriter.write(file, TensorSource.ofArrays("arrays", arrays));
            Safetensors saved = Safetensors.open(file);
            arrays.forEach((name, array) -> assertEquals(array, saved.toNDArray(manager, name)));
        }
    }

    @Test
    void halfPrecisionKeepsWhatHalfTheBitsCanHold() throws Exception {
        float[] values = {0f, -1.5f, 1f + 0x1p-12f, 65504f, 0x1p-24f};
        try (NDManager manager = NDManager.newBaseManager()) {
            TensorSource source =
                    TensorSource.ofArrays(
                            "arrays",
                            Map.of(
                                    "w", manager.create(values),
                                    "ids", manager.create(new long[] {1L << 40})));
            Path file = folder.resolve("half.safetensors");
            SafetensorsWriter.write(file, source, Map.of(), TensorType.F16);
            Safetensors saved = Safetensors.open(file);
            assertEquals(TensorType.F16, saved.entry("w").type());
            assertArrayEquals(
                    new float[] {0f, -1.5f, 1f, 65504f, 0x1p-24f},
                    saved.toNDArray(manager, "w").toFloatArray());
            assertEquals(1L << 40, saved.toNDArray(manager, "ids").getLong(0));

            SafetensorsWriter.write(file, source, Map.of(), TensorType.BF16);
            assertArrayEquals(
                    new float[] {0f, -1.5f, 1f, 65536f, 0x1p-24f},
                    Safetensors.open(file).toNDArray(manager, "w").toFloatArray());
        }
    }

    @Test
    void aValueTooLargeForHalfPrecisionLeavesTheOldFile() throws Exception {
        Path file = Files.writeString(folder.resolve("x.safetensors"), "old");
        try (NDManager manager = NDManager.newBaseManager()) {
            TensorSource source =
                    TensorSource.ofArrays(
                            "arrays", Map.of("w", manager.create(new float[] {1e6f})));
            Exception e =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> SafetensorsWriter.write(file, source, Map.of(), TensorType.F16));
            assertEquals("tensor w: value must fit F16, got value=1000000.0", e.getMessage());
            e =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> SafetensorsWriter.write(file, source, Map.of(), TensorType.I8));
            assertEquals("floats must be F32, F16 or BF16, got floats=I8", e.getMessage());
        }
        assertOnlyTheOldFileIsLeft(file);
    }

    @Test
    void aSourceThatFailsMidwayLeavesTheOldFile() throws Exception {
        Path file = Files.writeString(folder.resolve("x.safetensors"), "old");
        Safetensors whole = Safetensors.open(Fixtures.golden("bert/model.safetensors"));
        TensorSource failing =
                new TensorSource() {
                    @Override
                    public String origin() {
                        return "failing";
                    }

                    @Override
                    public NavigableMap<String, TensorEntry> entries() {
                        return whole.entries();
                    }

                    @Override
                    public List<ByteBuffer> segments(String name) {
                        if (name.startsWith("encoder.layer.1")) {
                            throw new IllegalStateException("disk full");
                        }
                        return whole.segments(name);
                    }
                };
        assertThrows(IllegalStateException.class, () -> SafetensorsWriter.write(file, failing));
        assertOnlyTheOldFileIsLeft(file);
    }

    @Test
    void aFullDiskLeavesTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("x.safetensors"), "old");
        assertThrows(
                IOException.class,
                () ->
                        AtomicFile.write(
                                file,
                                channel -> {
                                    channel.write(ByteBuffer.allocate(100));
                                    throw new IOException("No space left on device");
                                }));
        assertOnlyTheOldFileIsLeft(file);
    }

    private void assertOnlyTheOldFileIsLeft(Path file) throws IOException {
        assertEquals("old", Files.readString(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void anUnwritableFolderIsReported() throws Exception {
        Safetensors file = Safetensors.open(Fixtures.golden("bert/inputs.safetensors"));
        Path none = folder.resolve("none").resolve("x.safetensors");
        assertThrows(IOException.class, () -> SafetensorsWriter.write(none, file));
        assertFalse(Files.exists(none.getParent()));
        assertTrue(Files.isDirectory(folder));
    }

    @Test
    void scalarsAndEmptyTensorsSurvive() throws Exception {
        Path file = folder.resolve("x.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> arrays =
                    Map.of("s", manager.create(3f), "e", manager.create(new Shape(0, 4)));
            SafetensorsWriter.write(file, TensorSource.ofArrays("arrays", arrays));
            Safetensors saved = Safetensors.open(file);
            assertEquals(3f, saved.toNDArray(manager, "s").getFloat());
            assertEquals(new Shape(0, 4), saved.toNDArray(manager, "e").getShape());
        }
    }
}
