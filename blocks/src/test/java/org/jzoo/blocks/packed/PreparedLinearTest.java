package org.jzoo.blocks.packed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jzoo.blocks.check.Close;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForward;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.ProductKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.quantization.PackedLinear;
import org.jzoo.blocks.quantization.QuantizedLinear;
import org.jzoo.blocks.quantization.ScaleRule;
import org.jzoo.blocks.quantization.WeightGrid;

class PreparedLinearTest {

    private static final int IN = 128;
    private static final int OUT = 48;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private PackedLinear packed(WeightGrid grid, boolean bias) {
        Linear base = Run.initialized(new Linear(IN, OUT, bias), manager, 3);
        if (bias) {
            base.bias().getArray().set(Run.random(manager, 4, OUT).toFloatArray());
        }
        return new QuantizedLinear(base, grid, ScaleRule.RANGE).pack();
    }

    private static double tolerance(ProductForm form, NDArray x, NDArray weight) {
        if (form == ProductForm.FLOAT32) {
            return 1e-5;
        }
        // Both factors of a product, the scale and the result are rounded to 8 bits: four times
        // 2^-9 of the sum of magnitudes bounds it.
        NDArray sums = x.reshape(-1, IN).abs().matMul(weight.abs().transpose());
        return 4 * Math.pow(2, -9) * (sums.max().getFloat() + 1);
    }

    @ParameterizedTest
    @EnumSource
    void everyFormComputesTheProductWithTheWidenedWeight(ProductForm form) {
        for (WeightGrid grid :
                new WeightGrid[] {
                    WeightGrid.perGroup(4, 32),
                    WeightGrid.perGroup(4, 128),
                    WeightGrid.perGroup(4, 64).asymmetric()
                }) {
            for (boolean bias : new boolean[] {true, false}) {
                PackedLinear map = packed(grid, bias);
                NDArray weight = map.weight();
                for (int rows : new int[] {1, 2, 7, 16, 33, 130}) {
                    NDArray x = Run.random(manager, rows, rows, IN);
                    NDArray want =
                            LinearKernel.linear(
                                    x,
                                    weight,
                                    bias ? map.bias().getArray() : null,
                                    Precision.FLOAT32);
                    try (ProductKernel kernel = PreparedLinear.kernel(form, map, weight)) {
                        NDArray got = kernel.linear(x);
                        assertEquals(want.getShape(), got.getShape());
                        double difference = want.sub(got).abs().max().getFloat();
                        double allowed = tolerance(form, x, weight);
                        assertTrue(difference <= allowed, difference + " above " + allowed);
                    }
                }
            }
        }
    }

    @Test
    void whatIsChosenComputesTheMapForInputsOfAnyRank() {
        for (Precision precision : Precision.values()) {
            PackedLinear map = packed(WeightGrid.perGroup(4, 32), true);
            NDArray x = Run.random(manager, 5, 2, 3, IN);
            NDArray want = Run.infer(map, x, new ForwardContext());
            try (PreparedLinear prepared = new PreparedLinear(map, precision)) {
                NDArray got = Run.infer(prepared, x, new ForwardContext());
                assertEquals(new Shape(2, 3, OUT), got.getShape());
                ProductForm form = prepared.form(6);
                assertTrue(
                        want.sub(got).abs().max().getFloat() <= tolerance(form, x, map.weight()));
                for (int rows : new int[] {1, 16, 4096}) {
                    assertTrue(
                            precision == Precision.BFLOAT16
                                    || prepared.form(rows) == ProductForm.FLOAT32);
                }
            }
        }
    }

    @Test
    void codesThatNoKernelTakesAreWidened() {
        PackedLinear map = packed(WeightGrid.perChannel(3), true);
        try (PreparedLinear prepared = new PreparedLinear(map, Precision.BFLOAT16)) {
            for (int rows : new int[] {1, 10, 1000}) {
                assertTrue(prepared.form(rows) != ProductForm.INT4);
            }
        }
    }

    @Test
    void theMapsOfAModelArePreparedInPlaceAndFreedWithTheirOwner() {
        DenseFeedForward model =
                Run.initialized(
                        new DenseFeedForwardOption(64, Activation.GELU, true, 0).create(32),
                        manager,
                        6);
        model.replaceParts(
                (path, block) ->
                        block instanceof Linear base
                                ? new QuantizedLinear(
                                                base, WeightGrid.perGroup(4, 32), ScaleRule.RANGE)
                                        .pack()
                                : block);
        NDArray x = Run.random(manager, 5, 3, 32);
        NDArray want = Run.infer(model, x, new ForwardContext());
        NDManager owner = PyTorch.newBaseManager();
        PreparedLinear.prepare(model, Precision.FLOAT32, owner);
        assertTrue(model.part("up") instanceof PreparedLinear);
        Close.assertClose(want, Run.infer(model, x, new ForwardContext()), 1e-5);
        owner.close();
        assertEquals(
                "the prepared map must be open, got closed",
                assertThrows(
                                IllegalStateException.class,
                                () -> Run.infer(model, x, new ForwardContext()))
                        .getMessage());
    }

    @Test
    void aPreparedMapDoesNotTrain() {
        try (PreparedLinear prepared =
                new PreparedLinear(packed(WeightGrid.perChannel(4), true), Precision.FLOAT32)) {
            NDArray x = Run.random(manager, 5, 2, IN);
            assertEquals(
                    "a prepared map must not be trained",
                    assertThrows(
                                    IllegalStateException.class,
                                    () -> Run.forward(prepared, x, true, new ForwardContext()))
                            .getMessage());
        }
    }
}
