package org.jzoo.zoo.registry;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.zoo.huggingface.HuggingFaceFolder;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NearestName;
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
     * @throws FileNotFoundException if there is no such model; the message suggests the nearest
     * @throws MalformedModelException if its files are damaged
     */
    public static LoadedModel load(String nameOrFolder, Device device)
            throws IOException, MalformedModelException {
        Optional<Pretrained> pretrained = Pretrained.of(nameOrFolder);
        if (pretrained.isPresent()) {
            return pretrained.get().load(pretrained.get().task(), device);
        }
        Path folder = folder(nameOrFolder);
        return ModelFolder.isPresent(folder)
                ? ModelFolder.load(folder, device)
                : HuggingFaceFolder.load(folder, device);
    }

    /**
     * Loads a model's body under a new head, to be fine-tuned. Weights of the head that the model
     * lacks start fresh, from the engine's seed.
     *
     * @param task builds the task from the head that suits the model
     * @throws FileNotFoundException if there is no such model; the message suggests the nearest
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
            HeadOption head = Architectures.of(old.config().architecture()).head();
            ModelConfig config = old.config().withTask(task.apply(head));
            LoadedModel made =
                    LoadedModel.create(
                            old.name(), config, old.tokenizer().copy(), old.manager().getDevice());
            try {
                StrictLoader.into(ParameterPaths.of(made.block()))
                        .ignoring("head.*")
                        .keeping("head.*")
                        .load(TensorSource.ofParameters(old.name(), old.body()), made.manager());
                return made;
            } catch (MalformedModelException | RuntimeException e) {
                made.close();
                throw e;
            }
        }
    }

    private static Path folder(String nameOrFolder) throws FileNotFoundException {
        Path folder = Path.of(nameOrFolder);
        if (Files.isRegularFile(folder.resolve(ModelFolder.CONFIG))) {
            return folder;
        }
        List<String> names = new ArrayList<>();
        Pretrained.ALL.forEach(p -> names.addAll(List.of(p.name(), p.alias())));
        throw new FileNotFoundException(
                "model must be one of %s or a folder with a %s, got model=%s%s"
                        .formatted(
                                Pretrained.ALL.stream().map(Pretrained::name).toList(),
                                ModelFolder.CONFIG,
                                nameOrFolder,
                                NearestName.hint(nameOrFolder, names)));
    }
}
