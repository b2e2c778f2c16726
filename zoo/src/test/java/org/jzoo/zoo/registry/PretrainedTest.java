package org.jzoo.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.zoo.text.TokenizedText;
import org.jzoo.zoo.weights.TensorType;

/** The real MiniLM, from the class path to a folder and back. */
class PretrainedTest {

    private static final String[] TEXTS = {
        "A man is eating food.", "A man is eating a piece of bread.", "The girl carries a baby."
    };

    @TempDir Path temp;

    @Test
    void similarSentencesAreNearAndTheFolderReloadsBitEqual() throws Exception {
        Pretrained minilm = Pretrained.of("ALL-minilm-L6-v2").orElseThrow();
        Path folder = temp.resolve("model");
        float[][] before = new float[TEXTS.length][];
        try (LoadedModel model = minilm.load(minilm.task(), Device.cpu())) {
            assertEquals(22_565_376L, model.numParameters());
            for (int i = 0; i < TEXTS.length; i++) {
                before[i] = embed(model, TEXTS[i]);
            }
            ModelFolder.save(folder, model, "# card\n", TensorType.F32);
        }
        assertTrue(dot(before[0], before[1]) > 0.7, "paraphrases");
        assertTrue(dot(before[0], before[2]) < 0.3, "different sentences");
        assertTrue(Files.exists(folder.resolve("model.safetensors")));
        try (LoadedModel model = ModelFolder.load(folder, Device.cpu())) {
            for (int i = 0; i < TEXTS.length; i++) {
                assertArrayEquals(before[i], embed(model, TEXTS[i]));
            }
        }
    }

    private static float[] embed(LoadedModel model, String text) {
        TokenizedText tokens = model.tokenizer().encode(text);
        try (NDManager manager = model.manager().newSubManager()) {
            NDArray ids = manager.create(new long[][] {tokens.ids()});
            NDArray types = manager.create(new long[][] {tokens.typeIds()});
            return model.block()
                    .forward(new ParameterStore(manager, false), new NDList(ids, types), false)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
