package org.jzoo.examples.finetune;

import ai.djl.MalformedModelException;
import java.io.IOException;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.zoo.card.ModelCard;

/** A fine-tuning that is ready to run. */
public interface FineTuning {

    /** Adds a listener: progress, logs, curves. */
    FineTuning with(TrainingCallback callback);

    /** Lets the signal end training at the next step, with a checkpoint. */
    FineTuning with(StopSignal signal);

    /**
     * Runs.
     *
     * @throws IOException if the model, the data or the work folder cannot be read or written
     * @throws MalformedModelException if the model's files are damaged
     */
    FineTuned run() throws IOException, MalformedModelException;

    /** The model card of what {@link #run} made, to which its maker may add. */
    ModelCard.Builder describe(FineTuned tuned);

    /** The text of that card. */
    default String card(FineTuned tuned) {
        return describe(tuned).build().toMarkdown();
    }
}
