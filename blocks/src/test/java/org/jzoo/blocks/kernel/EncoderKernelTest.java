package org.jzoo.blocks.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EncoderKernelTest {

    private static final long[][] LAYER = {
        {72, 24}, {72}, {24, 24}, {24}, {24}, {24}, {40, 24}, {40}, {24, 40}, {24}, {24}, {24}
    };
    private static final long[][] TABLES = {{31, 24}, {9, 24}, {2, 24}, {24}, {24}};

    @Test
    void bothProductsInEightBitsAgree() {
        try (NDManager manager = PyTorch.engine().newBaseManager(Device.cpu())) {
            PyTorch.seed(6);
            NDArray[] layer = arrays(manager, LAYER);
            NDArray[] tables = Arrays.copyOf(arrays(manager, TABLES), 7);
            NDArray ids = manager.randomInteger(0, 31, new Shape(3, 7), DataType.INT64);
            NDArray mask = ids.gt(5);
            try (EncoderKernel one = EncoderKernel.int8(tables, layer, 12, 1e-12);
                    EncoderKernel other = EncoderKernel.int8Dynamic(tables, layer, 12, 1e-12)) {
                // Both round to the same codes but for ties, each worth a step of 1/255 of a range.
                assertArrayEquals(
                        other.hiddenState(ids, mask, null).toFloatArray(),
                        one.hiddenState(ids, mask, null).toFloatArray(),
                        0.02f);
            }
        }
    }

    @Test
    void plainWeightsGiveWhatPackedOnesGive() {
        try (NDManager manager = PyTorch.engine().newBaseManager(Device.cpu())) {
            PyTorch.seed(5);
            NDArray[] layer = arrays(manager, LAYER);
            NDArray[] tables = Arrays.copyOf(arrays(manager, TABLES), 7);
            NDArray ids = manager.randomInteger(0, 31, new Shape(3, 7), DataType.INT64);
            NDArray mask = ids.gt(5);
            try (EncoderKernel packed = EncoderKernel.float32(tables, layer, 12, 1e-12);
                    EncoderKernel plain = EncoderKernel.plain(tables, layer, 12, 1e-12)) {
                assertArrayEquals(
                        plain.hiddenState(ids, mask, null).toFloatArray(),
                        packed.hiddenState(ids, mask, null).toFloatArray(),
                        1e-5f);
            }
        }
    }

    private static NDArray[] arrays(NDManager manager, long[][] sizes) {
        NDArray[] arrays = new NDArray[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            arrays[i] = manager.randomNormal(0, 0.3f, new Shape(sizes[i]), DataType.FLOAT32);
        }
        return arrays;
    }
}
