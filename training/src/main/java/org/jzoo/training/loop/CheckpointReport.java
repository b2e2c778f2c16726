package org.jzoo.training.loop;

import java.nio.file.Path;

/**
 * One checkpoint.
 *
 * @param step the step after which it was made
 * @param folder where it is
 * @param bytes its size
 * @param seconds it took
 */
public record CheckpointReport(long step, Path folder, long bytes, double seconds) {}
