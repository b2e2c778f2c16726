package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Calls into DJL's JNI library that DJL offers no public method for: running a module's method with
 * numbers, None and tensor lists as arguments while gradients are recorded.
 *
 * <p>The handles resolve once and are constants to the JIT, so that a call costs as much as DJL's
 * own.
 */
final class Native {

    private static final Object LIBRARY;
    private static final MethodHandle RUN_METHOD;
    private static final MethodHandle FROM_TENSOR;
    private static final MethodHandle FROM_LONG;
    private static final MethodHandle FROM_DOUBLE;
    private static final MethodHandle FROM_BOOL;
    private static final MethodHandle FROM_DOUBLES;
    private static final MethodHandle FROM_TENSOR_LIST;
    private static final MethodHandle TO_TENSOR;
    private static final MethodHandle TO_TENSOR_LIST;
    private static final MethodHandle DELETE;
    private static final MethodHandle IS_TENSOR;

    static {
        try {
            Class<?> type = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
            MethodHandles.Lookup lookup =
                    MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            LIBRARY = lookup.findStaticVarHandle(type, "LIB", type).get();
            RUN_METHOD =
                    find(
                            lookup,
                            "moduleRunMethod",
                            MethodType.methodType(
                                    long.class,
                                    long.class,
                                    String.class,
                                    long[].class,
                                    boolean.class,
                                    boolean.class));
            FROM_TENSOR = find(lookup, "iValueFromTensor", unary(long.class, long.class));
            FROM_LONG = find(lookup, "iValueFromLong", unary(long.class, long.class));
            FROM_DOUBLE = find(lookup, "iValueFromDouble", unary(long.class, double.class));
            FROM_BOOL = find(lookup, "iValueFromBool", unary(long.class, boolean.class));
            FROM_DOUBLES = find(lookup, "iValueFromDoubleList", unary(long.class, double[].class));
            FROM_TENSOR_LIST =
                    find(lookup, "iValueFromTensorList", unary(long.class, long[].class));
            TO_TENSOR = find(lookup, "iValueToTensor", unary(long.class, long.class));
            TO_TENSOR_LIST = find(lookup, "iValueToTensorList", unary(long[].class, long.class));
            DELETE = find(lookup, "torchDeleteIValue", unary(void.class, long.class));
            IS_TENSOR = find(lookup, "iValueIsTensor", unary(boolean.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "jzoo needs ai.djl.pytorch:pytorch-engine:"
                            + PyTorch.DJL_VERSION
                            + ", whose native interface was not found. Align the DJL versions on"
                            + " the class path, for example with the ai.djl:bom.",
                    e);
        }
    }

    private Native() {}

    private static MethodType unary(Class<?> result, Class<?> argument) {
        return MethodType.methodType(result, argument);
    }

    private static MethodHandle find(MethodHandles.Lookup lookup, String name, MethodType type)
            throws ReflectiveOperationException {
        return lookup.findVirtual(LIBRARY.getClass(), name, type).bindTo(LIBRARY);
    }

    static PtSymbolBlock loadModule(PtNDManager manager, byte[] archive) {
        try {
            return JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Runs a method; the result is an IValue handle that the caller must {@link #delete}. */
    static long run(long module, String method, long[] arguments) {
        try {
            return (long) RUN_METHOD.invokeExact(module, method, arguments, true, false);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    static long fromTensor(NDArray array) {
        try {
            return (long) FROM_TENSOR.invokeExact((long) ((PtNDArray) array).getHandle());
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    static long fromLong(long value) {
        try {
            return (long) FROM_LONG.invokeExact(value);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    static long fromDouble(double value) {
        try {
            return (long) FROM_DOUBLE.invokeExact(value);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    static long fromBoolean(boolean value) {
        try {
            return (long) FROM_BOOL.invokeExact(value);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    static long fromDoubles(double[] values) {
        try {
            return (long) FROM_DOUBLES.invokeExact(values);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    static long fromTensors(NDArray[] arrays) {
        long[] handles = new long[arrays.length];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = ((PtNDArray) arrays[i]).getHandle();
        }
        try {
            return (long) FROM_TENSOR_LIST.invokeExact(handles);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    static boolean isTensor(long value) {
        try {
            return (boolean) IS_TENSOR.invokeExact(value);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    static PtNDArray toTensor(PtNDManager manager, long value) {
        try {
            return new PtNDArray(manager, (long) TO_TENSOR.invokeExact(value));
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    static NDArray[] toTensors(PtNDManager manager, long value) {
        try {
            long[] handles = (long[]) TO_TENSOR_LIST.invokeExact(value);
            NDArray[] arrays = new NDArray[handles.length];
            for (int i = 0; i < handles.length; i++) {
                arrays[i] = new PtNDArray(manager, handles[i]);
            }
            return arrays;
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    static void delete(long value) {
        try {
            DELETE.invokeExact(value);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    private static RuntimeException rethrow(Throwable t) {
        if (t instanceof RuntimeException e) {
            return e;
        }
        if (t instanceof Error e) {
            throw e;
        }
        return new IllegalStateException(t);
    }
}
