package org.jzoo.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.Device;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.Task;

class ModelSourceTest {

    private static LoadedModel model(Task task) {
        return LoadedModel.fresh(
                "tiny",
                ModelConfig.of(
                        "bert",
                        new PostNormEncoder(19, 6, 2, 3, 10, Activation.GELU, 0.1, 0, 1e-12)
                                .config(new LearnedPositionOption(7), 7, 2, 0, false),
                        task),
                null,
                5,
                Device.cpu());
    }

    private static ClassificationTask labels(HeadOption head) {
        return new ClassificationTask(List.of("no", "yes"), false, head);
    }

    private static float[] weights(LoadedModel model, String path) {
        return model.parameters().get(path).getArray().toFloatArray();
    }

    @Test
    void aTunedModelUnderANewHeadKeepsItsBodyAndPoolsAsBefore() {
        AtomicReference<HeadOption> offered = new AtomicReference<>();
        try (LoadedModel old = model(labels(HeadOption.MEAN))) {
            PyTorch.seed(6);
            LoadedModel made =
                    ModelSource.under(
                            old,
                            head -> {
                                offered.set(head);
                                return labels(head);
                            });
            try (made) {
                assertEquals(HeadOption.MEAN, offered.get());
                old.body()
                        .keySet()
                        .forEach(p -> assertArrayEquals(weights(old, p), weights(made, p), p));
                String head = "head.output.weight";
                assertFalse(Arrays.equals(weights(old, head), weights(made, head)));
            }
        }
    }

    @Test
    void aModelThatGaveNoLabelsIsOfferedItsArchitecturesHead() {
        try (LoadedModel old = model(new EmbeddingTask(Pooling.MEAN, true));
                LoadedModel made = ModelSource.under(old, ModelSourceTest::labels)) {
            assertEquals(HeadOption.BERT, ((ClassificationTask) made.config().task()).head());
        }
    }
}
