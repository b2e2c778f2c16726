package org.jzoo.examples.adapter;

import java.util.Objects;
import org.jzoo.training.tuning.LoraTuning;
import org.jzoo.zoo.task.Task;

/**
 * What {@code adapter_config.json} of an adapter folder of ours says.
 *
 * @param format the layout of the folder, {@value #FORMAT}
 * @param base the name or folder of the model that the adapter belongs to
 * @param task what the head is for
 * @param tuning which maps have adapters and what else was trained
 */
record AdapterConfig(int format, String base, Task task, LoraTuning tuning) {

    static final int FORMAT = 1;

    AdapterConfig {
        if (format != FORMAT) {
            throw new IllegalArgumentException(
                    "format must be %d, got format=%d".formatted(FORMAT, format));
        }
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(tuning, "tuning");
    }
}
