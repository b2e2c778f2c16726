package org.jzoo.blocks.chunk;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;

/**
 * What is carried from chunk to chunk as arrays under names, so that it can be written to a file
 * and reading goes on another day.
 */
public final class ChunkStates {

    private static final String MEMORY = "#memory";
    private static final String KEYS = "#keys";
    private static final String VALUES = "#values";
    private static final String MASK = "#mask";
    private static final String GATES = "#logGates";
    private static final String STORE = "#store.";
    private static final String FACTORS = STORE + "factors";
    private static final String PRIORITIES = STORE + "priorities";

    private ChunkStates() {}

    /**
     * The arrays of all chunk states among a context's.
     *
     * @return of the types float32, int64, int8 and boolean, attached where the states are
     */
    public static Map<String, NDArray> arrays(Map<String, Object> states) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        states.forEach(
                (scope, state) -> {
                    if (state instanceof ChunkTokens tokens) {
                        arrays.put(scope + MEMORY, tokens.values());
                    } else if (state instanceof ChunkState chunk) {
                        put(arrays, scope, chunk);
                    }
                });
        return arrays;
    }

    private static void put(Map<String, NDArray> arrays, String scope, ChunkState chunk) {
        arrays.put(scope + KEYS, wide(chunk.keys()));
        arrays.put(scope + VALUES, wide(chunk.values()));
        arrays.put(scope + MASK, chunk.mask());
        if (chunk.logGates() != null) {
            arrays.put(scope + GATES, chunk.logGates());
        }
        BlockStore store = chunk.store();
        if (store == null) {
            return;
        }
        BlockStore.Rows rows = store.cut();
        arrays.put(scope + STORE + "keys", rows.keys());
        arrays.put(
                scope + STORE + "states",
                rows.factors() == null ? wide(rows.states()) : rows.states());
        arrays.put(scope + STORE + "mask", rows.mask());
        arrays.put(scope + STORE + "numbers", rows.numbers());
        arrays.put(scope + STORE + "read", rows.numbers().getManager().create(store.read()));
        if (rows.factors() != null) {
            arrays.put(scope + FACTORS, rows.factors());
        }
        if (rows.priorities() != null) {
            arrays.put(scope + PRIORITIES, rows.priorities());
        }
    }

    // What is computed in bfloat16 is read by nobody else.
    private static NDArray wide(NDArray array) {
        return LinearKernel.cast(array, Precision.FLOAT32);
    }

    /**
     * The states again.
     *
     * @param arrays what {@link #arrays} gave
     * @param precision of the passes that are to come
     */
    public static Map<String, Object> states(Map<String, NDArray> arrays, Precision precision) {
        Map<String, Object> states = new LinkedHashMap<>();
        arrays.forEach(
                (name, array) -> {
                    if (name.endsWith(MEMORY)) {
                        states.put(scope(name, MEMORY), new ChunkTokens(array));
                    } else if (name.endsWith(KEYS)) {
                        String scope = scope(name, KEYS);
                        states.put(scope, state(arrays, scope, precision));
                    }
                });
        return states;
    }

    private static String scope(String name, String suffix) {
        return name.substring(0, name.length() - suffix.length());
    }

    private static ChunkState state(
            Map<String, NDArray> arrays, String scope, Precision precision) {
        return new ChunkState(
                LinearKernel.cast(arrays.get(scope + KEYS), precision),
                LinearKernel.cast(arrays.get(scope + VALUES), precision),
                arrays.get(scope + MASK),
                arrays.get(scope + GATES),
                arrays.containsKey(scope + STORE + "keys") ? store(arrays, scope, precision) : null,
                null);
    }

    private static BlockStore store(
            Map<String, NDArray> arrays, String scope, Precision precision) {
        NDArray states = arrays.get(scope + STORE + "states");
        NDArray factors = arrays.get(scope + FACTORS);
        return BlockStore.of(
                new BlockStore.Rows(
                        arrays.get(scope + STORE + "keys"),
                        factors == null ? LinearKernel.cast(states, precision) : states,
                        factors,
                        arrays.get(scope + STORE + "mask"),
                        arrays.get(scope + STORE + "numbers"),
                        arrays.get(scope + PRIORITIES)),
                arrays.get(scope + STORE + "read").getLong());
    }
}
