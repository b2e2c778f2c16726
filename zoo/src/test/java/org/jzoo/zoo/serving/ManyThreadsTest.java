package org.jzoo.zoo.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.testing.TinyModels;

/**
 * One predictor under many threads, and many predictors one after the other. With the system
 * property {@code jzoo.slow} set to true the model is MiniLM and each thread makes 1,000 calls.
 */
class ManyThreadsTest {

    private static final int THREADS = 16;
    private static final boolean SLOW = Boolean.getBoolean("jzoo.slow");

    @Test
    void sixteenThreadsGetWhatOneGets() throws Exception {
        int calls = SLOW ? 1000 : 60;
        try (LoadedModel model =
                        SLOW
                                ? Zoo.load("minilm-l6", Device.cpu())
                                : TinyModels.of(TinyModels.embeddings());
                Predictor<String, float[]> serial = model.predictor(String.class, float[].class);
                Predictor<String, float[]> shared = model.predictor(String.class, float[].class)) {
            List<String> texts = new ArrayList<>();
            List<float[]> expected = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                texts.add("text " + i + " of the day".repeat(i % 4));
                expected.add(serial.predict(texts.get(i)));
            }
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int first = t * 7;
                tasks.add(
                        () -> {
                            for (int i = 0; i < calls; i++) {
                                int row = (first + i) % calls;
                                assertArrayEquals(
                                        expected.get(row), shared.predict(texts.get(row)));
                            }
                            return null;
                        });
            }
            // A predictor that nobody has used yet: the first calls are those that race.
            runAll(tasks);
        }
    }

    @Test
    void memoryStaysLevelOverManyPredictors() throws Exception {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings())) {
            int arrays = model.manager().getManagedArrays().size();
            churn(model, 100);
            long before = resident();
            churn(model, 400);
            long growth = resident() - before;
            assertEquals(arrays, model.manager().getManagedArrays().size());
            assertTrue(growth < 40 << 20, () -> "grew by " + growth + " bytes");
        }
    }

    @Test
    void aClosedModelAnswersNoMore() throws Exception {
        LoadedModel model = TinyModels.of(TinyModels.embeddings());
        Predictor<String, float[]> predictor = model.predictor(String.class, float[].class);
        predictor.predict("a");
        predictor.close();
        assertThrows(Exception.class, () -> predictor.predict("a"));
        model.close();
        assertThrows(RuntimeException.class, () -> model.embed("a"));
    }

    private static void churn(LoadedModel model, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            try (Predictor<String, float[]> predictor =
                    model.predictor(String.class, float[].class)) {
                predictor.predict("hello there");
            }
        }
        System.gc();
    }

    private static void runAll(List<Callable<Void>> tasks) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<Void> result : pool.invokeAll(tasks)) {
                result.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Resident bytes of this process; 0 where the system does not tell. */
    private static long resident() throws IOException {
        Path status = Path.of("/proc/self/statm");
        return Files.exists(status)
                ? Long.parseLong(Files.readString(status).split(" ", -1)[1]) * 4096
                : 0;
    }
}
