package org.jzoo.zoo.weights;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Moves elements between little-endian buffers and the memory of arrays. */
final class ArrayCopy {

    /** Elements that are reached through one buffer: at most 1 GiB of 8-byte ones. */
    private static final long VIEW = 1L << 27;

    private ArrayCopy() {}

    static NDArray toArray(NDManager manager, TensorEntry entry, List<ByteBuffer> segments) {
        if (!manager.getDevice().isGpu()) {
            return fill(manager, entry, segments);
        }
        try (NDManager host = manager.newSubManager(Device.cpu())) {
            NDArray array = fill(host, entry, segments).toDevice(manager.getDevice(), true);
            array.attach(manager);
            return array;
        }
    }

    // The engine allocates and Java writes into its memory: aligned, copied once, and not counted
    // against the JVM's limit on direct buffers.
    private static NDArray fill(NDManager host, TensorEntry entry, List<ByteBuffer> segments) {
        NDArray array = host.create(entry.shape(), entry.type().arrayType());
        try {
            int next = 0;
            ByteBuffer source = null;
            for (ByteBuffer target : views(array)) {
                while (target.hasRemaining()) {
                    while (source == null || !source.hasRemaining()) {
                        source = segments.get(next++).duplicate().order(ByteOrder.LITTLE_ENDIAN);
                    }
                    Elements.widen(entry.type(), source, target);
                }
            }
            return array;
        } catch (RuntimeException e) {
            array.close();
            throw e;
        }
    }

    /** Consecutive writable views of a contiguous array's own memory on the CPU. */
    private static List<ByteBuffer> views(NDArray array) {
        long size = array.size();
        if (size == 0) {
            return List.of();
        }
        if (size <= VIEW) {
            return List.of(array.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN));
        }
        List<ByteBuffer> views = new ArrayList<>();
        try (NDArray flat = array.reshape(new Shape(size))) {
            for (long from = 0; from < size; from += VIEW) {
                long to = Math.min(size, from + VIEW);
                try (NDArray part = flat.get(new NDIndex("{}:{}", from, to))) {
                    views.add(part.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN));
                }
            }
        }
        return views;
    }

    /** A copy of the elements of an array, on the heap; the array may lie on any device. */
    static List<ByteBuffer> segments(NDArray array, TensorEntry entry) {
        if (entry.byteSize() == 0) {
            return List.of();
        }
        try (NDManager host = array.getManager().newSubManager(Device.cpu())) {
            NDArray near = array;
            if (array.getDevice().isGpu()) {
                near = array.toDevice(Device.cpu(), true);
                near.attach(host);
            }
            if (entry.byteSize() <= TensorSource.SEGMENT_BYTES) {
                return List.of(read(near));
            }
            List<ByteBuffer> segments = new ArrayList<>();
            NDArray flat = near.reshape(new Shape(entry.size()));
            flat.attach(host);
            long step = TensorSource.SEGMENT_BYTES / entry.type().bytes();
            for (long from = 0; from < entry.size(); from += step) {
                long to = Math.min(entry.size(), from + step);
                try (NDArray part = flat.get(new NDIndex("{}:{}", from, to))) {
                    segments.add(read(part));
                }
            }
            return segments;
        }
    }

    private static ByteBuffer read(NDArray array) {
        return array.toByteBuffer(false).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
