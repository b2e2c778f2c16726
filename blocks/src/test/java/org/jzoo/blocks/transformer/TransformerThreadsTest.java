package org.jzoo.blocks.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;

/** Many threads, many passes. */
class TransformerThreadsTest {

    private static final int THREADS = 16;

    private static float[] infer(NDManager parent, Transformer stack, int seed) {
        try (NDManager scope = parent.newSubManager()) {
            NDArray x = Run.random(scope, seed, 2, 7, Stacks.DIM);
            return Run.infer(stack, x, new ForwardContext()).toFloatArray();
        }
    }

    private static <V> List<V> inThreads(List<Callable<V>> tasks) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<V> results = new ArrayList<>();
            for (Future<V> future : pool.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void inferenceInSixteenThreadsEqualsSerial() throws Exception {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Transformer stack = Run.initialized(new Transformer(Stacks.rotary()), manager, 1);
            List<Callable<float[]>> tasks = new ArrayList<>();
            for (int i = 0; i < 20 * THREADS; i++) {
                int seed = i;
                tasks.add(() -> infer(manager, stack, seed));
            }
            List<float[]> parallel = inThreads(tasks);
            for (int i = 0; i < parallel.size(); i++) {
                assertArrayEquals(infer(manager, stack, i), parallel.get(i));
            }
        }
    }

    @Test
    void trainingInThreadsOfItsOwnModelEqualsSerialWhileOthersInfer() throws Exception {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Transformer shared = Run.initialized(new Transformer(Stacks.post(0)), manager, 1);
            float[] inferred = infer(manager, shared, 3);
            List<Transformer> models = new ArrayList<>();
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Transformer own = Run.initialized(new Transformer(Stacks.post(0)), manager, i);
                models.add(own);
                if (i % 2 == 0) {
                    tasks.add(
                            () -> {
                                backward(manager, own);
                                return true;
                            });
                } else {
                    tasks.add(
                            () -> {
                                for (int n = 0; n < 10; n++) {
                                    assertArrayEquals(inferred, infer(manager, shared, 3));
                                }
                                return true;
                            });
                }
            }
            inThreads(tasks);
            for (int i = 0; i < THREADS; i += 2) {
                Transformer serial = Run.initialized(new Transformer(Stacks.post(0)), manager, i);
                backward(manager, serial);
                Transformer parallel = models.get(i);
                Run.gradients(serial)
                        .forEach(
                                (path, gradient) ->
                                        assertArrayEquals(
                                                gradient, Run.gradients(parallel).get(path), path));
            }
        }
    }

    private static void backward(NDManager parent, Transformer stack) {
        try (NDManager scope = parent.newSubManager();
                GradientMode on = GradientMode.on()) {
            NDArray x = Run.random(scope, 3, 2, 7, Stacks.DIM);
            GradientMode.backward(Run.forward(stack, x, true, new ForwardContext()));
        }
    }

    @Test
    void residentMemoryStaysLevelOverManyPasses() throws IOException {
        Path status = Path.of("/proc/self/status");
        Assumptions.assumeTrue(Files.exists(status), "only Linux tells the resident memory");
        try (NDManager manager = PyTorch.newBaseManager()) {
            Transformer stack = Run.initialized(new Transformer(Stacks.post(0)), manager, 1);
            for (int i = 0; i < 50; i++) {
                longPass(manager, stack);
            }
            long before = resident(status);
            for (int i = 0; i < 500; i++) {
                longPass(manager, stack);
            }
            // One pass computes about a megabyte: kept, they would be half a gigabyte.
            long grown = resident(status) - before;
            assertTrue(grown < 100_000, () -> "grew by " + grown + " kB");
            assertEquals(
                    0, manager.getManagedArrays().stream().filter(a -> a.size() > 1000).count());
        }
    }

    private static void longPass(NDManager manager, Transformer stack) {
        try (NDManager scope = manager.newSubManager();
                NDArray x = scope.ones(new ai.djl.ndarray.types.Shape(4, 128, Stacks.DIM))) {
            Run.infer(stack, x, new ForwardContext()).close();
        }
    }

    private static long resident(Path status) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
