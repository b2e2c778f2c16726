package org.jzoo.zoo.weights;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Lazy tensors under names. */
final class LazySource implements TensorSource {

    private final String origin;
    private final Map<String, LazyTensor> tensors;
    private final NavigableMap<String, TensorEntry> entries;

    LazySource(String origin, Collection<LazyTensor> tensors) {
        this.origin = origin;
        this.tensors = new TreeMap<>();
        NavigableMap<String, TensorEntry> sorted = new TreeMap<>();
        for (LazyTensor tensor : tensors) {
            this.tensors.put(tensor.entry().name(), tensor);
            sorted.put(tensor.entry().name(), tensor.entry());
        }
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
        entry(name);
        return tensors.get(name).segments().get();
    }
}
