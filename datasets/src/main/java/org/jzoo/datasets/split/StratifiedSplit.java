package org.jzoo.datasets.split;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/**
 * Splits at random so that every class has the wanted shares, to within one row. Sources whose
 * labels are not classes count as one class. Made by one pass over the source; the heap holds 12
 * bytes a row.
 */
public final class StratifiedSplit implements Split {

    private final long[] rows;
    private final Part[] parts;

    private StratifiedSplit(long[] rows, Part[] parts) {
        this.rows = rows;
        this.parts = parts;
    }

    /**
     * Splits a source.
     *
     * @param source read once
     * @param fractions the shares
     * @param seed the same seed and rows give the same split
     */
    public static StratifiedSplit of(TextSource source, SplitFractions fractions, long seed) {
        long[] rows = new long[1024];
        int[] strata = new int[1024];
        int size = 0;
        Map<String, Integer> ids = new LinkedHashMap<>();
        try (Stream<TextExample> examples = source.stream()) {
            for (Iterator<TextExample> i = examples.iterator(); i.hasNext(); ) {
                TextExample example = i.next();
                if (size == rows.length) {
                    rows = Arrays.copyOf(rows, Math.addExact(size, size / 2));
                    strata = Arrays.copyOf(strata, rows.length);
                }
                String label = source.target() == TargetKind.CLASS ? example.label() : "";
                rows[size] = example.row();
                strata[size++] = ids.computeIfAbsent(label, l -> ids.size());
            }
        }
        Part[] parts = new Part[size];
        for (Map.Entry<String, Integer> stratum : new TreeMap<>(ids).entrySet()) {
            int id = stratum.getValue();
            int[] members = membersOf(strata, size, id);
            // The label's own hash: another class in the data must not move this one's rows.
            assign(members, parts, fractions, seed * 31 + stratum.getKey().hashCode());
        }
        return new StratifiedSplit(Arrays.copyOf(rows, size), parts);
    }

    private static int[] membersOf(int[] strata, int size, int id) {
        int[] members = new int[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (strata[i] == id) {
                members[count++] = i;
            }
        }
        return Arrays.copyOf(members, count);
    }

    private static void assign(int[] members, Part[] parts, SplitFractions fractions, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = members.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int member = members[i];
            members[i] = members[j];
            members[j] = member;
        }
        for (int i = 0; i < members.length; i++) {
            parts[members[i]] = fractions.at((i + 0.5) / members.length);
        }
    }

    /**
     * The part of an example of the source that was split.
     *
     * @throws IllegalArgumentException if the source had no such row
     */
    @Override
    public Part part(TextExample example) {
        int index = Arrays.binarySearch(rows, example.row());
        if (index < 0) {
            throw new IllegalArgumentException(
                    "row must be one of the %d rows that were split, got row=%d"
                            .formatted(rows.length, example.row()));
        }
        return parts[index];
    }
}
