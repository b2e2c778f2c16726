package org.jzoo.examples.longqa;

import ai.djl.Device;
import java.util.Objects;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.Task;

/**
 * A J3 that starts with fresh weights: a decoder to continue texts, an encoder for other tasks.
 *
 * @param parts what it is made of
 * @param tokenizer whose vocabulary it has
 */
public record FreshJ3(J3Parts parts, TokenizerFile tokenizer) {

    /** Checks that the parts are there. */
    public FreshJ3 {
        Objects.requireNonNull(parts, "parts");
        Objects.requireNonNull(tokenizer, "tokenizer");
    }

    /** Makes the model with a task's head. */
    public LoadedModel create(String name, Task task, long seed, Device device) {
        int vocabulary = tokenizer.vocabularySize();
        J3Config numbers =
                task instanceof CausalLanguageTask
                        ? parts.decoder(vocabulary, tokenizer.padding())
                        : parts.encoder(vocabulary, tokenizer.padding());
        ModelConfig config = ModelConfig.of("j3", numbers, task);
        return LoadedModel.fresh(name, config, tokenizer.open(), seed, device);
    }
}
