package org.jzoo.blocks.quantization;

/**
 * Codes of 2 to 8 bits in bytes: those of a row one after the other, lowest bits first, each row
 * from a byte of its own.
 */
public final class BitPacking {

    private BitPacking() {}

    /** Bytes of a row of {@code columns} codes. */
    public static long rowBytes(long columns, int bits) {
        return (columns * bits + 7) / 8;
    }

    /**
     * Packs.
     *
     * @param codes rows one after the other, each code in 0 … 2^bits - 1
     * @param columns codes of a row, a divisor of their number
     * @param bits of a code, 2 to 8
     * @throws IllegalArgumentException if a code is too large
     */
    public static byte[] pack(byte[] codes, int columns, int bits) {
        int rows = codes.length / columns;
        int rowBytes = (int) rowBytes(columns, bits);
        byte[] packed = new byte[rows * rowBytes];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                int code = codes[r * columns + c] & 0xff;
                if (code >> bits != 0) {
                    throw new IllegalArgumentException(
                            "codes must be < %d, got code=%d".formatted(1 << bits, code));
                }
                int place = c * bits;
                int at = r * rowBytes + place / 8;
                int shifted = code << (place % 8);
                packed[at] |= (byte) shifted;
                if (shifted > 0xff) {
                    packed[at + 1] |= (byte) (shifted >> 8);
                }
            }
        }
        return packed;
    }

    /** Undoes {@link #pack}. */
    public static byte[] unpack(byte[] packed, int columns, int bits) {
        int rowBytes = (int) rowBytes(columns, bits);
        int rows = packed.length / rowBytes;
        byte[] codes = new byte[rows * columns];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                int place = c * bits;
                int at = r * rowBytes + place / 8;
                int low = packed[at] & 0xff;
                int high = place % 8 + bits > 8 ? packed[at + 1] & 0xff : 0;
                codes[r * columns + c] =
                        (byte) ((low | high << 8) >> (place % 8) & ((1 << bits) - 1));
            }
        }
        return codes;
    }
}
