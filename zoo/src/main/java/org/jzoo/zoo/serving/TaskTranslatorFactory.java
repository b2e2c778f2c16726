package org.jzoo.zoo.serving;

import ai.djl.Model;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Pair;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Set;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.translator.TaskTranslators;

/**
 * Makes the translators of {@link TaskTranslators} for a DJL model whose block is a {@link
 * ServedModel}. Which types there are depends on the task, so that every type counts as supported
 * until a model is there to tell.
 */
public final class TaskTranslatorFactory implements TranslatorFactory, Serializable {

    private static final long serialVersionUID = 1L;

    /** Called by DJL, by this class's name. */
    public TaskTranslatorFactory() {}

    /** What a task of any kind has; see {@link TaskTranslators#supported} for one task's types. */
    @Override
    public Set<Pair<Type, Type>> getSupportedTypes() {
        return Set.of(
                new Pair<>(Input.class, Output.class), new Pair<>(NDList.class, NDList.class));
    }

    @Override
    public boolean isSupported(Class<?> input, Class<?> output) {
        return true;
    }

    /** Why a task has no such types, with those it has; null if it has. */
    public static String problem(Task task, Class<?> input, Class<?> output) {
        return TaskTranslators.supported(task).contains(new Pair<Type, Type>(input, output))
                ? null
                : TaskTranslators.unsupported(task, input, output);
    }

    @Override
    public <I, O> Translator<I, O> newInstance(
            Class<I> input, Class<O> output, Model model, Map<String, ?> arguments)
            throws TranslateException {
        Block block = model.getBlock();
        if (!(block instanceof ServedModel served)) {
            throw new TranslateException(
                    "block must be a ServedModel, made by FolderBlocks or the zoo, got "
                            + (block == null ? null : block.getClass().getName()));
        }
        LoadedModel loaded = served.loaded();
        try {
            return TaskTranslators.of(loaded.config(), loaded.tokenizer(), input, output);
        } catch (IllegalArgumentException e) {
            throw new TranslateException(e.getMessage(), e);
        }
    }
}
