package org.jzoo.zoo.task;

import ai.djl.nn.Block;
import org.jzoo.zoo.encoder.ImageEncoder;

/** A task whose input is a picture: a head on an image encoder. */
public interface ImageTask extends Task {

    /** Builds the head: hidden states (B, T, D) to the task's output. */
    Block createHead(ImageEncoder encoder);
}
