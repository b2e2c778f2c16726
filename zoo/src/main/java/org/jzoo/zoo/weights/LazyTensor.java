package org.jzoo.zoo.weights;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** A tensor that is computed from others when its elements are asked for. */
record LazyTensor(TensorEntry entry, Supplier<List<ByteBuffer>> segments) {

    private static final int TILE = 32;

    static LazyTensor of(TensorSource source, String name) {
        return new LazyTensor(source.entry(name), () -> source.segments(name));
    }

    /** A tensor whose bytes are reported before they are read. */
    static LazyTensor heard(TensorSource source, TensorEntry entry, LongConsumer listener) {
        return new LazyTensor(
                entry,
                () -> {
                    listener.accept(entry.byteSize());
                    return source.segments(entry.name());
                });
    }

    LazyTensor named(String name) {
        return new LazyTensor(entry.named(name), segments);
    }

    /** (R, C) to (C, R); vectors stay as they are. */
    LazyTensor transposed() {
        Shape shape = entry.shape();
        if (shape.dimension() == 1) {
            return this;
        }
        if (shape.dimension() != 2) {
            throw new IllegalArgumentException(
                    "%s must be a vector or a matrix to be transposed, got shape=%s"
                            .formatted(entry.name(), shape));
        }
        Shape turned = new Shape(shape.get(1), shape.get(0));
        TensorEntry result = new TensorEntry(entry.name(), entry.type(), turned, 0);
        return new LazyTensor(result, this::transposedBytes);
    }

    private List<ByteBuffer> transposedBytes() {
        int width = entry.type().bytes();
        int rows = Math.toIntExact(entry.shape().get(0));
        int columns = Math.toIntExact(entry.shape().get(1));
        ByteBuffer source = wholeBytes();
        ByteBuffer target = ByteBuffer.allocate(source.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        if (width == 4) {
            int[] from = new int[rows * columns];
            source.asIntBuffer().get(from);
            int[] to = new int[from.length];
            for (int row = 0; row < rows; row += TILE) {
                for (int column = 0; column < columns; column += TILE) {
                    int rowEnd = Math.min(rows, row + TILE);
                    int columnEnd = Math.min(columns, column + TILE);
                    for (int r = row; r < rowEnd; r++) {
                        for (int c = column; c < columnEnd; c++) {
                            to[c * rows + r] = from[r * columns + c];
                        }
                    }
                }
            }
            target.asIntBuffer().put(to);
        } else {
            for (int c = 0; c < columns; c++) {
                for (int r = 0; r < rows; r++) {
                    target.put((c * rows + r) * width, source, (r * columns + c) * width, width);
                }
            }
        }
        return List.of(target.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }

    private ByteBuffer wholeBytes() {
        if (entry.byteSize() > TensorSource.SEGMENT_BYTES) {
            throw new IllegalArgumentException(
                    "%s must have at most %d bytes to be transposed, got %d"
                            .formatted(entry.name(), TensorSource.SEGMENT_BYTES, entry.byteSize()));
        }
        List<ByteBuffer> parts = segments.get();
        if (parts.size() == 1) {
            return parts.get(0).slice().order(ByteOrder.LITTLE_ENDIAN);
        }
        ByteBuffer whole = ByteBuffer.allocate((int) entry.byteSize());
        parts.forEach(part -> whole.put(part.duplicate()));
        return whole.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The same elements under another shape, in which one dimension may be −1. */
    LazyTensor reshaped(Shape template) {
        long[] dimensions = template.getShape().clone();
        long known = 1;
        int open = -1;
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] < 0) {
                open = i;
            } else {
                known *= dimensions[i];
            }
        }
        if (open >= 0 && known > 0) {
            dimensions[open] = entry.size() / known;
            known *= dimensions[open];
        }
        if (known != entry.size()) {
            throw new IllegalArgumentException(
                    "%s must fit shape %s, got shape=%s"
                            .formatted(entry.name(), template, entry.shape()));
        }
        TensorEntry result =
                new TensorEntry(entry.name(), entry.type(), new Shape(dimensions), entry.begin());
        return new LazyTensor(result, segments);
    }

    /** (count·R, …) to (count, R, …). */
    LazyTensor stacked(int count) {
        long[] old = entry.shape().getShape();
        long[] dimensions = new long[old.length + 1];
        System.arraycopy(old, 0, dimensions, 1, old.length);
        dimensions[0] = count;
        dimensions[1] = old.length == 0 ? 0 : old[0] / count;
        return reshaped(new Shape(dimensions));
    }

    /** (count, R, …) to (count·R, …). */
    LazyTensor unstacked(int count) {
        long[] old = entry.shape().getShape();
        if (old.length < 2 || old[0] != count) {
            throw new IllegalArgumentException(
                    "%s must hold %d experts, got shape=%s"
                            .formatted(entry.name(), count, entry.shape()));
        }
        long[] dimensions = Arrays.copyOfRange(old, 1, old.length);
        dimensions[0] *= count;
        return reshaped(new Shape(dimensions));
    }

    /**
     * Cuts rows into parts. The rows are {@code groups} blocks, each with a run of every part;
     * {@code shares} says how the rows of a block are divided.
     */
    List<LazyTensor> split(int groups, List<Integer> shares) {
        Shape shape = entry.shape();
        long sum = shares.stream().mapToLong(Integer::longValue).sum();
        if (shape.dimension() == 0 || shape.get(0) % (groups * sum) != 0) {
            throw new IllegalArgumentException(
                    "%s must have rows that %d groups of %d shares divide, got shape=%s"
                            .formatted(entry.name(), groups, sum, shape));
        }
        long unit = shape.get(0) / (groups * sum);
        long rowBytes = shape.get(0) == 0 ? 0 : entry.byteSize() / shape.get(0);
        List<LazyTensor> parts = new ArrayList<>();
        long before = 0;
        for (int share : shares) {
            long from = before * unit * rowBytes;
            long count = share * unit * rowBytes;
            long block = sum * unit * rowBytes;
            TensorEntry part =
                    new TensorEntry(
                            entry.name(), entry.type(), withRows(shape, share * unit * groups), 0);
            parts.add(
                    new LazyTensor(
                            part,
                            () -> {
                                List<ByteBuffer> all = segments.get();
                                List<ByteBuffer> cut = new ArrayList<>();
                                for (int group = 0; group < groups; group++) {
                                    cut.addAll(range(all, group * block + from, count));
                                }
                                return cut;
                            }));
            before += share;
        }
        return parts;
    }

    /** The inverse of {@link #split}: rows of the parts, taken in turn for each group. */
    static LazyTensor join(List<LazyTensor> parts, int groups) {
        TensorEntry first = parts.get(0).entry;
        long rows = 0;
        for (LazyTensor part : parts) {
            Shape shape = part.entry.shape();
            if (shape.dimension() == 0
                    || !withRows(shape, 0).equals(withRows(first.shape(), 0))
                    || part.entry.type() != first.type()
                    || shape.get(0) % groups != 0) {
                throw new IllegalArgumentException(
                        ("%s must have the type and row shape of %s and rows that %d groups divide,"
                                        + " got %s %s and %s %s")
                                .formatted(
                                        part.entry.name(),
                                        first.name(),
                                        groups,
                                        part.entry.type(),
                                        shape,
                                        first.type(),
                                        first.shape()));
            }
            rows += shape.get(0);
        }
        TensorEntry joined =
                new TensorEntry(first.name(), first.type(), withRows(first.shape(), rows), 0);
        return new LazyTensor(
                joined,
                () -> {
                    List<ByteBuffer> all = new ArrayList<>();
                    List<List<ByteBuffer>> read =
                            parts.stream().map(part -> part.segments.get()).toList();
                    for (int group = 0; group < groups; group++) {
                        for (int i = 0; i < parts.size(); i++) {
                            long count = parts.get(i).entry.byteSize() / groups;
                            all.addAll(range(read.get(i), group * count, count));
                        }
                    }
                    return all;
                });
    }

    private static Shape withRows(Shape shape, long rows) {
        long[] dimensions = shape.getShape().clone();
        if (dimensions.length == 0) {
            return shape;
        }
        dimensions[0] = rows;
        return new Shape(dimensions);
    }

    private static List<ByteBuffer> range(List<ByteBuffer> segments, long from, long count) {
        List<ByteBuffer> slices = new ArrayList<>();
        long start = 0;
        for (ByteBuffer segment : segments) {
            long end = start + segment.remaining();
            long low = Math.max(start, from);
            long high = Math.min(end, from + count);
            if (low < high) {
                int offset = segment.position() + (int) (low - start);
                slices.add(
                        segment.slice(offset, (int) (high - low)).order(ByteOrder.LITTLE_ENDIAN));
            }
            start = end;
        }
        return slices;
    }

    /** Whether both hold the same bytes. */
    boolean sameElements(LazyTensor other) {
        if (entry.type() != other.entry.type() || !entry.shape().equals(other.entry.shape())) {
            return false;
        }
        List<ByteBuffer> ours = segments.get();
        long start = 0;
        for (ByteBuffer segment : ours) {
            int position = segment.position();
            for (ByteBuffer slice : range(other.segments.get(), start, segment.remaining())) {
                if (!segment.slice(position, slice.remaining()).equals(slice)) {
                    return false;
                }
                position += slice.remaining();
            }
            start += segment.remaining();
        }
        return true;
    }
}
