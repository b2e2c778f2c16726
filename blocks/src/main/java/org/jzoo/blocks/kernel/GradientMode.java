package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Collection;

/**
 * Whether the calling thread records gradients, restored on {@link #close()}.
 *
 * <p>Java threads start with recording on, so that prediction code must switch it off; DJL's {@code
 * GradientCollector} does so for one thread of the process only, and is not needed with this class.
 *
 * <pre>{@code
 * try (GradientMode mode = GradientMode.on()) {
 *     GradientMode.backward(model.loss(batch));
 * }
 * }</pre>
 */
public final class GradientMode implements AutoCloseable {

    private static final Script SCRIPT = Script.load("gradient.py");

    private final boolean before;

    private GradientMode(boolean enabled) {
        PyTorch.engine();
        before = JniUtils.isGradMode();
        JniUtils.setGradMode(enabled);
    }

    /** Records gradients on this thread until closed. */
    public static GradientMode on() {
        return new GradientMode(true);
    }

    /** Records nothing on this thread until closed. */
    public static GradientMode off() {
        return new GradientMode(false);
    }

    /** Whether this thread records gradients now. */
    public static boolean isOn() {
        PyTorch.engine();
        return JniUtils.isGradMode();
    }

    /**
     * Whether a backward pass can reach this array: it requires a gradient, or was computed from
     * what does while recording. DJL's {@code hasGradient} knows the former only.
     */
    public static boolean isRecorded(NDArray array) {
        try (NDArray answer = SCRIPT.call("recorded", array)) {
            return answer.getFloat() != 0;
        }
    }

    /**
     * How often the arrays were written to in place, in total: what was computed from them holds as
     * long as this number stays.
     */
    public static long writes(Collection<NDArray> arrays) {
        try (NDArray count = SCRIPT.call("writes", (Object) arrays.toArray(new NDArray[0]))) {
            return count.getLong();
        }
    }

    /**
     * Adds d loss / d parameter to the gradient of every array that requires one.
     *
     * @param loss a scalar, or an array whose elements are summed
     */
    public static void backward(NDArray loss) {
        try (NDArray one = loss.onesLike()) {
            backward(loss, one);
        }
    }

    /**
     * Adds Σ cotangent · d output / d parameter to the gradient of every array that requires one.
     *
     * @param output any array computed while recording
     * @param cotangent of the same shape
     */
    public static void backward(NDArray output, NDArray cotangent) {
        JniUtils.backward((PtNDArray) output, (PtNDArray) cotangent, false, false);
    }

    /** As {@link #backward(NDArray)}, for a graph that a later backward pass shares. */
    public static void backwardKeepingGraph(NDArray loss) {
        try (NDArray one = loss.onesLike()) {
            JniUtils.backward((PtNDArray) loss, (PtNDArray) one, true, false);
        }
    }

    @Override
    public void close() {
        JniUtils.setGradMode(before);
    }
}
