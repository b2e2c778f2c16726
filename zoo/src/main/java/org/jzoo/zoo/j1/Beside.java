package org.jzoo.zoo.j1;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jzoo.blocks.kernel.GradientMode;

/**
 * Two computations that know nothing of each other, one on the calling thread and one on another.
 * On a GPU it is the thread that gives the orders that is busy with small batches, so that a second
 * one hides the shorter computation. Nothing is recorded for gradients.
 */
final class Beside {

    private static final ExecutorService THREADS =
            Executors.newCachedThreadPool(
                    work -> {
                        Thread thread = new Thread(work, "jzoo-beside");
                        thread.setDaemon(true);
                        return thread;
                    });

    private Beside() {}

    /** What both computations gave. */
    record Both<A, B>(A first, B second) {}

    /** Runs {@code first} on another thread and {@code second} on this one, and waits for both. */
    static <A, B> Both<A, B> run(Supplier<A> first, Supplier<B> second) {
        Future<A> later =
                THREADS.submit(
                        () -> {
                            try (GradientMode off = GradientMode.off()) {
                                return first.get();
                            }
                        });
        B here;
        try {
            here = second.get();
        } catch (RuntimeException | Error e) {
            try {
                join(later); // before anybody closes what it computes with
            } catch (RuntimeException | Error other) {
                e.addSuppressed(other);
            }
            throw e;
        }
        return new Both<>(join(later), here);
    }

    private static <A> A join(Future<A> later) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return later.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException cause) {
                        throw cause;
                    }
                    if (e.getCause() instanceof Error cause) {
                        throw cause;
                    }
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
