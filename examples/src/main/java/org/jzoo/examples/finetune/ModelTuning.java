package org.jzoo.examples.finetune;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.loop.Evaluation;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.tuning.Adapters;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * A fine-tuning that makes a model, fresh or loaded, and tunes it. What is made belongs to who
 * asked for it; if tuning fails, it is closed.
 */
public abstract class ModelTuning implements FineTuning {

    /** How it is tuned. */
    protected final FineTuneConfig config;

    /** Makes the loop, and tells it who watches. */
    protected final TuningLoop training;

    /** Prepares a run; nothing is loaded yet. */
    protected ModelTuning(FineTuneConfig config) {
        this.config = config;
        training = new TuningLoop(config);
    }

    @Override
    public final ModelTuning with(TrainingCallback callback) {
        training.with(callback);
        return this;
    }

    @Override
    public final ModelTuning with(StopSignal signal) {
        training.with(signal);
        return this;
    }

    @Override
    public final FineTuned run() throws IOException, MalformedModelException {
        PyTorch.seed(config.seed());
        LoadedModel model = model();
        try {
            return tune(model);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** Makes the model to begin with. */
    protected abstract LoadedModel model() throws IOException, MalformedModelException;

    /**
     * Tunes and judges it.
     *
     * @throws IllegalArgumentException if it is a model of another kind
     */
    protected abstract FineTuned tune(LoadedModel model);

    /**
     * Lets a model learn, and judges it.
     *
     * @param schedule makes the lesson's loop, when what learns is chosen
     * @param test judges it once; null for nobody
     * @param judged precision in which it is judged
     * @param learned what of the data it learned, as a sentence
     */
    protected final FineTuned learn(
            LoadedModel model,
            TuningLoop.Lesson lesson,
            Function<TuningLoop.Lesson, TrainingLoop.Builder> schedule,
            Evaluation test,
            Precision judged,
            String learned) {
        Part block = lesson.block();
        PyTorch.seed(config.seed());
        config.tuning().apply(block);
        TrainingLoop loop = schedule.apply(lesson).build();
        String parameters = loop.parameters().line();
        TrainingResult result = loop.run();
        Adapters.merge(block);
        Map<String, Double> metrics =
                test == null || result.interrupted() ? Map.of() : test.evaluate(block, judged);
        return new FineTuned(model, result, metrics, null, parameters, learned);
    }
}
