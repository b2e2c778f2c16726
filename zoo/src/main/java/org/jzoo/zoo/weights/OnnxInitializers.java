package org.jzoo.zoo.weights;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The weights of a BERT encoder that was exported to ONNX, under the names and in the layout of the
 * model it came from: {@code encoder.layer.0.attention.self.query.weight} is (out, in).
 *
 * <p>Exporters keep the names of vectors and embeddings but fold each matrix into a transposed
 * initializer with a running number. Which one it was is told by the node that multiplies with it:
 * the bias that is added to the product has the same name but for its ending, and the node's own
 * name is the path of its layer. Both must agree.
 */
public final class OnnxInitializers implements TensorSource {

    private static final String WORDS = "embeddings.word_embeddings.weight";
    private static final List<String> EMBEDDINGS =
            List.of(
                    WORDS,
                    "embeddings.position_embeddings.weight",
                    "embeddings.token_type_embeddings.weight",
                    "embeddings.LayerNorm.weight",
                    "embeddings.LayerNorm.bias");
    private static final List<String> LAYER =
            List.of(
                    "attention.self.query",
                    "attention.self.key",
                    "attention.self.value",
                    "attention.output.dense",
                    "attention.output.LayerNorm",
                    "intermediate.dense",
                    "output.dense",
                    "output.LayerNorm");

    private final TensorSource tensors;
    private final OnnxBertConfig config;

    OnnxInitializers(TensorSource tensors, OnnxBertConfig config) {
        this.tensors = tensors;
        this.config = config;
    }

    /**
     * Reads a resource of the class path, such as {@code /all-minilm-l6-v2.onnx}.
     *
     * @throws FileNotFoundException if there is no such resource
     * @throws MalformedModelException if it is not a float export of a BERT encoder
     * @throws IOException if it cannot be read
     */
    public static OnnxInitializers ofResource(String resource)
            throws IOException, MalformedModelException {
        return of(resource, readResource(resource));
    }

    /**
     * Reads a resource of the class path by way of a safetensors copy in {@code cache}: the first
     * call makes it, later ones map it, which takes a tenth of the time and no heap. The copy
     * belongs to one version of the resource and is checked on every use; a damaged one is made
     * anew. Where none can be written the resource is read as {@link #ofResource} does.
     *
     * @throws FileNotFoundException if there is no such resource
     * @throws MalformedModelException if it is not a float export of a BERT encoder
     * @throws IOException if it cannot be read
     */
    public static OnnxInitializers cached(String resource, Path cache)
            throws IOException, MalformedModelException {
        return new OnnxCache(cache).open(resource);
    }

    /**
     * Reads a file.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws MalformedModelException if it is not a float export of a BERT encoder
     * @throws IOException if it cannot be read
     */
    public static OnnxInitializers ofFile(Path file) throws IOException, MalformedModelException {
        return of(file.toString(), Files.readAllBytes(file));
    }

    private static OnnxInitializers of(String origin, byte[] bytes) throws MalformedModelException {
        OnnxGraph graph = OnnxGraph.parse(origin, bytes);
        Map<String, LazyTensor> named = names(graph);
        OnnxBertConfig config = config(graph, named);
        return new OnnxInitializers(new LazySource(origin, named.values()), config);
    }

    /** The sizes of the encoder. */
    public OnnxBertConfig config() {
        return config;
    }

    @Override
    public String origin() {
        return tensors.origin();
    }

    @Override
    public NavigableMap<String, TensorEntry> entries() {
        return tensors.entries();
    }

    @Override
    public List<ByteBuffer> segments(String name) {
        return tensors.segments(name);
    }

    static URL find(String resource) throws FileNotFoundException {
        String name = resource.startsWith("/") ? resource.substring(1) : resource;
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        URL url = context == null ? null : context.getResource(name);
        if (url == null) {
            url = OnnxInitializers.class.getResource("/" + name);
        }
        if (url == null) {
            throw new FileNotFoundException(resource + " must be on the class path, got none");
        }
        return url;
    }

    // The size is known, so that the stream is inflated straight into its only copy.
    private static byte[] readResource(String resource) throws IOException {
        URLConnection connection = find(resource).openConnection();
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            long size = connection.getContentLengthLong();
            if (size < 0 || size > Integer.MAX_VALUE - 8) {
                return in.readAllBytes();
            }
            byte[] bytes = new byte[(int) size];
            if (in.readNBytes(bytes, 0, bytes.length) != size || in.read() >= 0) {
                throw new IOException(resource + " must have " + size + " bytes, got others");
            }
            return bytes;
        }
    }

    private static Map<String, LazyTensor> names(OnnxGraph graph) throws MalformedModelException {
        Map<String, LazyTensor> named = new TreeMap<>();
        Map<String, LazyTensor> matrices = new HashMap<>();
        String prefix = prefix(graph);
        graph.initializers()
                .forEach(
                        (name, tensor) -> {
                            if (!tensor.entry().type().fitsFloat()) {
                                return;
                            }
                            if (name.startsWith(prefix)) {
                                String rest = name.substring(prefix.length());
                                if (isRole(rest)) {
                                    named.put(rest, tensor.named(rest));
                                    return;
                                }
                            }
                            matrices.put(name, tensor);
                        });
        Map<String, String> biasOf = biases(graph, prefix);
        for (OnnxMl.NodeProto node : graph.nodes()) {
            LazyTensor matrix =
                    node.getOpType().equals("MatMul") ? matrices.get(node.getInput(1)) : null;
            if (matrix != null) {
                String name = role(graph, node, biasOf.get(node.getOutput(0)), prefix);
                if (named.put(name, matrix.transposed().named(name)) != null) {
                    throw notBert(graph, "two matrices for " + name);
                }
            }
        }
        return named;
    }

    /** What the exporter put before every name: empty, or the path of the encoder in its model. */
    private static String prefix(OnnxGraph graph) throws MalformedModelException {
        for (String name : graph.initializers().keySet()) {
            if (name.endsWith(WORDS)) {
                return name.substring(0, name.length() - WORDS.length());
            }
        }
        for (OnnxMl.NodeProto node : graph.nodes()) {
            if (node.getOpType().contains("Quantize") || node.getOpType().contains("Integer")) {
                throw notBert(graph, "a quantized one with " + node.getOpType());
            }
        }
        throw notBert(graph, "none of " + WORDS);
    }

    private static boolean isRole(String name) {
        return name.matches("(embeddings|encoder\\.layer\\.[0-9]+|pooler)\\..*\\.(weight|bias)");
    }

    /** The bias that each node's output is added to, by the output's name. */
    private static Map<String, String> biases(OnnxGraph graph, String prefix) {
        Map<String, String> biasOf = new HashMap<>();
        for (OnnxMl.NodeProto node : graph.nodes()) {
            if (node.getOpType().equals("Add")) {
                for (int i = 0; i < 2; i++) {
                    String bias = node.getInput(i);
                    if (bias.startsWith(prefix)
                            && bias.endsWith(".bias")
                            && graph.initializers().containsKey(bias)) {
                        biasOf.put(node.getInput(1 - i), bias.substring(prefix.length()));
                    }
                }
            }
        }
        return biasOf;
    }

    private static String role(OnnxGraph graph, OnnxMl.NodeProto node, String bias, String prefix)
            throws MalformedModelException {
        String byBias = bias == null ? null : bias.replaceAll("bias$", "weight");
        String path = node.getName().replaceAll("^/|MatMul(_[0-9]+)?$", "").replace('/', '.');
        String byPath = path.isEmpty() ? null : path + "weight";
        if (byPath != null && byPath.startsWith(prefix)) {
            byPath = byPath.substring(prefix.length());
        }
        String name = byBias == null ? byPath : byBias;
        if (name == null
                || !isRole(name)
                || (byBias != null && byPath != null && !byBias.equals(byPath))) {
            throw notBert(
                    graph,
                    "node %s whose matrix is %s by its bias and %s by its name"
                            .formatted(node.getName(), byBias, byPath));
        }
        return name;
    }

    private static OnnxBertConfig config(OnnxGraph graph, Map<String, LazyTensor> named)
            throws MalformedModelException {
        Set<Integer> layers = new TreeSet<>();
        for (String name : named.keySet()) {
            if (name.startsWith("encoder.layer.")) {
                layers.add(Integer.parseInt(name.split("\\.", -1)[2]));
            }
        }
        Set<String> missing = new TreeSet<>(EMBEDDINGS);
        for (int layer = 0; layer < Math.max(1, layers.size()); layer++) {
            for (String part : LAYER) {
                missing.add("encoder.layer.%d.%s.weight".formatted(layer, part));
                missing.add("encoder.layer.%d.%s.bias".formatted(layer, part));
            }
        }
        missing.removeAll(named.keySet());
        if (!missing.isEmpty()) {
            throw notBert(graph, "none of " + String.join(", ", missing));
        }
        Shape words = named.get(WORDS).entry().shape();
        int dim = (int) words.get(1);
        return new OnnxBertConfig(
                layers.size(),
                heads(graph, dim),
                dim,
                rows(named, "encoder.layer.0.intermediate.dense.bias"),
                (int) words.get(0),
                rows(named, "embeddings.position_embeddings.weight"),
                rows(named, "embeddings.token_type_embeddings.weight"),
                epsilon(graph),
                activation(graph));
    }

    private static int rows(Map<String, LazyTensor> named, String name) {
        return (int) named.get(name).entry().shape().get(0);
    }

    /** From the shape (B, T, H, Dh) that queries are brought into, H·Dh being the width. */
    private static int heads(OnnxGraph graph, int dim) throws MalformedModelException {
        Map<String, OnnxMl.NodeProto> makerOf = new HashMap<>();
        graph.nodes().forEach(node -> makerOf.put(node.getOutput(0), node));
        Set<Long> heads = new TreeSet<>();
        for (OnnxMl.NodeProto node : graph.nodes()) {
            if (!node.getOpType().equals("Reshape")) {
                continue;
            }
            long[] shape = graph.integers(node.getInput(1));
            OnnxMl.NodeProto maker = makerOf.get(node.getInput(1));
            if (shape == null && maker != null && maker.getOpType().equals("Concat")) {
                shape = new long[maker.getInputCount()];
                for (int i = 0; i < shape.length; i++) {
                    long[] one = graph.integers(maker.getInput(i));
                    shape[i] = one == null || one.length != 1 ? -1 : one[0];
                }
            }
            if (shape != null && shape.length == 4 && shape[2] * shape[3] == dim) {
                heads.add(shape[2]);
            }
        }
        if (heads.size() != 1) {
            throw notBert(graph, "these numbers of heads: " + heads);
        }
        return Math.toIntExact(heads.iterator().next());
    }

    private static double epsilon(OnnxGraph graph) throws MalformedModelException {
        Set<String> rooted = new TreeSet<>();
        for (OnnxMl.NodeProto node : graph.nodes()) {
            if (node.getOpType().equals("Sqrt")) {
                rooted.add(node.getInput(0));
            }
        }
        Set<String> found = new TreeSet<>();
        for (OnnxMl.NodeProto node : graph.nodes()) {
            if (node.getOpType().equals("LayerNormalization")) {
                node.getAttributeList().stream()
                        .filter(attribute -> attribute.getName().equals("epsilon"))
                        .forEach(attribute -> found.add(Float.toString(attribute.getF())));
            } else if (node.getOpType().equals("Add") && rooted.contains(node.getOutput(0))) {
                for (String input : node.getInputList()) {
                    float number = graph.number(input);
                    if (!Float.isNaN(number)) {
                        found.add(Float.toString(number));
                    }
                }
            }
        }
        if (found.size() != 1) {
            throw notBert(graph, "these LayerNorm epsilons: " + found);
        }
        // By way of text: 1e-12, not the nearest float's 9.999999960041972e-13.
        return Double.parseDouble(found.iterator().next());
    }

    private static String activation(OnnxGraph graph) throws MalformedModelException {
        Set<String> types = new TreeSet<>();
        for (OnnxMl.NodeProto node : graph.nodes()) {
            types.add(node.getOpType().toLowerCase(Locale.ROOT));
        }
        if (types.contains("erf") || types.contains("gelu")) {
            return "gelu";
        }
        if (types.contains("relu")) {
            return "relu";
        }
        if (types.contains("pow") && types.contains("tanh")) {
            return "gelu_new";
        }
        throw notBert(graph, "no activation among its operators");
    }

    private static MalformedModelException notBert(OnnxGraph graph, String got) {
        return new MalformedModelException(
                graph.origin()
                        + ": the graph must be a float export of a BERT encoder, got "
                        + got);
    }
}
