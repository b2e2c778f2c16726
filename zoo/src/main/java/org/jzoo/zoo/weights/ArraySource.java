package org.jzoo.zoo.weights;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Arrays under names. */
final class ArraySource implements TensorSource {

    private final String origin;
    private final Map<String, NDArray> arrays;
    private final NavigableMap<String, TensorEntry> entries;

    ArraySource(String origin, Map<String, NDArray> arrays) {
        this.origin = origin;
        this.arrays = Map.copyOf(arrays);
        NavigableMap<String, TensorEntry> sorted = new TreeMap<>();
        arrays.forEach(
                (name, array) ->
                        sorted.put(
                                name,
                                new TensorEntry(
                                        name,
                                        TensorType.of(array.getDataType()),
                                        array.getShape(),
                                        0)));
        entries = Collections.unmodifiableNavigableMap(sorted);
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public NavigableMap<String, TensorEntry> entries() {
        return entries;
    }

    @Override
    public List<ByteBuffer> segments(String name) {
        TensorEntry entry = entry(name);
        return ArrayCopy.segments(arrays.get(name), entry);
    }
}
