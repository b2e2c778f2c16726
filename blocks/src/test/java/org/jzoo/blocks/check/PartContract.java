package org.jzoo.blocks.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;

/** What every part has to do, whatever it computes. */
public abstract class PartContract {

    /** A new part. */
    protected abstract Part create();

    /** An input that it takes. */
    protected abstract NDArray input(NDManager manager);

    @Test
    void theOutputHasTheShapeThatWasPromised() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = Run.initialized(create(), manager, 1);
            NDArray x = input(manager);
            assertEquals(
                    part.getOutputShapes(new Shape[] {x.getShape()})[0],
                    Run.infer(part, x, new ForwardContext()).getShape());
        }
    }

    @Test
    void everyTrainableParameterGetsAFiniteGradient() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            Part part = Run.initialized(create(), manager, 1);
            NDArray y = Run.forward(part, input(manager), true, new ForwardContext());
            GradientMode.backward(y, Run.random(manager, 2, y.getShape().getShape()));
            Run.gradients(part)
                    .forEach(
                            (path, gradient) -> {
                                boolean learns =
                                        ParameterPaths.of(part).get(path).requiresGradient();
                                assertEquals(learns, gradient != null, path);
                                assertTrue(!learns || Double.isFinite(Run.largest(gradient)), path);
                            });
        }
    }

    @Test
    void frozenParametersGetNoGradient() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            Part part = Run.initialized(create(), manager, 1);
            part.freezeParameters(true);
            NDArray x = input(manager);
            if (x.getDataType().isFloating()) {
                x.setRequiresGradient(true);
                GradientMode.backward(Run.forward(part, x, true, new ForwardContext()));
            } else {
                assertFalse(
                        GradientMode.isRecorded(Run.forward(part, x, true, new ForwardContext())));
            }
            Run.gradients(part).forEach((path, gradient) -> assertEquals(null, gradient, path));
        }
    }

    @Test
    void parametersReloadBitEqual() throws Exception {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = Run.initialized(create(), manager, 1);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            part.saveParameters(new DataOutputStream(bytes));
            Part copy = create();
            copy.loadParameters(
                    manager, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            NDArray x = input(manager);
            Close.assertSame(
                    Run.infer(part, x, new ForwardContext()),
                    Run.infer(copy, x, new ForwardContext()));
        }
    }

    @Test
    void parametersStartAlikeFromOneSeedAndFiniteWithTheirOwnStart() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part first = create();
            Part second = create();
            PyTorch.seed(4);
            first.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 1));
            PyTorch.seed(4);
            second.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 1));
            assertTrue(first.isInitialized());
            Map<String, ai.djl.nn.Parameter> others = ParameterPaths.of(second);
            assertEquals(
                    new TreeSet<>(others.keySet()),
                    new TreeSet<>(ParameterPaths.of(first).keySet()));
            ParameterPaths.of(first)
                    .forEach(
                            (path, p) -> {
                                NDArray array = p.getArray();
                                assertFalse(array.isNaN().any().getBoolean(), path);
                                Close.assertSame(array, others.get(path).getArray());
                            });
        }
    }
}
