package org.jzoo.datasets.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.Encoded;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextEncoding;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/**
 * A text source encoded once, ready to be batched in any order.
 *
 * <p>Token ids lie in a temporary file; the heap holds 28 bytes a row (place, length, row and
 * target). Reading is safe from several threads. Close it to give the file back.
 */
public final class EncodedDataset implements AutoCloseable {

    private final TokenSpool spool;
    private final LabelSet labels;
    private final TargetKind kind;
    private final long padId;
    private final TruncationReport truncation;
    private final int[] lengths;
    private final long[] offsets;
    private final long[] rows;
    private final double[] targets;

    private EncodedDataset(
            Columns columns, TokenSpool spool, LabelSet labels, TargetKind kind, long padId) {
        this.spool = spool;
        this.labels = labels;
        this.kind = kind;
        this.padId = padId;
        this.truncation = columns.report();
        this.lengths = Arrays.copyOf(columns.lengths, columns.size);
        this.offsets = Arrays.copyOf(columns.offsets, columns.size);
        this.rows = Arrays.copyOf(columns.rows, columns.size);
        this.targets = Arrays.copyOf(columns.targets, columns.size);
    }

    /**
     * Encodes a source whose labels are classes.
     *
     * @throws DataException if a label is not in {@code labels} or the source holds no row
     */
    public static EncodedDataset classification(
            TextSource source, TextEncoding encoding, LabelSet labels) {
        require(source, TargetKind.CLASS);
        return encode(source, encoding, Objects.requireNonNull(labels, "labels"));
    }

    /**
     * Encodes a source whose labels are numbers.
     *
     * @throws DataException if the source holds no row
     */
    public static EncodedDataset regression(TextSource source, TextEncoding encoding) {
        require(source, TargetKind.NUMBER);
        return encode(source, encoding, null);
    }

    /**
     * Encodes the texts of a source and leaves its labels out.
     *
     * @throws DataException if the source holds no row
     */
    public static EncodedDataset unlabelled(TextSource source, TextEncoding encoding) {
        return encode(new Unlabelled(source), encoding, null);
    }

    private static void require(TextSource source, TargetKind kind) {
        if (source.target() != kind) {
            throw new IllegalArgumentException(
                    "target must be %s, got target=%s, source=%s"
                            .formatted(kind, source.target(), source.name()));
        }
    }

    private record Unlabelled(TextSource base) implements TextSource {
        @Override
        public String name() {
            return base.name();
        }

        @Override
        public TargetKind target() {
            return TargetKind.NONE;
        }

        @Override
        public Stream<TextExample> stream() {
            return base.stream();
        }
    }

    private static EncodedDataset encode(
            TextSource source, TextEncoding encoding, LabelSet labels) {
        Columns columns = new Columns();
        try (TokenSpool.Writer writer = new TokenSpool.Writer();
                Stream<TextExample> examples = source.stream()) {
            for (Iterator<TextExample> i = examples.iterator(); i.hasNext(); ) {
                TextExample example = i.next();
                double target =
                        switch (source.target()) {
                            case CLASS -> labels.id(source, example);
                            case NUMBER -> example.target();
                            case NONE -> 0;
                        };
                Encoded encoded = encoding.encode(example.text(), example.pair());
                writer.add(encoded);
                columns.add(encoded, example.row(), target);
            }
            if (columns.size == 0) {
                throw new DataException(source.name(), "must hold at least one row, got none");
            }
            return new EncodedDataset(
                    columns, writer.open(), labels, source.target(), encoding.padId());
        } catch (IOException e) {
            throw new UncheckedIOException("encoding " + source.name(), e);
        }
    }

    /** The number of rows. */
    public int size() {
        return lengths.length;
    }

    /** The classes, or null if labels are not classes. */
    public LabelSet labels() {
        return labels;
    }

    /** What truncation cut off. */
    public TruncationReport truncation() {
        return truncation;
    }

    /** Tokens of the row at {@code index}, from 0, after truncation. */
    public int length(int index) {
        return lengths[index];
    }

    /** The row in its source, counted from 1, of what is at {@code index}. */
    public long row(int index) {
        return rows[index];
    }

    /** The class id at {@code index}. */
    public int label(int index) {
        if (kind != TargetKind.CLASS) {
            throw new IllegalStateException("target must be CLASS to ask for labels, got " + kind);
        }
        return (int) targets[index];
    }

    /** The number to regress on at {@code index}. */
    public double target(int index) {
        if (kind != TargetKind.NUMBER) {
            throw new IllegalStateException("target must be NUMBER to ask for it, got " + kind);
        }
        return targets[index];
    }

    /** Rows of each class, by id. */
    public long[] labelCounts() {
        long[] counts = new long[labels == null ? 0 : labels.size()];
        for (int i = 0; i < size() && labels != null; i++) {
            counts[label(i)]++;
        }
        return counts;
    }

    /** Plans the batches of an epoch, from 0. */
    public BatchPlan plan(BatchingConfig config, long epoch) {
        return BatchPlan.of(lengths, config, epoch);
    }

    /** The batch of a plan at {@code index}. */
    public Batch batch(BatchPlan plan, int index) {
        return batch(plan.rows(index), plan.config());
    }

    /** All batches of a plan from {@code from} on, each read when it is asked for. */
    public Iterable<Batch> batches(BatchPlan plan, int from) {
        return () ->
                new Iterator<>() {
                    private int index = from;

                    @Override
                    public boolean hasNext() {
                        return index < plan.size();
                    }

                    @Override
                    public Batch next() {
                        if (!hasNext()) {
                            throw new NoSuchElementException();
                        }
                        return batch(plan, index++);
                    }
                };
    }

    private Batch batch(int[] indices, BatchingConfig config) {
        int size = indices.length;
        int longest = 0;
        for (int index : indices) {
            longest = Math.max(longest, lengths[index]);
        }
        int length = config.padded(longest);
        int cells = Math.multiplyExact(size, length);
        long[] ids = new long[cells]; // (B, T)
        long[] typeIds = new long[cells]; // (B, T)
        long[] mask = new long[cells]; // (B, T)
        long[] labelIds = new long[kind == TargetKind.CLASS ? size : 0]; // (B)
        float[] numbers = new float[kind == TargetKind.NUMBER ? size : 0]; // (B)
        long[] sourceRows = new long[size]; // (B)
        for (int i = 0; i < size; i++) {
            int index = indices[i];
            int start = i * length;
            spool.read(offsets[index], lengths[index], ids, typeIds, start);
            Arrays.fill(mask, start, start + lengths[index], 1);
            Arrays.fill(ids, start + lengths[index], start + length, padId);
            sourceRows[i] = rows[index];
            if (kind == TargetKind.CLASS) {
                labelIds[i] = (long) targets[index];
            } else if (kind == TargetKind.NUMBER) {
                numbers[i] = (float) targets[index];
            }
        }
        return new Batch(size, length, ids, typeIds, mask, labelIds, numbers, sourceRows);
    }

    @Override
    public void close() {
        spool.close();
    }

    /** Grows by rows. */
    private static final class Columns {
        private int size;
        private int[] lengths = new int[1024];
        private long[] offsets = new long[1024];
        private long[] rows = new long[1024];
        private double[] targets = new double[1024];
        private long kept;
        private long original;
        private long truncated;
        private int longest;

        void add(Encoded encoded, long row, double target) {
            if (size == lengths.length) {
                int capacity = Math.addExact(size, size / 2);
                lengths = Arrays.copyOf(lengths, capacity);
                offsets = Arrays.copyOf(offsets, capacity);
                rows = Arrays.copyOf(rows, capacity);
                targets = Arrays.copyOf(targets, capacity);
            }
            lengths[size] = encoded.length();
            offsets[size] = kept;
            rows[size] = row;
            targets[size] = target;
            size++;
            kept += encoded.length();
            original += encoded.originalLength();
            truncated += encoded.truncated() ? 1 : 0;
            longest = Math.max(longest, encoded.originalLength());
        }

        TruncationReport report() {
            return new TruncationReport(size, truncated, original, original - kept, longest);
        }
    }
}
