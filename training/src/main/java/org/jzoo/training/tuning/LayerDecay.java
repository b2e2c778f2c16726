package org.jzoo.training.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.optimizer.ParameterGroup;
import org.jzoo.training.optimizer.PathPattern;

/**
 * Learning rates that fall from the head down: the nearer to the input, the less is there to be
 * changed about what pretraining found.
 *
 * @see <a href="https://arxiv.org/abs/1801.06146">Howard and Ruder 2018, ULMFiT</a>, section 3.2
 */
public final class LayerDecay {

    private LayerDecay() {}

    /**
     * Groups for an optimizer: of L layers, layer l learns at {@code decay^(L - l)} times the rate,
     * the embeddings at {@code decay^(L + 1)} times, and what comes after the stack at the full
     * rate.
     *
     * @param model after its tuning was applied; groups without a parameter that learns are left
     *     out
     * @param decay in (0, 1]; 1 gives no groups
     * @throws IllegalArgumentException if {@code decay} is out of its range, or below 1 and the
     *     model has no stack or several
     */
    public static List<ParameterGroup> of(Part model, double decay) {
        if (!(decay > 0 && decay <= 1)) {
            throw new IllegalArgumentException("decay must be in (0, 1], got decay=" + decay);
        }
        List<ParameterGroup> groups = new ArrayList<>();
        if (decay == 1) {
            return groups;
        }
        Stack stack = Stack.of(model);
        Set<String> learning =
                ParameterPaths.of(model).entrySet().stream()
                        .filter(e -> e.getValue().requiresGradient())
                        .map(e -> e.getKey())
                        .collect(Collectors.toSet());
        int layers = stack.numLayers();
        for (int l = 0; l < layers; l++) {
            add(groups, stack.path() + "layers." + l + ".", Math.pow(decay, layers - l), learning);
        }
        for (String embedding : stack.embeddings()) {
            add(groups, embedding, Math.pow(decay, layers + 1), learning);
        }
        return groups;
    }

    private static void add(
            List<ParameterGroup> groups, String path, double factor, Set<String> learning) {
        String pattern = path.endsWith(".") ? path + "*" : path;
        if (learning.stream().anyMatch(name -> PathPattern.matches(pattern, name))) {
            groups.add(new ParameterGroup(pattern, factor, 1));
        }
    }
}
