package org.jzoo.blocks.position;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jzoo.blocks.kernel.PyTorch;

class RotaryScalingTest {

    private static final double TURN = 2 * Math.PI;

    static Stream<RotaryScaling> factorsOfOne() {
        return Stream.of(
                new LinearRotaryScaling(1),
                new NtkRotaryScaling(4, 64, 64),
                YarnRotaryScaling.of(1, 64),
                new BandRotaryScaling(1, 64, 1, 4));
    }

    @ParameterizedTest
    @MethodSource("factorsOfOne")
    void nothingToScaleLeavesTheFrequencies(RotaryScaling scaling) {
        assertArrayEquals(
                RotaryScaling.unscaled(10_000, 16), scaling.frequencies(10_000, 16), 1e-15);
        assertEquals(1, scaling.amplitude());
    }

    @Test
    void linearDividesEveryFrequency() {
        assertArrayEquals(
                new double[] {0.25, 0.025}, new LinearRotaryScaling(4).frequencies(100, 4), 1e-15);
    }

    @Test
    void ntkKeepsTheFastestPairAndInterpolatesTheSlowest() {
        // At four times the length the base grows by (4 · 4 - 3)^(6/4).
        double[] scaled = new NtkRotaryScaling(4, 32, 128).frequencies(100, 6);
        double[] plain = RotaryScaling.unscaled(100, 6);
        double growth = 13;
        assertEquals(plain[0], scaled[0], 1e-15);
        assertEquals(plain[1] / Math.sqrt(growth), scaled[1], 1e-15);
        assertEquals(plain[2] / growth, scaled[2], 1e-15);
    }

    @Test
    void yarnRampsFromKeptToInterpolatedPairs() {
        // Base e: pair i of 16 features turns exp(-i/8) radians a position. The trained length is
        // 64 turns of pair 0, so that pair 8 ln(64/32) = 5.5 turns 32 times, pair 8 ln 64 = 33
        // once: the ramp begins at pair 5 and ends at pair 15, the last index of 16 features.
        YarnRotaryScaling scaling = YarnRotaryScaling.of(4, (int) Math.round(64 * TURN));
        double[] plain = RotaryScaling.unscaled(Math.E, 16);
        double[] scaled = scaling.frequencies(Math.E, 16);
        for (int i = 0; i < 8; i++) {
            double interpolated = Math.max(0, (i - 5) / 10.0);
            double expected = plain[i] * (1 - interpolated) + plain[i] / 4 * interpolated;
            assertEquals(expected, scaled[i], 1e-12, "pair " + i);
        }
        assertEquals(0.1 * Math.log(4) + 1, scaling.amplitude(), 1e-15);
        assertEquals(1.5, new YarnRotaryScaling(4, 64, 32, 1, true, 1.5).amplitude());
    }

    @Test
    void yarnWithoutWholePairsRampsBetweenFractions() {
        YarnRotaryScaling scaling =
                new YarnRotaryScaling(4, (int) Math.round(64 * TURN), 32, 1, false, null);
        double from = 8 * Math.log(402 / TURN / 32);
        double interpolated = (7 - from) / (15 - from);
        assertEquals(
                Math.exp(-7 / 8.0) * (1 - interpolated + interpolated / 4),
                scaling.frequencies(Math.E, 16)[7],
                1e-12);
    }

    @Test
    void bandsKeepFastPairsInterpolateSlowOnesAndBlendBetween() {
        // Turns within 100 positions: 100/2π = 15.9, 1.59 and 0.159.
        double[] scaled = new BandRotaryScaling(8, 100, 1, 4).frequencies(1000, 6);
        double kept = (10 / TURN - 1) / 3;
        assertArrayEquals(new double[] {1, 0.1 * (kept + (1 - kept) / 8), 0.01 / 8}, scaled, 1e-15);
    }

    @Test
    void theAmplitudeScalesWhatTurns() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            RotaryScaling scaling = new YarnRotaryScaling(2, 8, 32, 1, true, 3.0);
            RotaryPositionOption rotary = new RotaryPositionOption(100, 2, false, scaling);
            assertClose(
                    new double[] {3, 6, 5},
                    rotary.encode(
                            manager.create(new float[] {1, 2, 5}, new Shape(1, 1, 1, 3)), null),
                    1e-6);
        }
    }

    @Test
    void rejectsNumbersOutOfRange() {
        assertMessage("factor must be >= 1, got factor=0.5", () -> new LinearRotaryScaling(0.5));
        assertMessage(
                "trainedLength must be >= 1, got trainedLength=0",
                () -> YarnRotaryScaling.of(2, 0));
        assertMessage(
                "length must be >= trainedLength, got length=5, trainedLength=6",
                () -> new NtkRotaryScaling(2, 6, 5));
        assertMessage(
                "slowRotations must be in (0, fastRotations), got slowRotations=3.0,"
                        + " fastRotations=3.0",
                () -> new YarnRotaryScaling(2, 6, 3, 3, true, null));
        assertMessage(
                "attentionFactor must be > 0, got attentionFactor=0.0",
                () -> new YarnRotaryScaling(2, 6, 3, 1, true, 0.0));
        assertMessage(
                "lowTurns must be in (0, highTurns), got lowTurns=4.0, highTurns=1.0",
                () -> new BandRotaryScaling(2, 6, 4, 1));
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
