package org.jzoo.zoo.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.packed.PackedEncoder;
import org.jzoo.blocks.packed.PackedMode;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.quantization.PackedEmbedding;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.blocks.quantization.QuantizedLinear;
import org.jzoo.blocks.quantization.ScaleRule;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.Pretrained;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.StrictLoader;

class EncoderPackingTest {

    private static final String[] TEXTS = {
        "A man is eating food.",
        "The girl carries a baby through the long grass behind the house.",
        "No.",
        "Shares of the company fell 3.2 percent after it cut its forecast for the year, blaming"
                + " weak demand in Europe and the cost of closing two plants."
    };

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "distilbert"})
    void packedStatesEqualThePublishedImplementation(String name) throws Exception {
        Path folder = Path.of(EncoderPackingTest.class.getResource("/golden/" + name).toURI());
        HuggingFaceConfig published = HuggingFaceConfig.of(folder);
        Architecture architecture = Architectures.of(published.modelType());
        EmbeddingTask task = new EmbeddingTask(Pooling.MEAN, false);
        ModelConfig config = ModelConfig.of(name, architecture.readConfig(published), task);
        TextModel model = (TextModel) config.model().create(task);
        try (NDManager manager = PyTorch.newBaseManager()) {
            StrictLoader.into(ParameterPaths.of(model))
                    .ignoring(architecture.unused(task).toArray(new String[0]))
                    .load(architecture.names(config).toOurs(Safetensors.open(folder)), manager);
            Safetensors inputs = Safetensors.open(folder.resolve("inputs.safetensors"));
            Safetensors outputs = Safetensors.open(folder.resolve("outputs.safetensors"));
            NDArray ids = inputs.toNDArray(manager, "input_ids");
            NDArray mask = inputs.toNDArray(manager, "attention_mask");
            int last = model.config().stack().numLayers();
            NDArray want = outputs.toNDArray(manager, "hidden_states." + last);
            try (PackedEncoder packed = EncoderPacking.pack(model.encoder(), PackedMode.FLOAT32)) {
                NDArray got = packed.hiddenState(ids, mask, null);
                NDArray kept = mask.toType(DataType.FLOAT32, true).expandDims(2);
                assertTrue(want.sub(got).mul(kept).abs().max().getFloat() < 1e-5, name);
            }
        }
    }

    @Test
    void bfloat16KeepsTheEmbeddingsOfMiniLm() throws Exception {
        Pretrained minilm = Pretrained.of("minilm-l6").orElseThrow();
        try (LoadedModel model = minilm.load(minilm.task(), Device.cpu());
                NDManager manager = PyTorch.newBaseManager()) {
            long[][] ids = new long[TEXTS.length][];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = model.tokenizer().encode(TEXTS[i]).ids();
            }
            TextEncoder encoder = ((TextModel) model.block()).encoder();
            try (PackedEncoder exact = EncoderPacking.pack(encoder, PackedMode.FLOAT32);
                    PackedEncoder fast = EncoderPacking.pack(encoder, PackedMode.BFLOAT16)) {
                NDArray want = exact.embedding(manager, ids);
                NDArray got = fast.embedding(manager, ids);
                float least = want.mul(got).sum(new int[] {1}).min().getFloat();
                assertTrue(least > 0.999, "least cosine " + least);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void prunedMapsAndWordsOfFewBitsRunWithWhatTheirCodesStandFor(boolean symmetric) {
        WeightGrid words =
                symmetric ? WeightGrid.perChannel(4) : WeightGrid.perGroup(6, 12).asymmetric();
        EncoderConfig whole =
                new PostNormEncoder(31, 24, 1, 3, 40, Activation.GELU, 0, 0, 1e-12)
                        .config(new LearnedPositionOption(9), 9, 2, 0, false);
        LayerConfig all = whole.stack().layers().get(0);
        LayerConfig some =
                new LayerConfig(
                        ((SelfAttentionOption) all.mixer()).withHeads(2, 2),
                        new DenseFeedForwardOption(32, Activation.GELU, true, 0),
                        all.norm(),
                        all.placement(),
                        0);
        TextEncoder encoder =
                new TextEncoder(
                        whole.withStack(new TransformerConfig(24, List.of(all, some), null, null)));
        try (NDManager manager = PyTorch.newBaseManager()) {
            encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 9));
            encoder.replaceParts(
                    (path, block) ->
                            block instanceof Linear map
                                    ? new QuantizedLinear(
                                                    map, WeightGrid.perGroup(4, 8), ScaleRule.RANGE)
                                            .pack()
                                    : path.equals("tokens")
                                            ? PackedEmbedding.of((TokenEmbedding) block, words)
                                            : block);
            assertEquals(12, PackedMaps.of(encoder).size());
            NDArray ids = manager.randomInteger(0, 31, new Shape(3, 7), DataType.INT64);
            NDArray want =
                    encoder.forward(new ParameterStore(manager, false), new NDList(ids), false)
                            .singletonOrThrow();
            try (PackedEncoder packed = EncoderPacking.pack(encoder, PackedMode.FLOAT32);
                    PackedEncoder fastest = EncoderPacking.pack(encoder, PackedMode.FASTEST)) {
                NDArray got = packed.hiddenState(ids, null, null);
                assertTrue(want.sub(got).abs().max().getFloat() < 1e-5);
                NDArray quick = fastest.hiddenState(ids, null, null);
                assertTrue(want.sub(quick).abs().max().getFloat() < 0.15);
            }
        }
    }

    @Test
    void refusesWhatItCannotRun() {
        EncoderConfig relu =
                new PostNormEncoder(31, 24, 1, 2, 40, Activation.RELU, 0, 0, 1e-12)
                        .config(new LearnedPositionOption(9), 9, 2, 0, false);
        assertFalse(EncoderPacking.supports(relu));
        TextEncoder encoder = new TextEncoder(relu);
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> EncoderPacking.pack(encoder, PackedMode.AUTO));
        assertEquals(
                "encoder must have learned positions, layer norms after each branch and GELU, got "
                        + relu,
                e.getMessage());
    }
}
