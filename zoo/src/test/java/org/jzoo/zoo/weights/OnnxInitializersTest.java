package org.jzoo.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.io.FileNotFoundException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class OnnxInitializersTest {

    @TempDir Path folder;

    @Test
    void everyWeightOfMiniLmIsTheInitializerThatItsNodeUses() throws Exception {
        byte[] bytes;
        try (var in = getClass().getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            bytes = in.readAllBytes();
        }
        OnnxMl.GraphProto graph = OnnxMl.ModelProto.parseFrom(bytes).getGraph();
        OnnxInitializers miniLm = OnnxInitializers.ofResource("all-minilm-l6-v2.onnx");
        assertEquals(
                new OnnxBertConfig(6, 12, 384, 1536, 30522, 512, 2, 1e-12, "gelu"),
                miniLm.config());
        assertEquals(5 + 6 * 16, miniLm.entries().size());
        assertEquals(
                22_565_376L, miniLm.entries().values().stream().mapToLong(TensorEntry::size).sum());
        Map<String, String> used = new TreeMap<>();
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("MatMul") && node.getInput(1).startsWith("onnx::")) {
                String path = node.getName().substring(1).replace("/MatMul", ".weight");
                used.put(node.getInput(1), path.replace('/', '.'));
            }
        }
        assertEquals(36, used.size());
        try (NDManager manager = NDManager.newBaseManager()) {
            for (OnnxMl.TensorProto tensor : graph.getInitializerList()) {
                if (tensor.getDataType() == 1) {
                    String name = used.getOrDefault(tensor.getName(), tensor.getName());
                    NDArray expected = array(manager, tensor);
                    boolean matrix = used.containsKey(tensor.getName());
                    try (NDArray actual = miniLm.toNDArray(manager, name)) {
                        assertEquals(matrix ? expected.transpose() : expected, actual, name);
                    }
                    expected.close();
                }
            }
        }
    }

    private static NDArray array(NDManager manager, OnnxMl.TensorProto tensor) {
        long[] shape = tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
        ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return manager.create(raw.asFloatBuffer(), new Shape(shape));
    }

    @Test
    void aCachedCopyIsTheSameAndADamagedOneIsMadeAnew() throws Exception {
        Path cache = folder.resolve("cache");
        withJar(
                () -> {
                    OnnxInitializers fresh = OnnxInitializers.ofResource("/small.onnx");
                    OnnxInitializers first = OnnxInitializers.cached("/small.onnx", cache);
                    assertSame(fresh, first);
                    Path copy = Path.of(first.origin());
                    assertEquals(cache, copy.getParent());
                    byte[] whole = Files.readAllBytes(copy);
                    for (int position = 0; position < whole.length; position += 7) {
                        byte[] bytes = whole.clone();
                        bytes[position] ^= 4;
                        Files.delete(copy);
                        Files.write(copy, bytes);
                        assertSame(fresh, OnnxInitializers.cached("/small.onnx", cache));
                        assertArrayEquals(whole, Files.readAllBytes(copy));
                    }
                });
    }

    @Test
    void anExistingCopyIsUsed() throws Exception {
        withJar(
                () -> {
                    Path copy = Path.of(OnnxInitializers.cached("/small.onnx", folder).origin());
                    FileTime past = FileTime.fromMillis(1_000_000);
                    Files.setLastModifiedTime(copy, past);
                    assertEquals(
                            copy.toString(),
                            OnnxInitializers.cached("small.onnx", folder).origin());
                    assertEquals(past, Files.getLastModifiedTime(copy));
                });
    }

    @Test
    void withoutAPlaceForACopyTheResourceItselfIsRead() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        withJar(
                () ->
                        assertEquals(
                                "/small.onnx",
                                OnnxInitializers.cached("/small.onnx", file).origin()));
        assertEquals("x", Files.readString(file));
    }

    /** Puts a jar with a small compressed graph on the class path of {@code body}. */
    private void withJar(Executable body) throws Exception {
        Path jar = folder.resolve("small.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("small.onnx"));
            out.write(model(graph("", "W", true)));
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            body.execute();
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void assertSame(OnnxInitializers expected, OnnxInitializers actual) {
        assertEquals(expected.config(), actual.config());
        assertEquals(expected.entries().keySet(), actual.entries().keySet());
        for (String name : expected.entries().keySet()) {
            assertTrue(
                    LazyTensor.of(expected, name).sameElements(LazyTensor.of(actual, name)), name);
        }
    }

    @Test
    void theSmallEnglishAndChineseModelsAreReadWhole() throws Exception {
        OnnxInitializers english = OnnxInitializers.ofResource("/bge-small-en-v1.5.onnx");
        assertEquals(
                new OnnxBertConfig(12, 12, 384, 1536, 30522, 512, 2, 1e-12, "gelu"),
                english.config());
        assertEquals(5 + 12 * 16, english.entries().size());
        OnnxInitializers chinese = OnnxInitializers.ofResource("/bge-small-zh-v1.5.onnx");
        assertEquals(
                new OnnxBertConfig(4, 8, 512, 2048, 21128, 512, 2, 1e-12, "gelu"),
                chinese.config());
        assertEquals(5 + 4 * 16, chinese.entries().size());
    }

    @Test
    void namesDoNotDependOnTheExportersNumbersPathsOrPrefix() throws Exception {
        OnnxInitializers small = write(graph("auto_model.", "onnx::MatMul_9", false));
        OnnxInitializers other = write(graph("", "W1", true));
        assertEquals(new OnnxBertConfig(1, 2, 6, 10, 7, 5, 2, 1e-5, "relu"), small.config());
        assertEquals(small.config(), other.config());
        assertEquals(small.entries().keySet(), other.entries().keySet());
        try (NDManager manager = NDManager.newBaseManager()) {
            String name = "encoder.layer.0.intermediate.dense.weight";
            NDArray weight = small.toNDArray(manager, name);
            assertEquals(new Shape(10, 6), weight.getShape());
            assertEquals(manager.arange(60f).reshape(6, 10).transpose(), weight);
            assertEquals(weight, other.toNDArray(manager, name));
        }
    }

    @Test
    void aGraphThatIsNoBertIsRefusedWithWhatItLacks() {
        refuses(
                OnnxMl.GraphProto.newBuilder(),
                "must be a float export of a BERT encoder, got none of embeddings.word_emb");
        refuses(
                OnnxMl.GraphProto.newBuilder()
                        .addNode(OnnxMl.NodeProto.newBuilder().setOpType("MatMulInteger")),
                "got a quantized one with MatMulInteger");
        OnnxMl.GraphProto.Builder cut = graph("", "W", true);
        for (int i = 0; i < cut.getNodeCount(); i++) {
            if (cut.getNode(i).getName().contains("key/MatMul")) {
                cut.removeNode(i);
            }
        }
        refuses(cut, "got none of encoder.layer.0.attention.self.key.weight");
    }

    @Test
    void aFileThatIsNoOnnxOrCutShortIsRefused() throws Exception {
        byte[] whole = model(graph("", "W", true));
        Path file = folder.resolve("x.onnx");
        for (int length = 0; length < whole.length; length += 13) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThrows(MalformedModelException.class, () -> OnnxInitializers.ofFile(file));
        }
        Files.writeString(file, "{\"model_type\": \"bert\"}");
        assertThrows(MalformedModelException.class, () -> OnnxInitializers.ofFile(file));
    }

    @Test
    void aMissingResourceIsNamed() {
        Exception e =
                assertThrows(
                        FileNotFoundException.class,
                        () -> OnnxInitializers.ofResource("/none.onnx"));
        assertEquals("/none.onnx must be on the class path, got none", e.getMessage());
    }

    private void refuses(OnnxMl.GraphProto.Builder graph, String message) {
        Exception e = assertThrows(MalformedModelException.class, () -> write(graph));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private OnnxInitializers write(OnnxMl.GraphProto.Builder graph) throws Exception {
        return OnnxInitializers.ofFile(Files.write(folder.resolve("x.onnx"), model(graph)));
    }

    private static byte[] model(OnnxMl.GraphProto.Builder graph) {
        return OnnxMl.ModelProto.newBuilder()
                .setIrVersion(8)
                .setProducerName("test")
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    /** One layer, width 6, 2 heads, F 10: the nodes that tell something and no others. */
    private static OnnxMl.GraphProto.Builder graph(String prefix, String matrix, boolean paths) {
        OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder();
        graph.addInitializer(tensor(prefix + "embeddings.word_embeddings.weight", 7, 6));
        graph.addInitializer(tensor(prefix + "embeddings.position_embeddings.weight", 5, 6));
        graph.addInitializer(tensor(prefix + "embeddings.token_type_embeddings.weight", 2, 6));
        graph.addInitializer(tensor(prefix + "embeddings.LayerNorm.weight", 6));
        graph.addInitializer(tensor(prefix + "embeddings.LayerNorm.bias", 6));
        String layer = "encoder.layer.0.";
        int number = 0;
        for (String part :
                new String[] {
                    "attention.self.query",
                    "attention.self.key",
                    "attention.self.value",
                    "attention.output.dense",
                    "intermediate.dense",
                    "output.dense"
                }) {
            long in = part.equals("output.dense") ? 10 : 6;
            long out = part.equals("intermediate.dense") ? 10 : 6;
            String name = matrix + number++;
            String bias = prefix + layer + part + ".bias";
            graph.addInitializer(tensor(bias, out));
            graph.addInitializer(tensor(name, in, out));
            String path = "/" + (prefix + layer + part).replace("layer.0", "layer@0");
            path = path.replace('.', '/').replace("layer@0", "layer.0") + "/MatMul";
            graph.addNode(
                    OnnxMl.NodeProto.newBuilder()
                            .setOpType("MatMul")
                            .setName(paths ? path : "MatMul_" + number)
                            .addInput("x")
                            .addInput(name)
                            .addOutput("product" + number));
            graph.addNode(
                    OnnxMl.NodeProto.newBuilder()
                            .setOpType("Add")
                            .addInput(bias)
                            .addInput("product" + number)
                            .addOutput("sum" + number));
        }
        for (String part : new String[] {"attention.output.LayerNorm", "output.LayerNorm"}) {
            graph.addInitializer(tensor(prefix + layer + part + ".weight", 6));
            graph.addInitializer(tensor(prefix + layer + part + ".bias", 6));
        }
        graph.addInitializer(
                OnnxMl.TensorProto.newBuilder()
                        .setName("heads")
                        .setDataType(7)
                        .addDims(4)
                        .setRawData(longs(0, 0, 2, 3)));
        graph.addNode(
                OnnxMl.NodeProto.newBuilder()
                        .setOpType("Reshape")
                        .addInput("sum1")
                        .addInput("heads")
                        .addOutput("queries"));
        graph.addNode(OnnxMl.NodeProto.newBuilder().setOpType("Relu").addOutput("relu"));
        graph.addNode(
                OnnxMl.NodeProto.newBuilder()
                        .setOpType("LayerNormalization")
                        .addAttribute(
                                OnnxMl.AttributeProto.newBuilder().setName("epsilon").setF(1e-5f))
                        .addOutput("norm"));
        return graph;
    }

    private static OnnxMl.TensorProto tensor(String name, long... shape) {
        int size = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
        ByteBuffer raw = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            raw.putFloat(4 * i, i);
        }
        OnnxMl.TensorProto.Builder tensor =
                OnnxMl.TensorProto.newBuilder().setName(name).setDataType(1);
        LongStream.of(shape).forEach(tensor::addDims);
        return tensor.setRawData(ByteString.copyFrom(raw)).build();
    }

    private static ByteString longs(long... values) {
        ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            raw.putLong(value);
        }
        return ByteString.copyFrom(raw.flip());
    }
}
