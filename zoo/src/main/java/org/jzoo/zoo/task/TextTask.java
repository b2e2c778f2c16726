package org.jzoo.zoo.task;

import ai.djl.nn.Block;
import org.jzoo.zoo.encoder.TextEncoder;

/** A task whose input is a text or a pair of texts: a head on a text encoder. */
public interface TextTask extends Task {

    /** Builds the head: hidden states (B, T, D) to the task's output. */
    Block createHead(TextEncoder encoder);

    /**
     * Whether the first token is global, in encoders with global tokens, unless the context says
     * otherwise: so in published classifiers of whole texts, and in no others.
     */
    default boolean firstTokenIsGlobal() {
        return false;
    }
}
