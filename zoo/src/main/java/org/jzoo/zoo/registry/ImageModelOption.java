package org.jzoo.zoo.registry;

import org.jzoo.zoo.image.ImagePreprocessing;

/** The numbers of a model that reads pictures. */
public interface ImageModelOption extends ModelOption {

    /** How a picture becomes the model's input. */
    ImagePreprocessing preprocessing();
}
