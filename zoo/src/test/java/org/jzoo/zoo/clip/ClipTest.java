package org.jzoo.zoo.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.task.ImageTextTask;
import org.jzoo.zoo.testing.GoldenCheck;

class ClipTest {

    private static NDList run(Block block, NDList inputs, boolean training, ForwardContext c) {
        ParameterStore store = new ParameterStore(inputs.head().getManager(), false);
        return block.forward(store, inputs, training, c.asParams());
    }

    private static NDArray infer(Block block, NDArray... inputs) {
        return run(block, new NDList(inputs), false, new ForwardContext()).head();
    }

    @Test
    void outputsAndGradientsEqualThePublishedImplementation() throws Exception {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            GoldenCheck golden = new GoldenCheck("clip", new ImageTextTask(), manager);
            NDList inputs = new NDList(golden.input("input_ids"), golden.input("pixel_values"));
            ForwardContext context = new ForwardContext().withCapture(Transformer.HIDDEN);
            NDList outputs = run(golden.block(), inputs, true, context);
            golden.assertOutput("logits_per_image", outputs.get(0), 1e-5);
            golden.assertOutput("image_embeds", outputs.get(1), 1e-5);
            golden.assertOutput("text_embeds", outputs.get(2), 1e-5);
            assertEquals(
                    new Shape(2, 16, 32),
                    context.captured().get("text.layers.2.hidden").getShape());
            assertEquals(
                    new Shape(2, 17, 32),
                    context.captured().get("image.layers.0.hidden").getShape());
            GradientMode.backward(outputs.get(0), golden.output("cotangent"));
            golden.assertGradients();
        }
    }

    @Test
    void eitherModalityMayBeMissing() throws Exception {
        try (NDManager manager = PyTorch.newBaseManager()) {
            GoldenCheck golden = new GoldenCheck("clip", new ImageTextTask(), manager);
            NDArray ids = golden.input("input_ids");
            golden.assertOutput("text_embeds", infer(golden.block(), ids), 1e-5);
            golden.assertOutput(
                    "image_embeds", infer(golden.block(), golden.input("pixel_values")), 1e-5);
            assertTrue(
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> infer(golden.block(), ids.gt(0)))
                            .getMessage()
                            .startsWith("inputs must be token ids (int64), images (float32)"));
        }
    }

    @Test
    void paddingAfterTheEndChangesNothing() throws Exception {
        try (NDManager manager = PyTorch.newBaseManager()) {
            GoldenCheck golden = new GoldenCheck("clip", new ImageTextTask(), manager);
            NDArray ids = golden.input("input_ids");
            NDArray zeros = manager.zeros(new Shape(2, 5), ids.getDataType());
            NDArray longer = ids.concat(zeros, 1);
            golden.assertOutput("text_embeds", infer(golden.block(), longer), 1e-5);
            golden.assertOutput("text_embeds", infer(golden.block(), longer, longer.gt(0)), 1e-5);
        }
    }

    @Test
    void theEndOfATextIsItsFirstEndTokenOrItsHighestId() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = manager.arange(12f).reshape(2, 3, 2);
            NDArray ids = manager.create(new long[] {7, 9, 9, 5, 3, 5}, new Shape(2, 3));
            assertEquals(
                    manager.create(new float[] {2, 3, 6, 7}, new Shape(2, 2)),
                    EmbeddingKernel.atToken(x, ids, ClipConfig.HIGHEST));
            assertEquals(
                    manager.create(new float[] {0, 1, 8, 9}, new Shape(2, 2)),
                    EmbeddingKernel.atToken(x, ids, 3));
        }
    }

    @Test
    void theEndTokenIsReadAsThePublishedImplementationReadsIt() throws Exception {
        assertEquals(ClipConfig.HIGHEST, read(json -> {}).endToken());
        assertEquals(88, read(json -> text(json).addProperty("eos_token_id", 88)).endToken());
        ClipConfig padded = read(json -> text(json).addProperty("pad_token_id", 5));
        assertEquals(5, padded.padding());
        assertEquals(64, padded.maxLength());
        assertEquals(32, padded.preprocessing().shortestEdge());
    }

    @Test
    void whatIsNotSupportedIsNamed() throws Exception {
        assertRejects(json -> text(json).addProperty("hidden_act", "mish"), "hidden_act", "mish");
        assertRejects(
                json -> json.getAsJsonObject("vision_config").addProperty("strange", 3),
                "vision_config",
                "strange=3");
        assertRejects(json -> text(json).addProperty("is_decoder", true), "is_decoder", "false");
        assertRejects(json -> json.remove("text_config"), "text_config");
        assertRejects(
                json -> {
                    JsonObject copy = text(json).deepCopy();
                    copy.addProperty("hidden_size", 48);
                    json.add("text_config_dict", copy);
                },
                "text_config_dict",
                "hidden_size=48");
        assertRejects(
                json -> json.getAsJsonObject("vision_config").addProperty("patch_size", 5),
                "patch size must divide imageSize, got size=5, imageSize=32");
    }

    private static JsonObject text(JsonObject json) {
        return json.getAsJsonObject("text_config");
    }

    private static ClipConfig read(Consumer<JsonObject> change)
            throws IOException, URISyntaxException {
        String json = Files.readString(GoldenCheck.folder("clip").resolve("config.json"));
        JsonObject tree = JsonParser.parseString(json).getAsJsonObject();
        change.accept(tree);
        return new Clip().readConfig(new HuggingFaceConfig("config.json", tree));
    }

    private static void assertRejects(Consumer<JsonObject> change, String... parts) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> read(change)).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }
}
