package org.jzoo.zoo.registry;

import java.util.List;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameTable;

/**
 * A published family of models: how its configuration reads, and where its weights go. One folder
 * and one line in {@link Architectures} each.
 */
public interface Architecture {

    /** The name, which is also the "model_type" of its configurations. */
    String name();

    /**
     * Reads a published configuration.
     *
     * @throws IllegalArgumentException if it asks for something that is not supported; the message
     *     names it
     */
    ModelOption readConfig(HuggingFaceConfig config);

    /**
     * The task that a folder's weights were saved for, read from its class name; the bare encoder
     * counts as embeddings.
     */
    Task readTask(HuggingFaceConfig config);

    /** Where published names go, for a model of those numbers with that head. */
    NameTable names(ModelConfig config);

    /** Patterns of published tensors that a model with that head has no use for. */
    List<String> unused(Task task);

    /** The head that this family puts on a vector per text when it is fine-tuned. */
    HeadOption head();
}
