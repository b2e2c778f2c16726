package org.jzoo.zoo.registry;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.StrictLoader;
import org.jzoo.zoo.weights.TensorSource;

/**
 * Finds a model by what a user types: the name of a pretrained model, a folder that this library
 * saved, or a folder in Hugging Face's layout.
 */
public final class ModelSource {

    private ModelSource() {}

    /**
     * Loads a model for the task it was made for.
     *
     * @throws IllegalArgumentException if there is no such model; the message suggests the nearest
     * @throws MalformedModelException if its files are damaged
     */
    public static LoadedModel load(String nameOrFolder, Device device)
            throws IOException, MalformedModelException {
        return Zoo.load(nameOrFolder, device);
    }

    /**
     * Loads a model's body under a new head, to be fine-tuned. Weights of the head that the model
     * lacks start fresh, from the engine's seed.
     *
     * @param task builds the task from the head that suits the model
     * @throws IllegalArgumentException if there is no such model; the message suggests the nearest
     * @throws MalformedModelException if its files are damaged
     */
    public static LoadedModel loadFor(
            String nameOrFolder, Function<HeadOption, Task> task, Device device)
            throws IOException, MalformedModelException {
        Optional<Pretrained> pretrained = Pretrained.of(nameOrFolder);
        if (pretrained.isPresent()) {
            // A sentence encoder has no trained pooler: read what it was trained to pool.
            Pooling pooling = pretrained.get().pooling();
            HeadOption head = new HeadOption(pooling, null, HeadOption.BERT.dropout());
            return pretrained.get().load(task.apply(head), device);
        }
        try (LoadedModel old = load(nameOrFolder, device)) {
            return under(old, task);
        }
    }

    /**
     * Copies a model's body under a new head, which starts fresh, from the engine's seed.
     *
     * @param old stays as it is
     * @param task builds the task from the head that suits the model: that of the labels or numbers
     *     it gave, else its architecture's
     */
    public static LoadedModel under(LoadedModel old, Function<HeadOption, Task> task) {
        ModelConfig config = old.config().withTask(task.apply(head(old.config())));
        LoadedModel made =
                LoadedModel.create(
                        old.name(),
                        config,
                        old.tokenizer() == null ? null : old.tokenizer().copy(),
                        old.manager().getDevice());
        try {
            StrictLoader.into(ParameterPaths.of(made.block()))
                    .ignoring("head.*")
                    .keeping("head.*")
                    .load(TensorSource.ofParameters(old.name(), old.body()), made.manager());
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        } catch (MalformedModelException e) {
            made.close();
            throw new IllegalStateException("a loaded model's own body must fit, got " + e, e);
        }
    }

    // What a model was tuned to pool it pools again: a sentence encoder has no trained pooler.
    private static HeadOption head(ModelConfig config) {
        if (config.task() instanceof ClassificationTask labels) {
            return labels.head();
        }
        if (config.task() instanceof RegressionTask numbers) {
            return numbers.head();
        }
        return Architectures.of(config.architecture()).head();
    }
}
