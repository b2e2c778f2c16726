package org.jzoo.blocks.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;

class PatchEmbeddingTest extends PartContract {

    @Override
    protected Part create() {
        return new PatchEmbedding(new PatchOption(3, 2, true), 5);
    }

    @Override
    protected NDArray input(NDManager manager) {
        return Run.random(manager, 1, 2, 3, 4, 8);
    }

    @Test
    void patchesAreCutRowByRow() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray image = manager.arange(8f).reshape(1, 1, 2, 4);
            assertClose(new double[] {0, 1, 4, 5, 2, 3, 6, 7}, ImageKernel.patches(image, 2), 0);
        }
    }

    @Test
    void itIsAConvolutionWhoseStrideIsItsSize() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            PatchEmbedding part = Run.initialized((PatchEmbedding) create(), manager, 1);
            NDArray x = input(manager);
            var map = (org.jzoo.blocks.linear.Linear) part.part("projection");
            NDArray weight = map.weight().getArray().stopGradient().reshape(5, 3, 2, 2);
            NDArray bias = map.bias().getArray().stopGradient();
            Shape two = new Shape(2, 2);
            NDArray maps =
                    Conv2d.conv2d(x, weight, bias, two, new Shape(0, 0), new Shape(1, 1))
                            .singletonOrThrow(); // (B, D, 2, 4)
            NDArray expected = maps.reshape(2, 5, 8).transpose(0, 2, 1);
            assertClose(expected, Run.infer(part, x, new ForwardContext()), 1e-5);
        }
    }

    @Test
    void imagesGetGradientsToo() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            GradientCheck.assertGradients(
                    in -> ImageKernel.patches(in.get(0), 2),
                    1e-4,
                    Run.random(manager, 3, 2, 3, 4, 6));
            GradientCheck.assertGradients(
                    in -> ImageKernel.prepend(in.get(0), in.get(1)),
                    1e-3,
                    Run.random(manager, 3, 2, 3, 4),
                    Run.random(manager, 4, 4));
        }
    }

    @Test
    void theOutputIsFloat32InAnyPrecision() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            PatchEmbedding part = Run.initialized((PatchEmbedding) create(), manager, 1);
            NDArray x = input(manager);
            ForwardContext narrow = new ForwardContext().withPrecision(Precision.BFLOAT16);
            assertClose(Run.infer(part, x, new ForwardContext()), Run.infer(part, x, narrow), 0.05);
        }
    }

    @Test
    void theGridIsWhatTheSizesSay() {
        PatchEmbedding part = new PatchEmbedding(new PatchOption(3, 4, false), 5);
        assertEquals(new Grid(2, 5), part.grid(new Shape(7, 3, 8, 20)));
    }

    @Test
    void errorsNameTheNumbers() {
        PatchEmbedding part = new PatchEmbedding(new PatchOption(3, 4, false), 5);
        assertEquals(
                "patch size must divide height and width, got size=4, height=8, width=18",
                message(() -> part.grid(new Shape(2, 3, 8, 18))));
        assertEquals(
                "patch size must divide height and width, got size=4, height=0, width=4",
                message(() -> part.grid(new Shape(2, 3, 0, 4))));
        assertEquals(
                "images must be (B, C, Hi, Wi) with C=3, got (2, 1, 8, 8)",
                message(() -> part.grid(new Shape(2, 1, 8, 8))));
        assertEquals(
                "images must be (B, C, Hi, Wi) with C=3, got (3, 8, 8)",
                message(() -> part.grid(new Shape(3, 8, 8))));
        assertEquals(
                "channels and size must be >= 1, got channels=0, size=4",
                message(() -> new PatchOption(0, 4, true)));
        assertEquals(
                "rows and columns must be >= 1, got rows=2, columns=0",
                message(() -> new Grid(2, 0)));
    }

    private static String message(Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
