package org.jzoo.training.loop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks a training to stop after the step that it is making; it saves a checkpoint then. Safe from
 * any thread.
 *
 * <pre>{@code
 * try (StopSignal stop = StopSignal.onShutdown()) {
 *     TrainingResult result = TrainingLoop.builder()….optStopSignal(stop).build().run();
 *     // Still running here after Ctrl-C: say how to resume.
 * }
 * }</pre>
 */
public final class StopSignal implements AutoCloseable {

    private static final long GRACE_SECONDS = 60;

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean requested;
    private Thread hook;

    /** Creates a signal that only {@link #request()} gives. */
    public StopSignal() {}

    /**
     * Creates a signal that the end of the JVM gives too: Ctrl-C or SIGTERM. The JVM then waits
     * until the signal is closed, at most a minute.
     */
    public static StopSignal onShutdown() {
        StopSignal signal = new StopSignal();
        Thread hook = new Thread(signal::stopAndWait, "jzoo-stop");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            signal.hook = hook;
        } catch (IllegalStateException e) {
            // The JVM is ending already.
            signal.requested = true;
        }
        return signal;
    }

    private void stopAndWait() {
        requested = true;
        try {
            if (!closed.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("jzoo: training did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks for the stop. */
    public void request() {
        requested = true;
    }

    /** Whether somebody asked. */
    public boolean requested() {
        return requested;
    }

    /** Lets a JVM that is ending end. */
    @Override
    public void close() {
        closed.countDown();
        if (hook != null && !requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM began to end just now; the hook finds the signal closed.
                requested = true;
            }
        }
    }
}
