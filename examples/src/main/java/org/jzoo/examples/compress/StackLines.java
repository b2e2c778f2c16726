package org.jzoo.examples.compress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.training.compression.pruning.StackPruning;
import org.jzoo.zoo.registry.LoadedModel;

/** What is shown of stacks: what stays of them, and what their layers are called. */
final class StackLines {

    private StackLines() {}

    static List<String> of(LoadedModel model, Map<String, StackImportance> whole) {
        List<String> lines = new ArrayList<>();
        ModelStacks.of(model)
                .forEach(
                        (path, stack) ->
                                lines.add(
                                        "%s: %d of %d layers, %d heads, %d channels"
                                                .formatted(
                                                        name(path),
                                                        stack.numLayers(),
                                                        whole.get(path).numLayers(),
                                                        stack.layers().stream()
                                                                .mapToInt(StackPruning::heads)
                                                                .sum(),
                                                        stack.layers().stream()
                                                                .mapToInt(StackPruning::channels)
                                                                .sum())));
        return lines;
    }

    static String name(String path) {
        return path.substring(0, Math.max(0, path.indexOf('.')));
    }

    static List<String> layerNames(Map<String, StackImportance> importance) {
        List<String> names = new ArrayList<>();
        importance.forEach(
                (path, stack) ->
                        Compression.numbers(stack.numLayers())
                                .forEach(
                                        number ->
                                                names.add(
                                                        importance.size() == 1
                                                                ? number
                                                                : name(path) + " " + number)));
        return names;
    }
}
