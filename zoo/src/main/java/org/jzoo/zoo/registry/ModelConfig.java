package org.jzoo.zoo.registry;

import ai.djl.nn.Block;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Objects;
import org.jzoo.blocks.part.PartJson;
import org.jzoo.zoo.task.Task;

/**
 * What {@code config.json} of a model folder says: enough to build the model without its weights.
 *
 * @param format the layout of the folder, {@value #FORMAT}
 * @param architecture the family, a name in {@link Architectures}
 * @param model the numbers
 * @param task what the head is for
 * @param packed which weights are packed; null for none
 */
public record ModelConfig(
        int format, String architecture, ModelOption model, Task task, PackedWeights packed) {

    /** The layout that this version writes and reads. */
    public static final int FORMAT = 1;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if the format or the architecture is unknown
     */
    public ModelConfig {
        requireFormat(format);
        Architectures.of(architecture);
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(task, "task");
    }

    /** A configuration in the present layout. */
    public static ModelConfig of(String architecture, ModelOption model, Task task) {
        return new ModelConfig(FORMAT, architecture, model, task, null);
    }

    /**
     * The numbers of a model that reads texts.
     *
     * @throws IllegalArgumentException if it reads none
     */
    public TextModelOption textModel() {
        if (model instanceof TextModelOption text) {
            return text;
        }
        throw new IllegalArgumentException(
                "model must read texts, got the architecture " + architecture);
    }

    /** The same model with another head. */
    public ModelConfig withTask(Task newTask) {
        return new ModelConfig(format, architecture, model, newTask, packed);
    }

    /** The same model with its weights packed in that way; null for plain weights. */
    public ModelConfig withPacked(PackedWeights newPacked) {
        return new ModelConfig(format, architecture, model, task, newPacked);
    }

    /**
     * Builds the model, without weights.
     *
     * @throws IllegalArgumentException if the packed weights are not those of such a model
     */
    public Block create() {
        Block block = model.create(task);
        if (packed != null) {
            packed.apply(block);
        }
        return block;
    }

    /**
     * Reads the text of {@code config.json}.
     *
     * @throws IllegalArgumentException if it is no such configuration; the message says why
     */
    public static ModelConfig fromJson(String json) {
        Architectures.all();
        return PartJson.fromJson(json, ModelConfig.class);
    }

    /** What {@code config.json} says beside the model's numbers. */
    record Summary(int format, String architecture, Task task) {
        Summary {
            requireFormat(format);
            Architectures.of(architecture);
        }
    }

    /**
     * Reads the text of {@code config.json} without the model's numbers: enough for lists, and
     * without their many classes.
     *
     * @throws IllegalArgumentException if it is no such configuration; the message says why
     */
    static Summary summary(String json) {
        Architectures.all();
        try {
            JsonObject tree = JsonParser.parseString(json).getAsJsonObject();
            tree.remove("model");
            tree.remove("packed");
            return PartJson.fromJson(tree.toString(), Summary.class);
        } catch (JsonParseException | IllegalStateException e) {
            throw new IllegalArgumentException("not a configuration: " + e.getMessage(), e);
        }
    }

    private static void requireFormat(int format) {
        if (format != FORMAT) {
            throw new IllegalArgumentException(
                    "format must be %d, got format=%d; a newer jzoo wrote it"
                            .formatted(FORMAT, format));
        }
    }

    /** The text of {@code config.json}. */
    public String toJson() {
        return PartJson.toJson(this);
    }
}
