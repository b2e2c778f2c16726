package org.jzoo.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class ElementsTest {

    @Test
    void everyHalfSurvivesTheWayToFloatAndBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            short half = (short) bits;
            int wide = Elements.halfToFloatBits(half);
            float value = Float.intBitsToFloat(wide);
            assertEquals(valueOfHalf(bits), value, 0f, "bits " + bits);
            int expected = Float.isNaN(value) ? bits | 0x200 : bits;
            assertEquals(expected, Elements.floatBitsToHalf(wide) & 0xffff, "bits " + bits);
        }
    }

    @Test
    void halvesAreRoundedToTheNearestAndToEvenInATie() {
        for (int bits = 0; bits < 0x7bff; bits++) {
            float low = valueOfHalf(bits);
            float high = valueOfHalf(bits + 1);
            float middle = (float) (((double) low + high) / 2);
            int even = bits % 2 == 0 ? bits : bits + 1;
            assertEquals(even, half(middle), "tie above " + bits);
            assertEquals(bits, half(Math.nextDown(middle)), "below the tie above " + bits);
            assertEquals(bits + 1, half(Math.nextUp(middle)), "above the tie above " + bits);
        }
        assertEquals(0x7bff, half(65519.99f));
        assertEquals(0x7c00, half(65520f));
        assertEquals(0xfc00, half(-1e9f));
        assertEquals(0x8000, half(-1e-9f));
    }

    @Test
    void upperHalvesAreRoundedToTheNearestAndToEvenInATie() {
        assertEquals(0x3f80, upperHalf(0x3f808000));
        assertEquals(0x3f82, upperHalf(0x3f818000));
        assertEquals(0x3f81, upperHalf(0x3f808001));
        assertEquals(0x7f80, upperHalf(0x7f7fffff));
        assertEquals(0xff80, upperHalf(0xff800000));
        assertEquals(0x7fc0, upperHalf(0x7f800001));
    }

    @Test
    void aFiniteValueThatWouldBecomeInfiniteIsRefused() {
        ByteBuffer source = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        source.putFloat(Float.POSITIVE_INFINITY).putFloat(70_000f).flip();
        ByteBuffer target = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Elements.narrow(TensorType.F16, source, target));
        assertEquals("value must fit F16, got value=70000.0", e.getMessage());
    }

    private static int half(float value) {
        return Elements.floatBitsToHalf(Float.floatToRawIntBits(value)) & 0xffff;
    }

    private static int upperHalf(int bits) {
        return Elements.floatBitsToUpperHalf(bits) & 0xffff;
    }

    /** By the definition of binary16, in double precision. */
    private static float valueOfHalf(int bits) {
        int exponent = bits >> 10 & 31;
        int mantissa = bits & 1023;
        double magnitude;
        if (exponent == 31) {
            magnitude = mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (exponent == 0) {
            magnitude = Math.scalb((double) mantissa, -24);
        } else {
            magnitude = Math.scalb((double) (1024 + mantissa), exponent - 25);
        }
        return (float) (bits >= 1 << 15 ? -magnitude : magnitude);
    }
}
