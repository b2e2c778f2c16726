package org.jzoo.examples.recall;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.datasets.Seeds;
import org.jzoo.zoo.j3.J3Model;

/** The share of held-out texts whose answer is right, every token of it. */
final class RecallJudge {

    private static final int TENTHS = 10;
    private static final long TEST = 7_368_787;

    private final J3Model model;
    private final RecallVariant variant;
    private final RecallText text;
    private final RecallConfig config;
    private final NDManager manager;
    private final Map<String, Map<Integer, Double>> recall = new TreeMap<>();
    private final Map<String, Map<Integer, List<Integer>>> byDepth = new TreeMap<>();

    RecallJudge(
            J3Model model,
            RecallVariant variant,
            RecallText text,
            RecallConfig config,
            NDManager manager) {
        this.model = model;
        this.variant = variant;
        this.text = text;
        this.config = config;
        this.manager = manager;
    }

    Map<String, Map<Integer, Double>> recall() {
        return recall;
    }

    Map<String, Map<Integer, List<Integer>>> byDepth() {
        return byDepth;
    }

    /** Every task at every length. */
    void all(long seed) {
        for (int length : config.judging().lengths()) {
            for (RecallTask task : RecallTask.values()) {
                judge(task, length, config.judging().examples(), seed);
            }
        }
        int longest = config.judging().longest();
        if (longest > 0) {
            judge(RecallTask.PASSKEY, longest, Math.max(1, config.judging().examples() / 4), seed);
        }
    }

    private void judge(RecallTask task, int length, int examples, long seed) {
        int rows = Math.max(1, Math.min(examples, config.judging().batchTokens() / length));
        List<Integer> counts = new ArrayList<>(Collections.nCopies(2 * TENTHS, 0));
        int right = 0;
        for (int from = 0; from < examples; from += rows) {
            List<RecallExample> some = new ArrayList<>();
            for (int i = from; i < Math.min(examples, from + rows); i++) {
                Random random = Seeds.random(seed * TEST + length, i);
                some.add(RecallExample.draw(task, length, text.test(), text.vocabulary(), random));
            }
            boolean[] answered = answer(some);
            for (int i = 0; i < answered.length; i++) {
                int tenth = Math.min(TENTHS - 1, (int) (some.get(i).depth() * TENTHS));
                counts.set(2 * tenth + 1, counts.get(2 * tenth + 1) + 1);
                if (answered[i]) {
                    right++;
                    counts.set(2 * tenth, counts.get(2 * tenth) + 1);
                }
            }
        }
        recall.computeIfAbsent(task.label(), t -> new TreeMap<>())
                .put(length, (double) right / examples);
        byDepth.computeIfAbsent(task.label(), t -> new TreeMap<>()).put(length, counts);
        System.err.printf(
                "%s %s at %,d: %.3f%n",
                variant.label(), task.label(), length, (double) right / examples);
    }

    private boolean[] answer(List<RecallExample> examples) {
        try (NDManager scope = manager.newSubManager();
                GradientMode off = GradientMode.off()) {
            int kept = variant.reach(config.training().longest());
            RecallBatch batch = RecallBatch.of(examples, kept, scope);
            ForwardContext context = new ForwardContext().withPrecision(config.precision());
            NDArray hidden =
                    model.readToEnd(new ParameterStore(scope, false), batch.inputs(), context);
            long[] given = model.outputs(RecallRun.slots(hidden), context).argMax(2).toLongArray();
            boolean[] right = new boolean[examples.size()];
            for (int b = 0; b < right.length; b++) {
                int[] answer = examples.get(b).answer();
                right[b] = true;
                for (int i = 0; i < answer.length; i++) {
                    right[b] &= given[b * RecallExample.SLOTS + i] == answer[i];
                }
            }
            return right;
        }
    }
}
