package org.jzoo.zoo.serving;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.List;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.packed.PackedEncoder;
import org.jzoo.blocks.packed.PackedMode;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.EncoderPacking;
import org.jzoo.zoo.encoder.TextEncoder;
import org.jzoo.zoo.encoder.TextModel;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * A text model's encoder in packed form: packed at the first batch, and again at the first after
 * its weights have changed. Any number of threads may use it at once, as long as nobody changes the
 * weights meanwhile.
 */
final class PackedForm implements AutoCloseable {

    private final TextEncoder encoder;
    private final PackedMode mode;
    private volatile Packed current;
    private boolean closed;

    private PackedForm(TextEncoder encoder, PackedMode mode) {
        this.encoder = encoder;
        this.mode = mode;
    }

    /** The packed form of a model's encoder; null if it has none, or not on its device. */
    static PackedForm of(LoadedModel loaded, PackedMode mode) {
        Block block = loaded.block();
        return block instanceof TextModel text
                        && !loaded.manager().getDevice().isGpu()
                        && EncoderPacking.supports(text.config())
                ? new PackedForm(text.encoder(), mode)
                : null;
    }

    /**
     * Computes hidden states.
     *
     * @param inputs of a {@link TextModel}
     * @return (B, T, D) float32, 0 where no token is; or null if the model itself must be asked
     * @throws IllegalStateException if closed
     */
    NDArray hiddenState(NDList inputs) {
        NDArray ids = inputs.get(0);
        NDArray mask = inputs.size() > 2 ? inputs.get(2) : null;
        if (!fits(ids, mask)) {
            return null;
        }
        PackedEncoder packed = packed();
        boolean types = encoder.config().numTypes() > 0 && inputs.size() > 1;
        return packed == null ? null : packed.hiddenState(ids, mask, types ? inputs.get(1) : null);
    }

    private boolean fits(NDArray ids, NDArray mask) {
        EncoderConfig config = encoder.config();
        return ids.getDataType() == DataType.INT64
                && ids.getShape().dimension() == 2
                && ids.getShape().get(1) <= config.maxLength()
                && (mask == null || mask.getShape().equals(ids.getShape()))
                && (!config.positionsPastPadding()
                        || EmbeddingKernel.positionsInOrder(ids, mask, config.padding()));
    }

    private PackedEncoder packed() {
        List<NDArray> arrays =
                ParameterPaths.of(encoder).values().stream().map(Parameter::getArray).toList();
        long writes = GradientMode.writes(arrays);
        Packed now = current;
        if (now == null || !now.isOf(arrays, writes)) {
            now = renew(arrays, writes);
        }
        return now.encoder;
    }

    private synchronized Packed renew(List<NDArray> arrays, long writes) {
        if (closed) {
            throw new IllegalStateException("the model must be open, got closed");
        }
        Packed old = current;
        if (old != null && old.isOf(arrays, writes)) {
            return old;
        }
        // Not both copies at once.
        current = null;
        if (old != null) {
            old.close();
        }
        current = new Packed(pack(), arrays, writes);
        return current;
    }

    private PackedEncoder pack() {
        try {
            return EncoderPacking.pack(encoder, mode);
        } catch (IllegalArgumentException | EngineException e) {
            // Adapters that are not merged, or a build of PyTorch without these operators.
            return null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (current != null) {
            current.close();
            current = null;
        }
    }

    /** The packed weights, or null if they cannot be packed, and what they were packed from. */
    private record Packed(PackedEncoder encoder, List<NDArray> arrays, long writes) {

        boolean isOf(List<NDArray> others, long otherWrites) {
            boolean same = writes == otherWrites && arrays.size() == others.size();
            for (int i = 0; same && i < arrays.size(); i++) {
                same = arrays.get(i) == others.get(i);
            }
            return same;
        }

        void close() {
            if (encoder != null) {
                encoder.close();
            }
        }
    }
}
