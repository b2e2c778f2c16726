package org.jzoo.zoo.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.GlobalTokens;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.task.TextTask;

/**
 * An encoder with the head of a task.
 *
 * <p>Inputs: token ids {@code (B, T)} int64, type ids {@code (B, T)} int64, and, if anything is
 * padded, the mask {@code (B, T)} (boolean, true means a real token). Output: what the task's head
 * says. Without training it records no gradients, on whatever thread it runs.
 */
public final class TextModel extends Part {

    private final EncoderConfig config;
    private final TextTask task;
    private final TextEncoder encoder;
    private final boolean markFirst;

    /** Builds the model, without weights. */
    public TextModel(EncoderConfig config, TextTask task) {
        this.config = config;
        this.task = task;
        encoder = child("encoder", new TextEncoder(config));
        child("head", task.createHead(encoder));
        markFirst = task.firstTokenIsGlobal() && config.hasGlobalTokens();
    }

    /** The encoder's numbers. */
    public EncoderConfig config() {
        return config;
    }

    /** What the head is for. */
    public TextTask task() {
        return task;
    }

    /** The encoder. */
    public TextEncoder encoder() {
        return encoder;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        return pass.recordedInTraining(() -> run(inputs, pass));
    }

    private NDList run(NDList inputs, Pass pass) {
        if (inputs.size() > 2) {
            pass.context().withMask(inputs.get(2));
        }
        if (markFirst && pass.context().globalTokens() == null) {
            pass.context().withGlobalTokens(GlobalTokens.first(inputs.head()));
        }
        NDArray hidden =
                pass.run(encoder, inputs.subNDList(0, Math.min(2, inputs.size())))
                        .singletonOrThrow(); // (B, T, D)
        return pass.run(part("head"), new NDList(hidden));
    }
}
