package org.jzoo.datasets.split;

import org.jzoo.datasets.text.TextExample;

/**
 * Splits by a hash of the normalised text alone: an example keeps its part when the data grows, is
 * reordered or relabelled, and equal texts never fall into different parts. Shares are met on
 * average only.
 *
 * @param fractions the shares
 */
public record ContentHashSplit(SplitFractions fractions) implements Split {

    @Override
    public Part part(TextExample example) {
        return fractions.at(place(example));
    }

    /** A number in [0, 1), uniform over texts. */
    static double place(TextExample example) {
        return (TextHash.of(example).high() >>> 11) * 0x1.0p-53;
    }
}
