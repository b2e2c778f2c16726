package org.jzoo.zoo.document;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.testing.TinyModels;

class WindowVectorsTest {

    private static final String TEXT = "the lamp is in the hall. ".repeat(40);

    @Test
    void aShortTextIsOneWindow() throws IOException {
        try (LoadedModel model = model(true)) {
            float[] vector = WindowVectors.of(model).embed(LongText.of("the lamp"));
            assertArrayEquals(model.embed("the lamp"), vector, 1e-6f);
        }
    }

    @Test
    void windowsCountByTheirTokens() throws IOException {
        try (LoadedModel model = model(false)) {
            int window = model.tokenizer().maxLength() - 2;
            int[] ends = model.tokenizer().encodePlain(TEXT).ends();
            assertTrue(ends.length > 2 * window, "one window only");
            double[] sum = new double[model.embed("a").length];
            for (int from = 0; from < ends.length; from += window) {
                int to = Math.min(ends.length, from + window);
                String part = TEXT.substring(from == 0 ? 0 : ends[from - 1], ends[to - 1]);
                float[] vector = model.embed(part);
                for (int d = 0; d < sum.length; d++) {
                    sum[d] += vector[d] * (to - from) / (double) ends.length;
                }
            }
            float[] mean = WindowVectors.of(model).embed(LongText.of(TEXT));
            for (int d = 0; d < sum.length; d++) {
                assertEquals(sum[d], mean[d], 1e-5);
            }
        }
    }

    @Test
    void saysWhatIsWrong() {
        try (LoadedModel model = model(true)) {
            assertEquals(
                    "document must hold text, got none in text",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> WindowVectors.of(model).embed(LongText.of(" ")))
                            .getMessage());
            WindowVectors cancelled = WindowVectors.of(model).withCancelled(() -> true);
            assertThrows(ReadingCancelledException.class, () -> cancelled.embed(LongText.of(TEXT)));
        }
        ClassificationTask task =
                new ClassificationTask(
                        List.of("a", "b"), false, new HeadOption(Pooling.MEAN, null, 0));
        try (LoadedModel model = TinyModels.of(task)) {
            assertEquals(
                    "model must embed texts, got tiny with the task ClassificationTask",
                    assertThrows(IllegalArgumentException.class, () -> WindowVectors.of(model))
                            .getMessage());
        }
    }

    private static LoadedModel model(boolean normalize) {
        return TinyModels.of(new EmbeddingTask(Pooling.MEAN, normalize));
    }
}
