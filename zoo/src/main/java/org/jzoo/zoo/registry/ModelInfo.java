package org.jzoo.zoo.registry;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jzoo.zoo.task.Task;

/**
 * What is known of a model without loading it.
 *
 * @param name what the zoo calls it
 * @param aliases other names that find it
 * @param architecture the family, a name in {@link Architectures}
 * @param task what its head is for
 * @param description one line
 * @param parameters how many weights it has
 * @param bytes size of its weights as stored
 * @param sha256 of its weights as stored
 * @param licence of its weights; "unknown" if nobody said
 * @param artifact the Maven dependency that brings the weights; null for a saved folder
 * @param folder where it was saved; null for a model of the class path
 * @param available whether it can be loaded now
 */
public record ModelInfo(
        String name,
        List<String> aliases,
        String architecture,
        Task task,
        String description,
        long parameters,
        long bytes,
        String sha256,
        String licence,
        String artifact,
        Path folder,
        boolean available) {

    /** The licence of weights about which nobody said. */
    public static final String UNKNOWN_LICENCE = "unknown";

    /** Validates. */
    public ModelInfo {
        aliases = List.copyOf(aliases);
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(task, "task");
    }

    static ModelInfo of(Pretrained model) {
        return new ModelInfo(
                model.name(),
                List.of(model.alias()),
                "bert",
                model.task(),
                model.description(),
                model.parameters(),
                model.bytes(),
                model.sha256(),
                model.licence(),
                model.artifact(),
                null,
                model.isAvailable());
    }

    /** Whether the name, in any case, is one of this model's. */
    public boolean isCalled(String wanted) {
        return name.equalsIgnoreCase(wanted)
                || aliases.stream().anyMatch(alias -> alias.equalsIgnoreCase(wanted));
    }

    /** "available", or what to add to the class path. */
    public String availability() {
        return available ? "available" : "add the Maven dependency " + artifact;
    }
}
