package org.jzoo.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArrayCopyTest {

    @Test
    void anArrayThatNoSingleBufferHoldsIsFilledAndReadInParts() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.arange(77f).reshape(7, 11);
            TensorEntry entry = new TensorEntry("a", TensorType.F32, new Shape(7, 11), 0);
            for (long segment : new long[] {4, 20, 77 * 4, 100 * 4}) {
                List<ByteBuffer> segments = ArrayCopy.segments(array, entry, segment);
                assertEquals((77 * 4 + segment - 1) / segment, segments.size());
                for (long view : new long[] {1, 9, 76, 77, 200}) {
                    assertEquals(array, ArrayCopy.fill(manager, entry, segments, view));
                }
            }
        }
    }

    @Test
    void partsAreWidenedAcrossTheirBorders() {
        try (NDManager manager = NDManager.newBaseManager()) {
            TensorEntry entry = new TensorEntry("a", TensorType.I16, new Shape(10_000), 0);
            ByteBuffer bytes = ByteBuffer.allocate(20_000).order(ByteOrder.LITTLE_ENDIAN);
            IntStream.range(0, 10_000).forEach(i -> bytes.putShort(2 * i, (short) (i - 5000)));
            List<ByteBuffer> parts =
                    Stream.of(0, 2, 10_000).map(from -> part(bytes, from)).toList();
            NDArray expected = manager.arange(-5000, 5000);
            assertEquals(expected, ArrayCopy.fill(manager, entry, parts, 4097));
        }
    }

    private static ByteBuffer part(ByteBuffer bytes, int from) {
        int to = from == 0 ? 2 : from == 2 ? 10_000 : 20_000;
        return bytes.slice(from, to - from);
    }

    @Test
    void readingAnArrayLeavesNothingBehind() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.arange(6f).reshape(2, 3).transpose();
            int before = manager.getManagedArrays().size();
            TensorEntry entry = new TensorEntry("a", TensorType.F32, new Shape(3, 2), 0);
            for (int segment : new int[] {4, 1000}) {
                assertTrue(ArrayCopy.segments(array, entry, segment).size() > 0);
            }
            assertEquals(before, manager.getManagedArrays().size());
        }
    }
}
