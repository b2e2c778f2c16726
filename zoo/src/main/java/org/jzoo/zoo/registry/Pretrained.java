package org.jzoo.zoo.registry;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.util.Utils;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.huggingface.HuggingFaceFolder;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.weights.OnnxBertConfig;
import org.jzoo.zoo.weights.OnnxInitializers;

/**
 * A published sentence encoder whose weights lie on the class path, in the ONNX file of a Maven
 * artifact.
 *
 * @param name what the zoo calls it
 * @param alias what its publisher calls it
 * @param artifact the Maven coordinates that bring the weights
 * @param resource the weights' resource name
 * @param tokenizerResource the tokenizer's resource name
 * @param pooling how its embeddings are pooled
 * @param licence of the weights
 * @param description one line for lists
 * @param parameters how many weights it has
 * @param bytes size of the resource
 * @param sha256 of the resource
 */
public record Pretrained(
        String name,
        String alias,
        String artifact,
        String resource,
        String tokenizerResource,
        Pooling pooling,
        String licence,
        String description,
        long parameters,
        long bytes,
        String sha256) {

    private static final double DROPOUT = 0.1;

    // The fused kernels have no dropout on CPU: without fusion, and with random bits for each pair
    // of tokens, a training step of 256 tokens takes a quarter more time.
    private static final double ATTENTION_DROPOUT = 0;

    private static final String GROUP = "dev.langchain4j:langchain4j-embeddings-";
    private static final String VERSION = ":1.20.0-beta30";

    /** What there is: one line each. */
    public static final List<Pretrained> ALL =
            List.of(
                    new Pretrained(
                            "minilm-l6",
                            "all-MiniLM-L6-v2",
                            GROUP + "all-minilm-l6-v2" + VERSION,
                            "/all-minilm-l6-v2.onnx",
                            "/all-minilm-l6-v2-tokenizer.json",
                            Pooling.MEAN,
                            "Apache-2.0",
                            "English sentence encoder, 6 layers of 384, 22.6 M weights",
                            22_565_376L,
                            90_387_606L,
                            "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e"),
                    new Pretrained(
                            "bge-small-en",
                            "bge-small-en-v1.5",
                            GROUP + "bge-small-en-v15" + VERSION,
                            "/bge-small-en-v1.5.onnx",
                            "/bge-small-en-v1.5-tokenizer.json",
                            Pooling.FIRST,
                            "MIT",
                            "English sentence encoder, 12 layers of 384, 33 M weights",
                            33_212_160L,
                            133_093_490L,
                            "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35"),
                    new Pretrained(
                            "bge-small-zh",
                            "bge-small-zh-v1.5",
                            GROUP + "bge-small-zh-v15" + VERSION,
                            "/bge-small-zh-v1.5.onnx",
                            "/bge-small-zh-v1.5-tokenizer.json",
                            Pooling.FIRST,
                            "MIT",
                            "Chinese sentence encoder, 4 layers of 512, 24 M weights",
                            23_691_264L,
                            94_851_877L,
                            "69a0b846f4f116b5e6aabf9546ea6754d02264f3211a13a1bd69b31b8040749a"));

    /** The model of that name or alias, in any case. */
    public static Optional<Pretrained> of(String name) {
        return ALL.stream()
                .filter(p -> p.name.equalsIgnoreCase(name) || p.alias.equalsIgnoreCase(name))
                .findFirst();
    }

    /** Whether the weights are on the class path. */
    public boolean isAvailable() {
        return Pretrained.class.getResource(resource) != null;
    }

    /** The task that the model was published for. */
    public EmbeddingTask task() {
        return new EmbeddingTask(pooling, true);
    }

    /**
     * Loads the model for a task; the weights of a head start fresh.
     *
     * @param task {@link #task()} or another one
     * @param device where the weights live; null for the engine's default
     * @throws FileNotFoundException if the weights are not on the class path; the message names the
     *     artifact that brings them
     * @throws MalformedModelException if they are damaged
     */
    public LoadedModel load(Task task, Device device) throws IOException, MalformedModelException {
        if (!isAvailable()) {
            throw new FileNotFoundException(
                    "the weights of %s must be on the class path: add the Maven dependency %s"
                            .formatted(name, artifact));
        }
        PyTorch.startAhead();
        OnnxInitializers weights =
                OnnxInitializers.cached(resource, Utils.getCacheDir().resolve("jzoo"));
        EncoderConfig config = config(weights.config());
        byte[] tokenizer;
        try (InputStream in = Pretrained.class.getResourceAsStream(tokenizerResource)) {
            tokenizer = in.readAllBytes();
        }
        return HuggingFaceFolder.load(
                name,
                ModelConfig.of("bert", config, task),
                weights,
                TextTokenizer.of(tokenizer, config.maxLength()),
                device);
    }

    private EncoderConfig config(OnnxBertConfig onnx) {
        return new PostNormEncoder(
                        onnx.vocabularySize(),
                        onnx.dim(),
                        onnx.numLayers(),
                        onnx.numHeads(),
                        onnx.feedForwardDim(),
                        HuggingFaceConfig.activation(resource, onnx.activation()),
                        DROPOUT,
                        ATTENTION_DROPOUT,
                        onnx.layerNormEpsilon())
                .config(
                        new LearnedPositionOption(onnx.maxPositions()),
                        onnx.maxPositions(),
                        onnx.numTokenTypes(),
                        0,
                        false);
    }
}
