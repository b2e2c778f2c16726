package org.jzoo.tests;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.zoo.clip.ClipConfig;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.ImageEncoderConfig;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.lxmert.LxmertConfig;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.ModelOption;
import org.jzoo.zoo.task.Task;

/** What the contract tests must know of a kind of architecture: its tasks, inputs and loss. */
interface Family {

    /** The rows of the batch that is learnt by heart. */
    int LEARNT = 6;

    /** The family of a model. */
    static Family of(ModelOption model) {
        if (model instanceof EncoderConfig) {
            return new TextEncoderFamily();
        }
        if (model instanceof ImageEncoderConfig images) {
            return new ImageEncoderFamily(images);
        }
        if (model instanceof ClipConfig both) {
            return new ImageTextFamily(both);
        }
        if (model instanceof DecoderConfig) {
            return new TextDecoderFamily();
        }
        if (model instanceof LxmertConfig regions) {
            return new LxmertFamily(regions);
        }
        if (model instanceof J1Config j1) {
            return new J1Family(j1);
        }
        if (model instanceof J3Config) {
            return new J3Family(new TextEncoderFamily());
        }
        throw new AssertionError("add the family of " + model.getClass().getSimpleName());
    }

    /** What the family can be made for; the first is the one that learns a batch by heart. */
    List<Task> tasks(Architecture architecture);

    /** Random inputs of so many rows, the same at every call; all have their rows first. */
    NDList inputs(NDManager manager, int rows);

    /** The context in which every parameter has a part. */
    default ForwardContext wholeContext(NDList inputs) {
        return new ForwardContext();
    }

    /** The outputs in one array with the rows of the inputs first. */
    default NDArray rows(NDList outputs) {
        return outputs.singletonOrThrow();
    }

    /** The steps in which a batch must be learnt by heart. */
    default int steps() {
        return 60;
    }

    /** The loss of the first task on {@link #LEARNT} rows, different for each. */
    NDArray loss(NDList inputs, NDList outputs);
}
