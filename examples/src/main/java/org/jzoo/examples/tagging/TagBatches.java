package org.jzoo.examples.tagging;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.datasets.Seeds;
import org.jzoo.datasets.batch.BatchPlan;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.zoo.document.TextFrame;

/**
 * Excerpts of texts, for training. A text that is longer than an excerpt gives as many in an epoch
 * as it takes to cover it, each at a random place in its part of the text.
 */
public final class TagBatches implements Batches {

    private final List<Slot> slots = new ArrayList<>();
    private final int[] lengths;
    private final TagReading reading;
    private final BatchingConfig batching;
    private final long seed;
    private BatchPlan plan;

    /** One of the {@code count} excerpts of a text, whose row this is. */
    private record Slot(TagExample example, int row, int index, int count) {}

    /** A part of a text: tokens {@code from … to - 1}. */
    record Excerpt(TagExample example, int from, int to) {

        int length() {
            return to - from;
        }
    }

    /**
     * Prepares batches.
     *
     * @param examples of which one at least has a tagged token
     * @param batchSize excerpts of a batch, at least 1
     * @param seed of order and places
     */
    public TagBatches(List<TagExample> examples, TagReading reading, int batchSize, long seed) {
        this.reading = reading;
        this.seed = seed;
        batching = BatchingConfig.training(batchSize, seed);
        for (int row = 0; row < examples.size(); row++) {
            TagExample example = examples.get(row);
            if (example.tagged(0, example.length())) {
                int count = (example.length() - 1) / reading.excerpt() + 1;
                for (int i = 0; i < count; i++) {
                    slots.add(new Slot(example, row, i, count));
                }
            }
        }
        if (slots.isEmpty()) {
            throw new IllegalArgumentException(
                    "examples must hold words, got %d texts without".formatted(examples.size()));
        }
        lengths =
                slots.stream()
                        .mapToInt(slot -> Math.min(reading.excerpt(), slot.example.length()))
                        .toArray();
    }

    @Override
    public int size(int epoch) {
        return (slots.size() - 1) / batching.batchSize() + 1;
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        int[] chosen = plan(epoch).rows(index);
        List<Excerpt> excerpts = new ArrayList<>();
        long[] rows = new long[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            Slot slot = slots.get(chosen[i]);
            rows[i] = slot.row();
            excerpts.add(
                    excerpt(slot, Seeds.random(Seeds.random(seed, epoch).nextLong(), chosen[i])));
        }
        NDList inputs = inputs(excerpts, reading, manager);
        long[] labels = labels(excerpts, inputs.head().getShape());
        double tagged = Arrays.stream(labels).filter(l -> l != LossKernel.IGNORE).count();
        TrainingBatch.Builder batch =
                TrainingBatch.builder()
                        .setInputs(inputs.subNDList(0, 2))
                        .setExamples(excerpts.size())
                        .optLabels(new NDList(manager.create(labels, inputs.head().getShape())))
                        .optWeight(tagged)
                        .optTokens(excerpts.stream().mapToLong(this::framed).sum())
                        .optRows(rows);
        return (inputs.size() > 2 ? batch.optMask(inputs.get(2)) : batch).build();
    }

    private int framed(Excerpt excerpt) {
        return excerpt.length() + reading.around().length();
    }

    private synchronized BatchPlan plan(int epoch) {
        if (plan == null || plan.epoch() != epoch) {
            plan = BatchPlan.of(lengths, batching, epoch);
        }
        return plan;
    }

    /** Its middle lies anywhere in its part, but none of it outside the text. */
    private Excerpt excerpt(Slot slot, Random random) {
        TagExample example = slot.example();
        int all = example.length();
        int length = Math.min(all, reading.excerpt());
        double middle = (slot.index() + random.nextDouble()) * all / slot.count();
        int from = Math.max(0, Math.min(all - length, (int) (middle - length / 2.0)));
        if (!example.tagged(from, from + length)) { // within one endless word
            int next = example.nextTagged(from, all);
            from = Math.min(next < all ? next : example.nextTagged(0, all), all - length);
        }
        return new Excerpt(example, from, from + length);
    }

    /** Ids and types (B, T), and, if something is padded, the mask (B, T). */
    static NDList inputs(List<Excerpt> excerpts, TagReading reading, NDManager manager) {
        TextFrame frame = reading.around();
        int before = frame.before().length;
        int longest = excerpts.stream().mapToInt(Excerpt::length).max().orElseThrow();
        int width = longest + frame.length(); // T
        long[] ids = new long[excerpts.size() * width];
        boolean[] mask = new boolean[ids.length];
        Arrays.fill(ids, reading.padding());
        boolean padded = false;
        for (int b = 0; b < excerpts.size(); b++) {
            Excerpt e = excerpts.get(b);
            int at = b * width;
            System.arraycopy(frame.before(), 0, ids, at, before);
            System.arraycopy(e.example().ids(), e.from(), ids, at + before, e.length());
            int end = at + before + e.length();
            System.arraycopy(frame.after(), 0, ids, end, frame.after().length);
            Arrays.fill(mask, at, end + frame.after().length, true);
            padded |= e.length() < longest;
        }
        Shape shape = new Shape(excerpts.size(), width);
        NDArray tokens = manager.create(ids, shape);
        NDList inputs = new NDList(tokens, tokens.zerosLike());
        if (padded) {
            inputs.add(manager.create(mask, shape));
        }
        return inputs;
    }

    private long[] labels(List<Excerpt> excerpts, Shape shape) {
        int width = Math.toIntExact(shape.get(1));
        long[] labels = new long[excerpts.size() * width];
        Arrays.fill(labels, LossKernel.IGNORE);
        for (int b = 0; b < excerpts.size(); b++) {
            Excerpt e = excerpts.get(b);
            int at = b * width + reading.around().before().length;
            System.arraycopy(e.example().tags(), e.from(), labels, at, e.length());
        }
        return labels;
    }
}
