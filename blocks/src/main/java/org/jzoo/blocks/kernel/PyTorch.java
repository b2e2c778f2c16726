package org.jzoo.blocks.kernel;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Starts DJL's PyTorch engine, checks that its parts fit together, and prepares each thread for
 * scripts.
 */
public final class PyTorch {

    /** The DJL version that this library is built for. */
    public static final String DJL_VERSION = "0.35.1";

    /** The PyTorch version whose JNI library is published for {@link #DJL_VERSION}. */
    public static final String PYTORCH_VERSION = "2.7.1";

    // The optimising executor is chosen per thread; it breaks a method that is trained and then run
    // for inference, and mixed-precision backward passes, so every thread that calls a script
    // switches it off once.
    private static final ThreadLocal<Boolean> PREPARED =
            ThreadLocal.withInitial(
                    () -> {
                        JniUtils.setGraphExecutorOptimize(false);
                        return Boolean.TRUE;
                    });

    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private PyTorch() {}

    /**
     * Returns the running PyTorch engine, started on first use.
     *
     * @throws IllegalStateException if the engine does not start or its version is not the one this
     *     library was built for; the message says which artifacts to depend on
     */
    public static Engine engine() {
        if (Holder.ENGINE == null) {
            throw new IllegalStateException(Holder.FAILURE.getMessage(), Holder.FAILURE);
        }
        return Holder.ENGINE;
    }

    /**
     * Starts the engine in a thread of its own and compiles a first script there, so that files can
     * be read meanwhile; {@link #engine()} waits for it. Does nothing where the engine runs.
     */
    public static void startAhead() {
        if (STARTED.compareAndSet(false, true)) {
            // Here, since SLF4J complains when two threads start logging.
            Engine.getDjlVersion();
            loadFileLibrary();
            Thread thread = new Thread(PyTorch::warmUp, "jzoo-engine");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Returns a new manager of the engine that is nobody's child; the caller closes it. */
    public static NDManager newBaseManager() {
        return engine().newBaseManager();
    }

    /** Seeds the engine's process-wide random generators (weights, dropout, noise). */
    public static void seed(long seed) {
        JniUtils.setSeed(requireStarted(seed));
    }

    /** Number of threads that one operator may use. */
    public static int threads() {
        engine();
        return JniUtils.getNumThreads();
    }

    /**
     * Sets the number of threads that one operator may use.
     *
     * @throws IllegalArgumentException if {@code threads < 1}
     */
    public static void setThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be >= 1, got threads=" + threads);
        }
        engine();
        JniUtils.setNumThreads(threads);
    }

    // The first script takes several times as long as others; most models need these.
    private static void warmUp() {
        if (Holder.ENGINE != null) {
            try {
                for (Class<?> kernel :
                        List.of(
                                GradientMode.class,
                                LinearKernel.class,
                                PackedKernel.class,
                                EmbeddingKernel.class)) {
                    MethodHandles.lookup().ensureInitialized(kernel);
                }
            } catch (IllegalAccessException | EngineException | LinkageError e) {
                // Whoever needs the kernel is told.
                return;
            }
        }
    }

    // While PyTorch's libraries are loaded no other thread can load one, not even Java's own for
    // files.
    private static void loadFileLibrary() {
        Path any = Path.of(System.getProperty("java.home"), "release");
        try (FileChannel channel = FileChannel.open(any, StandardOpenOption.READ)) {
            channel.position();
        } catch (IOException e) {
            // The library is loaded even so, or by the first who opens a file.
            return;
        }
    }

    static void prepareThread() {
        PREPARED.get();
    }

    static PtNDManager newPtManager() {
        return (PtNDManager) newBaseManager();
    }

    private static long requireStarted(long seed) {
        engine();
        return seed;
    }

    private static Engine start() {
        Telemetry.optOut();
        try {
            requireVersion("DJL api", Engine.getDjlVersion(), DJL_VERSION);
            Engine engine = Engine.getEngine("PyTorch");
            requireVersion("PyTorch", engine.getVersion(), PYTORCH_VERSION);
            return engine;
        } catch (EngineException | LinkageError e) {
            throw new IllegalStateException(mismatch("an engine that does not start"), e);
        }
    }

    static void requireVersion(String what, String found, String wanted) {
        if (found != null && !found.startsWith(wanted)) {
            throw new IllegalStateException(mismatch(what + " " + found));
        }
    }

    private static String mismatch(String found) {
        return "jzoo needs DJL "
                + DJL_VERSION
                + " with PyTorch "
                + PYTORCH_VERSION
                + ", found "
                + found
                + ". Depend on ai.djl:bom:"
                + DJL_VERSION
                + ", ai.djl.pytorch:pytorch-jni:"
                + PYTORCH_VERSION
                + "-"
                + DJL_VERSION
                + " and ai.djl.pytorch:pytorch-native-cpu:"
                + PYTORCH_VERSION
                + " (classifier linux-x86_64, linux-aarch64, osx-aarch64 or win-x86_64), and remove"
                + " other versions; `jzoo doctor` lists what is on the class path.";
    }

    // Started once, by whoever needs the engine first; a failure is thrown at each use.
    private static final class Holder {

        static final Engine ENGINE;
        static final IllegalStateException FAILURE;

        static {
            Engine engine = null;
            IllegalStateException failure = null;
            try {
                engine = start();
            } catch (IllegalStateException e) {
                failure = e;
            }
            ENGINE = engine;
            FAILURE = failure;
        }
    }
}
