package org.jzoo.training.compression.pruning;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.transformer.Transformer;

/** The stacks of layers in a model. */
public final class Stacks {

    private Stacks() {}

    /** All stacks by path, such as "encoder.transformer"; the empty path is the model itself. */
    public static Map<String, Transformer> of(Part model) {
        Map<String, Transformer> found = new LinkedHashMap<>();
        collect("", model, found);
        return found;
    }

    /**
     * The only stack of a model.
     *
     * @throws IllegalArgumentException if it has none or several
     */
    public static Transformer only(Part model) {
        Map<String, Transformer> found = of(model);
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    "model must have one stack of layers, got " + found.keySet());
        }
        return found.values().iterator().next();
    }

    private static void collect(String path, Part part, Map<String, Transformer> found) {
        if (part instanceof Transformer stack) {
            found.put(path, stack);
            return;
        }
        part.parts()
                .forEach(
                        (name, child) -> {
                            if (child instanceof Part inner) {
                                collect(path.isEmpty() ? name : path + "." + name, inner, found);
                            }
                        });
    }
}
