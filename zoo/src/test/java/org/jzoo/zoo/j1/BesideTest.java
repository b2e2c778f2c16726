package org.jzoo.zoo.j1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.GradientMode;

class BesideTest {

    @Test
    void bothRunAtOnceTheSecondOnTheCallersThread() {
        CountDownLatch met = new CountDownLatch(2);
        Beside.Both<Thread, Thread> both = Beside.run(() -> meet(met), () -> meet(met));
        assertSame(Thread.currentThread(), both.second());
        assertNotSame(both.first(), both.second());
    }

    private static Thread meet(CountDownLatch met) {
        met.countDown();
        try {
            assertTrue(met.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Thread.currentThread();
    }

    @Test
    void theOtherThreadRecordsNoGradients() {
        assertFalse(Beside.run(GradientMode::isOn, () -> 1).first());
    }

    @Test
    void aFailureOfEitherIsTheCallersAndTheOtherIsWaitedFor() {
        IllegalArgumentException first =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Beside.run(() -> fail("first"), () -> 1));
        assertEquals("first", first.getMessage());
        AtomicBoolean over = new AtomicBoolean();
        IllegalArgumentException second =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                Beside.run(
                                        () -> {
                                            pause();
                                            over.set(true);
                                            return fail("late");
                                        },
                                        () -> fail("second")));
        assertEquals("second", second.getMessage());
        assertEquals("late", second.getSuppressed()[0].getMessage());
        assertTrue(over.get());
    }

    private static int fail(String message) {
        throw new IllegalArgumentException(message);
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
