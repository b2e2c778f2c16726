package org.jzoo.blocks.kernel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Short rows of numbers that stay on their device, such as the frequencies of rotary positions:
 * made from a list inside a script, a row costs a copy for each number, and a GPU waits for it each
 * time.
 */
final class Constants {

    // Models have few of them; who makes up new ones with each text gets them made with each text.
    private static final int MOST = 256;

    private static final Map<Device, NDManager> MANAGERS = new ConcurrentHashMap<>();
    private static final Map<Key, NDArray> ROWS = new ConcurrentHashMap<>();

    private Constants() {}

    private record Key(Device device, int hash, double[] values) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && device.equals(key.device)
                    && Arrays.equals(values, key.values);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** The numbers (n) in float32 where {@code like} is; not to be closed or written to. */
    static NDArray row(double[] values, NDArray like) {
        Key key = new Key(like.getDevice(), Arrays.hashCode(values), values);
        NDArray known = ROWS.get(key);
        if (known != null) {
            return known;
        }
        if (ROWS.size() >= MOST) {
            return create(values, like.getManager());
        }
        Key own = new Key(key.device, key.hash, values.clone());
        return ROWS.computeIfAbsent(
                own,
                made ->
                        create(
                                values,
                                MANAGERS.computeIfAbsent(
                                        made.device,
                                        device -> PyTorch.engine().newBaseManager(device))));
    }

    private static NDArray create(double[] values, NDManager manager) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return manager.create(narrow);
    }
}
