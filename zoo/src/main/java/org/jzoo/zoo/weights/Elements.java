package org.jzoo.zoo.weights;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/** Element conversions between little-endian buffers, in blocks that the compiler vectorizes. */
final class Elements {

    private static final int BLOCK = 4096;

    private Elements() {}

    /**
     * Moves as many whole elements as both buffers have room for, to the type that arrays of {@code
     * type} have. Both positions advance.
     */
    static void widen(TensorType type, ByteBuffer source, ByteBuffer target) {
        int to = type.arrayType().getNumOfBytes();
        int count = Math.min(source.remaining() / type.bytes(), target.remaining() / to);
        if (type.bytes() == to) {
            target.put(target.position(), source, source.position(), count * to);
        } else {
            widenShorts(type, source.asShortBuffer(), target.asIntBuffer(), count);
        }
        source.position(source.position() + count * type.bytes());
        target.position(target.position() + count * to);
    }

    private static void widenShorts(
            TensorType type, ShortBuffer source, IntBuffer target, int count) {
        short[] narrow = new short[Math.min(BLOCK, count)];
        int[] wide = new int[narrow.length];
        for (int done = 0; done < count; done += BLOCK) {
            int n = Math.min(BLOCK, count - done);
            source.get(narrow, 0, n);
            switch (type) {
                case BF16 -> {
                    for (int i = 0; i < n; i++) {
                        wide[i] = narrow[i] << 16;
                    }
                }
                case F16 -> {
                    for (int i = 0; i < n; i++) {
                        wide[i] = halfToFloatBits(narrow[i]);
                    }
                }
                default -> {
                    for (int i = 0; i < n; i++) {
                        wide[i] = narrow[i];
                    }
                }
            }
            target.put(wide, 0, n);
        }
    }

    /**
     * Rounds F32 elements to F16 or BF16, to the nearest and to even in a tie.
     *
     * @throws IllegalArgumentException if a finite value is too large for {@code type}
     */
    static void narrow(TensorType type, ByteBuffer source, ByteBuffer target) {
        int count = Math.min(source.remaining() / 4, target.remaining() / 2);
        IntBuffer wide = source.asIntBuffer();
        ShortBuffer shorts = target.asShortBuffer();
        int[] from = new int[Math.min(BLOCK, count)];
        short[] to = new short[from.length];
        for (int done = 0; done < count; done += BLOCK) {
            int n = Math.min(BLOCK, count - done);
            wide.get(from, 0, n);
            for (int i = 0; i < n; i++) {
                to[i] =
                        type == TensorType.F16
                                ? floatBitsToHalf(from[i])
                                : floatBitsToUpperHalf(from[i]);
                if (!isFinite(type, to[i]) && (from[i] & 0x7f800000) != 0x7f800000) {
                    throw new IllegalArgumentException(
                            "value must fit %s, got value=%s"
                                    .formatted(type, Float.intBitsToFloat(from[i])));
                }
            }
            shorts.put(to, 0, n);
        }
        source.position(source.position() + count * 4);
        target.position(target.position() + count * 2);
    }

    private static boolean isFinite(TensorType type, short bits) {
        int exponent = type == TensorType.F16 ? 0x7c00 : 0x7f80;
        return (bits & exponent) != exponent;
    }

    /** The binary32 bits of a binary16, subnormals, infinities and NaN payloads included. */
    static int halfToFloatBits(short half) {
        int magnitude = (half & 0x7fff) << 13;
        int sign = (half & 0x8000) << 16;
        if (magnitude >= 0x7c00 << 13) {
            return sign | 0x7f800000 | magnitude;
        }
        // The exponent is 112 too small; the product puts it right and normalizes subnormals.
        return sign | Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) * 0x1p112f);
    }

    /** The binary16 nearest to a binary32; beyond 65,519.99 it is an infinity. */
    static short floatBitsToHalf(int bits) {
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > 0x7f800000) {
            return (short) (sign | 0x7e00 | (magnitude >>> 13 & 0x3ff));
        }
        if (magnitude >= 0x47800000) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x38800000) {
            // Adding 1/2 lets the hardware round to a multiple of 2^-24, the subnormal step.
            float shifted = Float.intBitsToFloat(magnitude) + 0.5f;
            return (short) (sign | Float.floatToRawIntBits(shifted) - 0x3f000000);
        }
        int odd = magnitude >>> 13 & 1;
        return (short) (sign | (magnitude - (112 << 23) + 0xfff + odd) >>> 13);
    }

    /** The bfloat16 nearest to a binary32. */
    static short floatBitsToUpperHalf(int bits) {
        if ((bits & 0x7fffffff) > 0x7f800000) {
            return (short) (bits >>> 16 | 0x40);
        }
        int odd = bits >>> 16 & 1;
        return (short) ((bits + 0x7fff + odd) >>> 16);
    }
}
