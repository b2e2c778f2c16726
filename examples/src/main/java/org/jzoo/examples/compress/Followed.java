package org.jzoo.examples.compress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.training.compression.distillation.InternalKind;
import org.jzoo.training.compression.distillation.InternalTerm;
import org.jzoo.training.compression.pruning.StackPruning;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * What a smaller model does as the whole one besides answering, in a text encoder's stack or in a
 * J1's joint attention.
 *
 * @param hiddenStates their weight in the loss, at least 0
 * @param relations weight of those between queries, keys and values of the last layer, at least 0
 */
record Followed(double hiddenStates, double relations) {

    static final Followed NOTHING = new Followed(0, 0);

    private static final List<InternalKind> RELATIONS =
            List.of(InternalKind.QUERIES, InternalKind.KEYS, InternalKind.VALUES);

    Followed {
        if (!(hiddenStates >= 0) || !(relations >= 0)) {
            throw new IllegalArgumentException(
                    "weight must be >= 0, got " + (hiddenStates >= 0 ? relations : hiddenStates));
        }
    }

    Followed hiddenStates(double weight) {
        return new Followed(weight, relations);
    }

    Followed relations(double weight) {
        return new Followed(hiddenStates, weight);
    }

    /**
     * The terms of the loss.
     *
     * @param kept the teacher's layers that stayed, by stack
     */
    List<InternalTerm> terms(
            LoadedModel small, LoadedModel teacher, Map<String, List<Integer>> kept) {
        String path =
                kept.containsKey(ModelStacks.ENCODER) ? ModelStacks.ENCODER : ModelStacks.FUSION;
        List<InternalTerm> terms = new ArrayList<>();
        if (!kept.containsKey(path)) {
            return terms;
        }
        List<LayerConfig> own = ModelStacks.of(small).get(path).layers();
        List<LayerConfig> whole = ModelStacks.of(teacher).get(path).layers();
        if (hiddenStates > 0) {
            terms.addAll(InternalTerm.hiddenShare(kept.get(path), whole.size(), hiddenStates));
        }
        if (relations > 0) {
            int last = whole.size() - 1;
            int heads = commonHeads(own.get(own.size() - 1), whole.get(last));
            double each = relations / RELATIONS.size();
            RELATIONS.forEach(
                    kind -> terms.add(new InternalTerm(kind, own.size() - 1, last, heads, each)));
        }
        return terms;
    }

    // The most relation heads that split both evenly.
    private static int commonHeads(LayerConfig one, LayerConfig other) {
        int heads = StackPruning.heads(one);
        while (StackPruning.heads(one) % heads != 0 || StackPruning.heads(other) % heads != 0) {
            heads--;
        }
        return heads;
    }
}
