package org.jzoo.examples.longqa;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jzoo.datasets.Seeds;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/**
 * Questions with excerpts of their documents, for training. An excerpt has at most {@code length}
 * tokens and lies at a random place that has the answer; one in eight lies anywhere, so that "not
 * here" is learned too, which a text's other parts are to say.
 */
public final class SpanBatches implements Batches {

    private static final int ANYWHERE = 8;

    private final List<SpanExample> examples;
    private final int batchSize;
    private final int length;
    private final long padding;
    private final long seed;
    private int[] order = {};
    private int orderEpoch = -1;

    /**
     * Prepares batches.
     *
     * @param examples at least one
     * @param length tokens of the longest excerpt
     * @param padding the token that fills up shorter ones
     * @param seed of order and places
     */
    public SpanBatches(
            List<SpanExample> examples, int batchSize, int length, long padding, long seed) {
        if (examples.isEmpty() || batchSize < 1 || length < 1) {
            throw new IllegalArgumentException(
                    "examples, batchSize and length must be >= 1, got examples=%d, batchSize=%d, length=%d"
                            .formatted(examples.size(), batchSize, length));
        }
        this.examples = List.copyOf(examples);
        this.batchSize = batchSize;
        this.length = length;
        this.padding = padding;
        this.seed = seed;
    }

    @Override
    public int size(int epoch) {
        return (examples.size() + batchSize - 1) / batchSize;
    }

    /** A part of an example's document. */
    private record Excerpt(SpanExample example, int from, int to) {}

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        int first = index * batchSize;
        int last = Math.min(examples.size(), first + batchSize);
        int[] shuffled = order(epoch);
        List<Excerpt> excerpts = new ArrayList<>();
        long[] rows = new long[last - first];
        for (int i = first; i < last; i++) {
            rows[i - first] = shuffled[i];
            excerpts.add(
                    excerpt(
                            examples.get(shuffled[i]),
                            Seeds.random(Seeds.random(seed, epoch).nextLong(), i)));
        }
        return batch(excerpts, rows, manager);
    }

    private synchronized int[] order(int epoch) {
        if (epoch != orderEpoch) {
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < examples.size(); i++) {
                all.add(i);
            }
            Collections.shuffle(all, Seeds.random(seed, -1L - epoch));
            order = all.stream().mapToInt(i -> i).toArray();
            orderEpoch = epoch;
        }
        return order;
    }

    private Excerpt excerpt(SpanExample example, Random random) {
        int all = example.length();
        if (all <= length) {
            return new Excerpt(example, 0, all);
        }
        int earliest = 0;
        int latest = all - length;
        if (example.answered() && random.nextInt(ANYWHERE) > 0) {
            earliest = Math.max(0, example.last() - length + 1);
            latest = Math.max(earliest, Math.min(latest, example.first()));
        }
        int from = earliest + random.nextInt(latest - earliest + 1);
        return new Excerpt(example, from, from + length);
    }

    private TrainingBatch batch(List<Excerpt> excerpts, long[] rows, NDManager manager) {
        List<long[]> texts = new ArrayList<>();
        List<long[]> questions = new ArrayList<>();
        for (Excerpt excerpt : excerpts) {
            long[] ids = new long[excerpt.to - excerpt.from];
            System.arraycopy(excerpt.example.tokens().ids(), excerpt.from, ids, 0, ids.length);
            texts.add(ids);
            questions.add(excerpt.example.question());
        }
        int longest = texts.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        long[] labels = new long[2 * excerpts.size()];
        long tokens = 0;
        for (int b = 0; b < excerpts.size(); b++) {
            Excerpt e = excerpts.get(b);
            boolean there = e.example.first() >= e.from && e.example.last() < e.to;
            labels[2 * b] = there ? e.example.first() - e.from : longest;
            labels[2 * b + 1] = there ? e.example.last() - e.from : longest;
            tokens += e.to - e.from;
        }
        NDList inputs = inputs(texts, questions, padding, manager);
        return TrainingBatch.builder()
                .setInputs(inputs)
                .setExamples(excerpts.size())
                .optMask(inputs.get(2))
                .optLabels(new NDList(manager.create(labels, new Shape(excerpts.size(), 2))))
                .optTokens(tokens)
                .optRows(rows)
                .build();
    }

    /** A J3's inputs: ids, types and mask (B, N), questions and their mask (B, Q). */
    static NDList inputs(
            List<long[]> texts, List<long[]> questions, long padding, NDManager manager) {
        NDList text = padded(texts, padding, manager);
        NDList question = padded(questions, padding, manager);
        return new NDList(
                text.get(0),
                text.get(0).zerosLike(),
                text.get(1),
                question.get(0),
                question.get(1));
    }

    /** Ids and mask (B, T). */
    private static NDList padded(List<long[]> rows, long padding, NDManager manager) {
        int longest = Math.max(1, rows.stream().mapToInt(ids -> ids.length).max().orElse(1));
        long[] ids = new long[rows.size() * longest];
        boolean[] mask = new boolean[ids.length];
        for (int b = 0; b < rows.size(); b++) {
            for (int t = 0; t < longest; t++) {
                mask[b * longest + t] = t < rows.get(b).length;
                ids[b * longest + t] = mask[b * longest + t] ? rows.get(b)[t] : padding;
            }
        }
        Shape shape = new Shape(rows.size(), longest);
        return new NDList(manager.create(ids, shape), manager.create(mask, shape));
    }
}
