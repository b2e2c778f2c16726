package org.jzoo.zoo.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

/**
 * Tensors by name, wherever they lie. Entries are known at once, elements are read when asked for.
 * Implementations may be read from several threads.
 */
public interface TensorSource {

    /** The longest segment that {@link #segments} gives, in bytes. */
    int SEGMENT_BYTES = 1 << 30;

    /** What messages call this source: a file, a folder or a resource. */
    String origin();

    /** All entries, sorted by name. Unmodifiable. */
    NavigableMap<String, TensorEntry> entries();

    /**
     * The tensor's elements in row-major order, little-endian: consecutive read-only buffers of at
     * most {@value #SEGMENT_BYTES} bytes each, all of whole elements. They share the source's
     * memory where they can and are valid as long as the source is.
     *
     * @throws IllegalArgumentException if there is no tensor of that name
     */
    List<ByteBuffer> segments(String name);

    /**
     * The entry of that name.
     *
     * @throws IllegalArgumentException if there is none; the message suggests the nearest name
     */
    default TensorEntry entry(String name) {
        TensorEntry entry = entries().get(name);
        if (entry == null) {
            throw new IllegalArgumentException(
                    "name must be a tensor of %s, got name=%s%s"
                            .formatted(origin(), name, NearestName.hint(name, entries().keySet())));
        }
        return entry;
    }

    /**
     * Copies a tensor into a new array: FLOAT32 for F16, BF16 and F32, INT32 for I16, the type
     * itself for the others; every value is kept exactly.
     *
     * @param manager owner of the array, on whose device it is made
     * @throws IllegalArgumentException if there is no tensor of that name
     */
    default NDArray toNDArray(NDManager manager, String name) {
        return ArrayCopy.toArray(manager, entry(name), segments(name));
    }

    /** The tensors of these names that are here. */
    default TensorSource only(Set<String> names) {
        return new LazySource(
                origin(),
                entries().keySet().stream()
                        .filter(names::contains)
                        .map(name -> LazyTensor.of(this, name))
                        .toList());
    }

    /**
     * The same tensors under other names.
     *
     * @param names gives each one's name; null leaves it out
     */
    default TensorSource renamed(UnaryOperator<String> names) {
        return new LazySource(
                origin(),
                entries().keySet().stream()
                        .filter(name -> names.apply(name) != null)
                        .map(name -> LazyTensor.of(this, name).named(names.apply(name)))
                        .toList());
    }

    /** The same tensors; a listener hears each one's number of bytes when it is read. */
    default TensorSource heard(LongConsumer listener) {
        return new LazySource(
                origin(),
                entries().values().stream().map(e -> LazyTensor.heard(this, e, listener)).toList());
    }

    /**
     * The arrays of a map under its keys. They are read when the source is: they must stay open and
     * unchanged until then.
     *
     * @param origin what messages call this source
     * @throws IllegalArgumentException if an array has a type that safetensors files do not hold
     */
    static TensorSource ofArrays(String origin, Map<String, NDArray> arrays) {
        return new ArraySource(origin, arrays);
    }

    /**
     * The values of a map of parameters under its keys, read when the source is. A parameter under
     * several names (tied weights) appears under the first of them.
     *
     * @param origin what messages call this source
     * @throws ai.djl.nn.UninitializedParameterException if a parameter has no value
     */
    static TensorSource ofParameters(String origin, Map<String, Parameter> parameters) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        Set<Parameter> seen = new HashSet<>();
        parameters.forEach(
                (name, parameter) -> {
                    if (seen.add(parameter)) {
                        arrays.put(name, parameter.getArray());
                    }
                });
        return new ArraySource(origin, arrays);
    }
}
