package org.jzoo.blocks.kernel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class GradientModeTest {

    @Test
    void theModeBeforeComesBack() {
        try (GradientMode off = GradientMode.off()) {
            assertFalse(GradientMode.isOn());
            try (GradientMode on = GradientMode.on()) {
                assertTrue(GradientMode.isOn());
            }
            assertFalse(GradientMode.isOn());
        }
    }

    @Test
    void eachThreadHasItsOwnMode() throws ExecutionException, InterruptedException {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (GradientMode off = GradientMode.off()) {
            other.submit(
                            () -> {
                                try (GradientMode on = GradientMode.on()) {
                                    assertTrue(GradientMode.isOn());
                                }
                            })
                    .get();
            assertFalse(GradientMode.isOn());
        } finally {
            other.shutdown();
        }
    }

    @Test
    void nothingIsRecordedWhileOff() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = manager.create(new float[] {3});
            assertFalse(GradientMode.isRecorded(x));
            x.setRequiresGradient(true);
            assertTrue(GradientMode.isRecorded(x));
            try (GradientMode off = GradientMode.off()) {
                assertFalse(GradientMode.isRecorded(LossKernel.scale(x, 2)));
            }
            try (GradientMode on = GradientMode.on()) {
                assertTrue(GradientMode.isRecorded(LossKernel.scale(x, 2)));
            }
        }
    }

    @Test
    void gradientsAddUpOverPassesAndThroughAKeptGraph() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            NDArray x = manager.create(new float[] {3});
            x.setRequiresGradient(true);
            NDArray y = ActivationKernel.multiply(x, x);
            GradientMode.backwardKeepingGraph(y);
            assertClose(new double[] {6}, x.getGradient(), 0);
            GradientMode.backward(y, manager.create(new float[] {10}));
            assertClose(new double[] {66}, x.getGradient(), 0);
        }
    }

    @Test
    void theSameFunctionTrainsAndThenInfers() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = manager.create(new float[] {3});
            x.setRequiresGradient(true);
            for (int i = 0; i < 5; i++) {
                try (GradientMode on = GradientMode.on()) {
                    GradientMode.backward(ActivationKernel.tanh(x));
                }
                try (GradientMode off = GradientMode.off()) {
                    assertClose(new double[] {Math.tanh(3)}, ActivationKernel.tanh(x), 1e-6);
                }
            }
        }
    }
}
