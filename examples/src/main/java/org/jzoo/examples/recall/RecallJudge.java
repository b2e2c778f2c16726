package org.jzoo.examples.recall;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.datasets.Seeds;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.zoo.j3.J3Size;

/** The share of held-out texts whose answer is right, every token of it. */
final class RecallJudge {

    private static final int TENTHS = 10;
    private static final long TEST = 7_368_787;

    /** What was found at one length; counts as in {@link RecallRun.Figures#byDepth}. */
    private record Judged(String task, int length, double share, List<Integer> counts) {}

    private final RecallModel model;
    private final RecallRun run;
    private final RecallText text;
    private final RecallConfig config;
    private final NDManager manager;
    private final JsonLines<Judged> kept;
    private final Map<String, Map<Integer, Double>> recall = new TreeMap<>();
    private final Map<String, Map<Integer, List<Integer>>> byDepth = new TreeMap<>();

    /** Judges; what a folder holds of an earlier start is not judged again. */
    RecallJudge(
            RecallModel model,
            RecallRun run,
            RecallText text,
            RecallConfig config,
            NDManager manager,
            Path folder)
            throws IOException {
        this.model = model;
        this.run = run;
        this.text = text;
        this.config = config;
        this.manager = manager;
        kept =
                folder == null
                        ? null
                        : new JsonLines<>(folder.resolve(file(run.variant())), Judged.class);
        if (kept != null) {
            kept.read().forEach(this::put);
        }
    }

    // Variants with the same weights share a folder.
    private static String file(RecallVariant variant) {
        return variant == variant.weights()
                ? "judged.jsonl"
                : "judged-%s.jsonl".formatted(variant.label());
    }

    Map<String, Map<Integer, Double>> recall() {
        return recall;
    }

    Map<String, Map<Integer, List<Integer>>> byDepth() {
        return byDepth;
    }

    /** Every task at every length; false if it was stopped before. */
    boolean all(StopSignal stop) throws IOException {
        RecallConfig.Judging judging = config.judging();
        for (int length : judging.lengths()) {
            for (RecallTask task : config.tasks()) {
                judge(task, length, judging.examples(), stop);
            }
        }
        if (judging.longest() > 0 && config.tasks().contains(RecallTask.PASSKEY)) {
            int some = Math.max(1, judging.examples() / 4);
            judge(RecallTask.PASSKEY, judging.longest(), some, stop);
        }
        return !stop.requested();
    }

    private void judge(RecallTask task, int length, int examples, StopSignal stop)
            throws IOException {
        boolean known = recall.getOrDefault(task.label(), Map.of()).containsKey(length);
        if (known || stop.requested()) {
            return;
        }
        int rows = Math.max(1, Math.min(examples, config.judging().batchTokens() / length));
        List<Integer> counts = new ArrayList<>(Collections.nCopies(2 * TENTHS, 0));
        int right = 0;
        for (int from = 0; from < examples; from += rows) {
            List<RecallExample> some = new ArrayList<>();
            for (int i = from; i < Math.min(examples, from + rows); i++) {
                Random random = Seeds.random(run.seed() * TEST + length, i);
                some.add(RecallExample.draw(task, length, text.test(), text.vocabulary(), random));
            }
            right += count(some, answer(some), counts);
        }
        Judged judged = new Judged(task.label(), length, (double) right / examples, counts);
        put(judged);
        if (kept != null) {
            kept.append(List.of(judged));
        }
        System.err.printf(
                "%s seed %d: %s at %,d: %.3f%n",
                run.variant().label(), run.seed(), task.label(), length, judged.share());
    }

    private void put(Judged judged) {
        recall.computeIfAbsent(judged.task(), t -> new TreeMap<>())
                .put(judged.length(), judged.share());
        byDepth.computeIfAbsent(judged.task(), t -> new TreeMap<>())
                .put(judged.length(), judged.counts());
    }

    private static int count(List<RecallExample> examples, boolean[] right, List<Integer> counts) {
        int sum = 0;
        for (int i = 0; i < right.length; i++) {
            int tenth = Math.min(TENTHS - 1, (int) (examples.get(i).depth() * TENTHS));
            counts.set(2 * tenth + 1, counts.get(2 * tenth + 1) + 1);
            if (right[i]) {
                sum++;
                counts.set(2 * tenth, counts.get(2 * tenth) + 1);
            }
        }
        return sum;
    }

    private long[] given(List<RecallExample> examples, NDManager scope) {
        ForwardContext context = new ForwardContext().withPrecision(config.precision());
        int looks = run.variant().looks(config);
        if (looks > 0) {
            J3Size size = config.size();
            return model.noted(
                    examples,
                    new RecallLooks(size.chunkLength(), size.blockLength(), looks),
                    context,
                    scope);
        }
        int reach = run.variant().reach(config.training().longest());
        return model.answer(RecallBatch.of(examples, reach, scope).inputs(), context);
    }

    private boolean[] answer(List<RecallExample> examples) {
        try (NDManager scope = manager.newSubManager();
                GradientMode off = GradientMode.off()) {
            long[] given = given(examples, scope);
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
