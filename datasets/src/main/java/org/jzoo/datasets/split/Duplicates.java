package org.jzoo.datasets.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/**
 * The rows of a source that repeat an earlier row, exactly or nearly.
 *
 * <p>Exact: equal texts after normalisation (compatibility forms, case, white space), at about 100
 * bytes of heap a row. Near: MinHash over three-word sequences with 128 hash functions in 32 bands,
 * at about 4 kB of heap a kept row, so for up to some hundred thousand rows.
 *
 * @see <a href="https://doi.org/10.1109/SEQUEN.1997.666900">Broder 1997, On the resemblance and
 *     containment of documents</a>
 */
public final class Duplicates {

    private final TextSource source;
    private final long rows;
    private final List<Duplicate> found;
    private final long[] repeated;

    private Duplicates(TextSource source, long rows, List<Duplicate> found) {
        this.source = source;
        this.rows = rows;
        this.found = List.copyOf(found);
        this.repeated = found.stream().mapToLong(Duplicate::row).sorted().toArray();
    }

    private record Kept(long row, String label) {
        Duplicate repeatedBy(TextExample example, double similarity) {
            return new Duplicate(
                    example.row(), row, similarity, !Objects.equals(label, example.label()));
        }
    }

    /** Finds rows whose normalised texts equal an earlier row's. */
    public static Duplicates exact(TextSource source) {
        Map<TextHash, Kept> kept = new HashMap<>();
        List<Duplicate> found = new ArrayList<>();
        long rows = 0;
        try (Stream<TextExample> examples = source.stream()) {
            for (Iterator<TextExample> i = examples.iterator(); i.hasNext(); rows++) {
                TextExample example = i.next();
                Kept self = new Kept(example.row(), example.label());
                Kept first = kept.putIfAbsent(TextHash.of(example), self);
                if (first != null) {
                    found.add(first.repeatedBy(example, 1));
                }
            }
        }
        return new Duplicates(source, rows, found);
    }

    /**
     * Finds rows that are like an earlier row that is kept.
     *
     * @param source read once
     * @param similarity how like, above 0.4 and at most 1; the estimate's standard error is at most
     *     0.045
     */
    public static Duplicates near(TextSource source, double similarity) {
        if (!(similarity > 0.4 && similarity <= 1)) {
            throw new IllegalArgumentException(
                    "similarity must be in (0.4, 1], got similarity=" + similarity);
        }
        Map<Long, int[]> buckets = new HashMap<>();
        List<Kept> kept = new ArrayList<>();
        List<MinHash> signatures = new ArrayList<>();
        List<Duplicate> found = new ArrayList<>();
        long rows = 0;
        try (Stream<TextExample> examples = source.stream()) {
            for (Iterator<TextExample> i = examples.iterator(); i.hasNext(); rows++) {
                TextExample example = i.next();
                MinHash signature = MinHash.of(example);
                int nearest = -1;
                double best = similarity;
                for (long band : signature.bands()) {
                    for (int candidate : buckets.getOrDefault(band, new int[0])) {
                        double like = signature.similarity(signatures.get(candidate));
                        if (like > best || (like == best && nearest < 0)) {
                            best = like;
                            nearest = candidate;
                        }
                    }
                }
                if (nearest >= 0) {
                    found.add(kept.get(nearest).repeatedBy(example, best));
                } else {
                    for (long band : signature.bands()) {
                        buckets.merge(band, new int[] {kept.size()}, Duplicates::join);
                    }
                    kept.add(new Kept(example.row(), example.label()));
                    signatures.add(signature);
                }
            }
        }
        return new Duplicates(source, rows, found);
    }

    private static int[] join(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** How many rows were read. */
    public long rows() {
        return rows;
    }

    /** The repeating rows, in their order. */
    public List<Duplicate> found() {
        return found;
    }

    /** How many repeating rows carry another label than the row they repeat. */
    public long conflicts() {
        return found.stream().filter(Duplicate::labelsDiffer).count();
    }

    /** The source without its repeating rows. */
    public TextSource distinct() {
        return source.where(example -> Arrays.binarySearch(repeated, example.row()) < 0);
    }
}
