package org.jzoo.examples.compress;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.compression.pruning.StackCut;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.training.compression.pruning.Stacks;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.registry.LoadedModel;

/** What is cut out of a model in one step or in several, of which each leaves about as much. */
interface CutSteps {

    /** How many cuts there are, at least 1. */
    int count();

    /**
     * What stays of a model's stacks.
     *
     * @param index of the cut, from 0
     * @param model as the cut before left it
     * @param importance of its parts, by stack
     */
    Map<String, StackCut> cut(
            int index, LoadedModel model, Map<String, StackImportance> importance);

    /** Whether a model's stacks have the size that a cut leaves. */
    boolean fits(int index, LoadedModel small);

    /**
     * The steps for a model.
     *
     * @param whole from which the cuts are made
     * @param budget weights that may stay after the last
     * @param cuts at least 1
     * @throws IllegalArgumentException if a text encoder's budget is too small
     */
    static CutSteps of(LoadedModel whole, long budget, int cuts) {
        if (cuts < 1) {
            throw new IllegalArgumentException("cuts must be >= 1, got cuts=" + cuts);
        }
        if (whole.config().model() instanceof EncoderConfig encoder) {
            SizePlan end = SizePlan.within(encoder, outside(whole), budget);
            return new OfEncoder(SizePlan.of(encoder).towards(end, cuts));
        }
        double all = whole.numParameters();
        return new Shared(
                IntStream.rangeClosed(1, cuts)
                        .mapToLong(
                                i ->
                                        i == cuts
                                                ? budget
                                                : Math.round(
                                                        all
                                                                * Math.pow(
                                                                        budget / all,
                                                                        i / (double) cuts)))
                        .boxed()
                        .toList());
    }

    // Weights that stay whatever goes: all but the layers.
    private static long outside(LoadedModel model) {
        return model.parameters().entrySet().stream()
                .filter(e -> !e.getKey().contains("transformer.layers."))
                .mapToLong(e -> e.getValue().getArray().getShape().size())
                .sum();
    }

    /** Equal layers of one stack. */
    record OfEncoder(List<SizePlan> plans) implements CutSteps {

        @Override
        public int count() {
            return plans.size();
        }

        /** What stays after the last cut. */
        SizePlan end() {
            return plans.get(plans.size() - 1);
        }

        @Override
        public Map<String, StackCut> cut(
                int index, LoadedModel model, Map<String, StackImportance> importance) {
            SizePlan size = plans.get(index);
            Map<String, StackCut> cuts = new LinkedHashMap<>();
            importance.forEach(
                    (stack, parts) ->
                            cuts.put(
                                    stack,
                                    StackCut.best(
                                            parts, size.layers(), size.heads(), size.channels())));
            return cuts;
        }

        @Override
        public boolean fits(int index, LoadedModel small) {
            return small.config().model() instanceof EncoderConfig encoder
                    && SizePlan.of(encoder).equals(plans.get(index));
        }
    }

    /** Several stacks under budgets of weights in all. */
    record Shared(List<Long> budgets) implements CutSteps {

        private static final double LEAST_USED = 0.9;

        @Override
        public int count() {
            return budgets.size();
        }

        @Override
        public Map<String, StackCut> cut(
                int index, LoadedModel model, Map<String, StackImportance> importance) {
            if (index == 0) { // A budget that is too small for the last cut is told at once.
                within(budgets.get(budgets.size() - 1), model, importance);
            }
            return within(budgets.get(index), model, importance);
        }

        private static Map<String, StackCut> within(
                long budget, LoadedModel model, Map<String, StackImportance> importance) {
            return CutPlan.within(
                    Stacks.of((Part) model.block()), importance, outside(model), budget);
        }

        @Override
        public boolean fits(int index, LoadedModel small) {
            long budget = budgets.get(index);
            long weights = small.numParameters();
            return weights <= budget && weights > LEAST_USED * budget;
        }
    }
}
