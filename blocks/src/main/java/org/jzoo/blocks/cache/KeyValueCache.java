package org.jzoo.blocks.cache;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.blocks.kernel.CacheKernel;

/**
 * The keys, values and whatever else an attention needs of the positions it has seen. Appending a
 * token costs a copy of that token alone: buffers double when they are full. With a window only
 * what the window can still see is kept, in memory that does not grow.
 *
 * <p>It serves one sequence of passes on one thread, without gradients.
 */
public final class KeyValueCache {

    private static final int LEAST_ROOM = 64;

    private final NDManager manager;
    private final int window;
    private final List<NDArray> buffers = new ArrayList<>();
    private int room;
    private int length;
    private long seen;

    /**
     * Creates an empty cache.
     *
     * @param manager owns the buffers
     * @param window the latest positions that a query sees, itself included; 0 for all
     * @throws IllegalArgumentException if {@code window} is negative
     */
    public KeyValueCache(NDManager manager, int window) {
        if (window < 0) {
            throw new IllegalArgumentException("window must be >= 0, got window=" + window);
        }
        this.manager = manager;
        this.window = window;
    }

    /** All positions that were ever appended. */
    public long seen() {
        return seen;
    }

    /** The positions that are kept, at most {@link #seen()}. */
    public int length() {
        return length;
    }

    /**
     * What is kept of one part, (B, X, S, …), a view that the caller closes.
     *
     * @throws IndexOutOfBoundsException if nothing was appended, or not so many parts
     */
    public NDArray kept(int part) {
        return CacheKernel.filled(buffers.get(part), length);
    }

    /**
     * Appends the next positions.
     *
     * @param parts each (B, X, T, …), the same parts at every call
     * @return for each part, what is kept of earlier positions followed by the new ones: (B, X, S,
     *     …), views that the next call may overwrite
     * @throws IllegalArgumentException if the batch or the parts are not those of the first call
     */
    public NDArray[] append(NDArray... parts) {
        int added = Math.toIntExact(parts[0].getShape().get(2));
        check(parts);
        drop();
        reserve(parts, length + added);
        NDArray[] views = new NDArray[parts.length];
        for (int i = 0; i < parts.length; i++) {
            views[i] = CacheKernel.append(buffers.get(i), parts[i], length);
        }
        length += added;
        seen += added;
        return views;
    }

    private void check(NDArray[] parts) {
        if (buffers.isEmpty()) {
            return;
        }
        long batch = buffers.get(0).getShape().get(0);
        if (parts.length != buffers.size() || parts[0].getShape().get(0) != batch) {
            throw new IllegalArgumentException(
                    "parts and batch must be those of the first pass, got parts=%d, batch=%d, first parts=%d, batch=%d; start a new cache for other inputs"
                            .formatted(
                                    parts.length,
                                    parts[0].getShape().get(0),
                                    buffers.size(),
                                    batch));
        }
    }

    // With a window, the oldest positions go once there are as many to drop as to keep.
    private void drop() {
        int kept = window - 1;
        if (window > 0 && length > Math.max(LEAST_ROOM, 2 * kept)) {
            rebuild(room, kept);
        }
    }

    private void reserve(NDArray[] parts, int needed) {
        if (buffers.isEmpty()) {
            room = Math.max(LEAST_ROOM, needed);
            for (NDArray part : parts) {
                NDArray buffer = CacheKernel.room(part, room);
                buffer.attach(manager);
                buffers.add(buffer);
            }
        } else if (needed > room) {
            rebuild(Math.max(2 * room, needed), length);
        }
    }

    private void rebuild(int newRoom, int kept) {
        for (int i = 0; i < buffers.size(); i++) {
            NDArray old = buffers.get(i);
            NDArray fresh = CacheKernel.room(old, newRoom);
            if (kept > 0) {
                CacheKernel.move(old, fresh, length, kept);
            }
            old.close();
            buffers.set(i, fresh);
        }
        room = newRoom;
        length = kept;
    }
}
