package org.jzoo.blocks.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;

class TokenEmbeddingTest extends PartContract {

    @Override
    protected Part create() {
        return new TokenEmbedding(9, 4, 0);
    }

    @Override
    protected NDArray input(NDManager manager) {
        return manager.create(new long[] {1, 8, 1, 0, 3, 2}, new Shape(2, 3));
    }

    @Test
    void eachTokenHasItsRowAndPaddingLearnsNothing() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            TokenEmbedding table = Run.initialized(new TokenEmbedding(3, 1, 2), manager, 1);
            Run.set(table.weight().getArray(), 5, 7, 11);
            NDArray ids = manager.create(new long[] {2, 0, 0, 1}, new Shape(1, 4));
            NDArray y = Run.forward(table, ids, true, new ForwardContext());
            assertClose(new double[] {11, 5, 5, 7}, y, 0);
            GradientMode.backward(y);
            assertClose(new double[] {2, 1, 0}, table.weight().getArray().getGradient(), 0);
        }
    }

    @Test
    void errorsNameTheNumbers() {
        assertEquals(
                "size and dim must be >= 1 and padding in [-1, size), got size=3, dim=2, padding=3",
                assertThrows(IllegalArgumentException.class, () -> new TokenEmbedding(3, 2, 3))
                        .getMessage());
    }
}
