package org.jzoo.blocks.packed;

/** How a {@link PreparedLinear} keeps and multiplies its weight. */
public enum ProductForm {
    /** Widened to float32, 4 bytes a weight. */
    FLOAT32,
    /** Widened to bfloat16, 2 bytes a weight; products are accumulated in float32. */
    BFLOAT16,
    /** As codes of 4 bits, half a byte a weight; activations are bfloat16. */
    INT4
}
