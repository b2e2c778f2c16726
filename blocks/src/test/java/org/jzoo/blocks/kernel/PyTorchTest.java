package org.jzoo.blocks.kernel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Close;

class PyTorchTest {

    @Test
    void anotherVersionIsRefusedWithTheArtifactsToDependOn() {
        String message =
                assertThrows(
                                IllegalStateException.class,
                                () -> PyTorch.requireVersion("PyTorch", "2.5.0", "2.7.1"))
                        .getMessage();
        assertTrue(
                message.startsWith(
                        "jzoo needs DJL 0.35.1 with PyTorch 2.7.1, found PyTorch 2.5.0. Depend on"
                                + " ai.djl:bom:0.35.1, ai.djl.pytorch:pytorch-jni:2.7.1-0.35.1 and"
                                + " ai.djl.pytorch:pytorch-native-cpu:2.7.1"),
                message);
    }

    @Test
    void theRightVersionAndAnUnknownOnePass() {
        assertDoesNotThrow(() -> PyTorch.requireVersion("PyTorch", "2.7.1", "2.7.1"));
        assertDoesNotThrow(() -> PyTorch.requireVersion("PyTorch", null, "2.7.1"));
        assertEquals("PyTorch", PyTorch.engine().getEngineName());
    }

    @Test
    void startedAheadItIsTheSameEngine() {
        PyTorch.startAhead();
        PyTorch.startAhead();
        assertSame(PyTorch.engine(), PyTorch.engine());
        try (NDManager manager = PyTorch.newBaseManager()) {
            assertEquals(3, manager.ones(new Shape(3)).sum().getFloat());
        }
    }

    @Test
    void aSeedRepeatsTheRandomNumbers() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            PyTorch.seed(11);
            NDArray first = manager.randomNormal(new Shape(5));
            PyTorch.seed(11);
            Close.assertSame(first, manager.randomNormal(new Shape(5)));
        }
    }

    @Test
    void rejectsZeroThreads() {
        assertEquals(
                "threads must be >= 1, got threads=0",
                assertThrows(IllegalArgumentException.class, () -> PyTorch.setThreads(0))
                        .getMessage());
    }
}
