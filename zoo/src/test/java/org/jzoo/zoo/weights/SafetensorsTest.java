package org.jzoo.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

    @TempDir Path folder;

    @Test
    void readsNamesTypesShapesAndMetadataOfAPublishedFile() throws Exception {
        Safetensors file = Safetensors.open(Fixtures.golden("bert/model.safetensors"));
        assertEquals(Map.of("format", "pt"), file.metadata());
        TensorEntry words = file.entry("embeddings.word_embeddings.weight");
        assertEquals(TensorType.F32, words.type());
        assertEquals(new Shape(97, 32), words.shape());
        assertEquals(97 * 32 * 4, words.end() - words.begin());
    }

    @Test
    void integersOfAPublishedFileAreExact() throws Exception {
        Safetensors file = Safetensors.open(Fixtures.golden("bert/inputs.safetensors"));
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray mask = file.toNDArray(manager, "attention_mask");
            assertEquals(DataType.INT64, mask.getDataType());
            assertEquals(new Shape(2, 48), mask.getShape());
            long[] values = mask.toLongArray();
            for (int i = 0; i < values.length; i++) {
                assertEquals(i < 84 ? 1 : 0, values[i], "row 1 ends with 12 padding positions");
            }
        }
    }

    @Test
    void everyTypeIsReadExactly() throws Exception {
        String header =
                "{'f64':{'dtype':'F64','shape':[1],'data_offsets':[0,8]},"
                        + "'i64':{'dtype':'I64','shape':[1],'data_offsets':[8,16]},"
                        + "'f32':{'dtype':'F32','shape':[],'data_offsets':[16,20]},"
                        + "'i32':{'dtype':'I32','shape':[1],'data_offsets':[20,24]},"
                        + "'bf16':{'dtype':'BF16','shape':[3],'data_offsets':[24,30]},"
                        + "'f16':{'dtype':'F16','shape':[2],'data_offsets':[30,34]},"
                        + "'i16':{'dtype':'I16','shape':[1],'data_offsets':[34,36]},"
                        + "'i8':{'dtype':'I8','shape':[1],'data_offsets':[36,37]},"
                        + "'u8':{'dtype':'U8','shape':[1],'data_offsets':[37,38]},"
                        + "'bool':{'dtype':'BOOL','shape':[2],'data_offsets':[38,40]},"
                        + "'none':{'dtype':'F32','shape':[0,3],'data_offsets':[40,40]}}";
        ByteBuffer data = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(Math.PI).putLong(Long.MIN_VALUE).putFloat(1.1f).putInt(-7);
        data.putShort((short) 0x3f8c).putShort((short) 0xff80).putShort((short) 0x0001);
        data.putShort((short) 0x3c01).putShort((short) 0x8001).putShort((short) -300);
        data.put((byte) -5).put((byte) 200).put((byte) 0).put((byte) 1);
        Safetensors file = Safetensors.open(write(header, data.array()));
        try (NDManager manager = NDManager.newBaseManager()) {
            assertEquals(Math.PI, file.toNDArray(manager, "f64").getDouble(0));
            assertEquals(Long.MIN_VALUE, file.toNDArray(manager, "i64").getLong(0));
            assertEquals(1.1f, file.toNDArray(manager, "f32").getFloat());
            assertEquals(-7, file.toNDArray(manager, "i32").getInt(0));
            assertArrayEquals(
                    new float[] {1.09375f, Float.NEGATIVE_INFINITY, 0x1p-133f},
                    file.toNDArray(manager, "bf16").toFloatArray());
            assertArrayEquals(
                    new float[] {1 + 0x1p-10f, -0x1p-24f},
                    file.toNDArray(manager, "f16").toFloatArray());
            assertEquals(-300, file.toNDArray(manager, "i16").getInt(0));
            assertArrayEquals(new byte[] {-5}, file.toNDArray(manager, "i8").toByteArray());
            assertArrayEquals(new int[] {200}, file.toNDArray(manager, "u8").toUint8Array());
            assertArrayEquals(
                    new boolean[] {false, true}, file.toNDArray(manager, "bool").toBooleanArray());
            assertEquals(new Shape(0, 3), file.toNDArray(manager, "none").getShape());
        }
    }

    @Test
    void tensorsBeyondTwoGibibytesAreReached() throws Exception {
        long gap = (1L << 31) + 4096;
        String header =
                ("{'a':{'dtype':'U8','shape':[%d],'data_offsets':[0,%d]},"
                                + "'b':{'dtype':'F32','shape':[2],'data_offsets':[%d,%d]}}")
                        .formatted(gap, gap, gap, gap + 8);
        Path file = write(header, new byte[0]);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            long end = sparse.length() + gap;
            sparse.seek(end);
            sparse.writeInt(Integer.reverseBytes(Float.floatToIntBits(2.5f)));
            sparse.writeInt(Integer.reverseBytes(Float.floatToIntBits(-1f)));
        }
        Safetensors tensors = Safetensors.open(file);
        assertEquals(3, tensors.segments("a").size());
        assertEquals(gap, tensors.segments("a").stream().mapToLong(ByteBuffer::remaining).sum());
        try (NDManager manager = NDManager.newBaseManager()) {
            assertArrayEquals(
                    new float[] {2.5f, -1f}, tensors.toNDArray(manager, "b").toFloatArray());
        }
    }

    @Test
    void aFolderSplitOverFilesReadsAsOne() throws Exception {
        writeShard("model-00001-of-00002.safetensors", "a", 1f);
        writeShard("model-00002-of-00002.safetensors", "b", 2f);
        writeIndex(
                "{'metadata':{'total_size':8},'weight_map':{"
                        + "'a':'model-00001-of-00002.safetensors',"
                        + "'b':'model-00002-of-00002.safetensors'}}");
        Safetensors both = Safetensors.open(folder);
        try (NDManager manager = NDManager.newBaseManager()) {
            assertEquals(1f, both.toNDArray(manager, "a").getFloat());
            assertEquals(2f, both.toNDArray(manager, "b").getFloat());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'weight_map':{'a':'x.safetensors','b':'x.safetensors'}} | tensor b must be in",
                "{'weight_map':{'b':'x.safetensors'}} | tensor a of x.safetensors must be listed",
                "{'weight_map':{'a':'../x.safetensors'}} | must be a .safetensors file beside",
                "{'weight_map':{'a':'x.safetensors','a':'x.safetensors'}} | must appear once",
                "{'weight_map':{}} | at least one tensor",
                "{'weight_map':{'a' | the index must be JSON",
            })
    void anIndexThatItsFilesContradictIsRefused(String index, String message) throws Exception {
        writeShard("x.safetensors", "a", 1f);
        writeIndex(index);
        MalformedModelException e =
                assertThrows(MalformedModelException.class, () -> Safetensors.open(folder));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]} | must be JSON",
                "['a'] | must begin with {",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}{} | header must be JSON",
                "{'a':{'dtype':'F31','shape':[2],'data_offsets':[0,8]}} | got dtype=F31",
                "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | must have 12 bytes",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | must fill the data",
                "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}} | must fill the data",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | at 0, got 4",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
                        + "'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | at 8, got 4",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}"
                    + " | must appear once",
                "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | must be whole numbers",
                "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | must be whole numbers",
                "{'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}} | must be whole numbers",
                "{'a':{'dtype':'F32','shape':[2],'shape':[2],'data_offsets':[0,8]}} | no second",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | or other key",
                "{'a':{'dtype':'F32','data_offsets':[0,8]}} | must have dtype, shape and two",
                "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}} | 2^63",
                "{'__metadata__':{'x':1},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}"
                        + " | metadata x must be a string",
            })
    void aHeaderThatBreaksTheFormatIsRefused(String header, String message) throws Exception {
        Path file = write(header, new byte[8]);
        MalformedModelException e =
                assertThrows(MalformedModelException.class, () -> Safetensors.open(file));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }

    @Test
    void everyTruncationAndAddedByteIsRefused() throws Exception {
        String header = "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}";
        byte[] whole = Files.readAllBytes(write(header, new byte[8]));
        for (int length = 0; length <= whole.length + 3; length++) {
            if (length != whole.length) {
                Path file = folder.resolve("cut.safetensors");
                Files.write(file, java.util.Arrays.copyOf(whole, length));
                assertThrows(MalformedModelException.class, () -> Safetensors.open(file));
            }
        }
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNearest() throws Exception {
        Safetensors file = Safetensors.open(Fixtures.golden("bert/model.safetensors"));
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> file.entry("embeddings.word_embedding.weight"));
        assertTrue(
                e.getMessage().endsWith("; did you mean embeddings.word_embeddings.weight?"),
                e.getMessage());
    }

    @Test
    void aMissingFileIsNamed() {
        Path none = folder.resolve("none.safetensors");
        Exception e = assertThrows(NoSuchFileException.class, () -> Safetensors.open(none));
        assertEquals(none.toString(), e.getMessage());
        assertThrows(NoSuchFileException.class, () -> Safetensors.open(folder));
    }

    private void writeShard(String name, String tensor, float value) throws IOException {
        byte[] data = new byte[4];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putFloat(value);
        String header = "{'" + tensor + "':{'dtype':'F32','shape':[],'data_offsets':[0,4]}}";
        Files.move(write(header, data), folder.resolve(name));
    }

    private void writeIndex(String json) throws IOException {
        Files.writeString(folder.resolve(Safetensors.INDEX_NAME), json.replace('\'', '"'));
    }

    private Path write(String header, byte[] data) throws IOException {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(8 + json.length + data.length);
        all.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).put(data);
        return Files.write(folder.resolve("t.safetensors"), all.array());
    }
}
