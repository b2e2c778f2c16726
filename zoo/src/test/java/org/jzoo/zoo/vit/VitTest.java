package org.jzoo.zoo.vit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.zoo.encoder.ImageModel;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.task.ImageEmbeddingTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.testing.GoldenCheck;

class VitTest {

    @TempDir Path temporary;

    private static final ImageEmbeddingTask FIRST =
            new ImageEmbeddingTask(Pooling.FIRST, null, false);

    private static NDArray run(Block block, NDArray images, boolean training, ForwardContext c) {
        ParameterStore store = new ParameterStore(images.getManager(), false);
        return block.forward(store, new NDList(images), training, c.asParams()).head();
    }

    @Test
    void hiddenStatesAndGradientsEqualThePublishedImplementation() throws Exception {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            GoldenCheck golden = new GoldenCheck("vit", FIRST, manager);
            ForwardContext context = new ForwardContext().withCapture(Transformer.HIDDEN);
            NDArray last =
                    run(
                            ((ImageModel) golden.block()).encoder(),
                            golden.input("pixel_values"),
                            true,
                            context);
            for (int l = 0; l < 3; l++) {
                NDArray hidden = context.captured().get("layers." + l + ".hidden");
                golden.assertOutput("hidden_states." + l, hidden, 1e-5);
            }
            golden.assertOutput("last_hidden_state", last, 1e-5);
            GradientMode.backward(last, golden.output("cotangent"));
            golden.assertGradients();
        }
    }

    @Test
    void thePoolerEqualsThePublishedOne() throws Exception {
        try (NDManager manager = PyTorch.newBaseManager()) {
            HuggingFaceConfig published = HuggingFaceConfig.of(GoldenCheck.folder("vit"));
            GoldenCheck golden = new GoldenCheck("vit", Vit.pooled(published), manager);
            NDArray pooled =
                    run(golden.block(), golden.input("pixel_values"), false, new ForwardContext());
            golden.assertOutput("pooler_output", pooled, 1e-5);
        }
    }
}
