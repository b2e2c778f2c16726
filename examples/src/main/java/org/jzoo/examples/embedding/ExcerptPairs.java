package org.jzoo.examples.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jzoo.datasets.Seeds;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.zoo.document.TextFrame;

/**
 * Two parts of each of some documents, which do not overlap and lie at random places: inputs (2 B,
 * N), the first parts before the second ones. In each epoch they lie elsewhere. Documents that are
 * left over after the last whole batch rest for an epoch.
 */
final class ExcerptPairs implements Batches {

    private final List<long[]> documents;
    private final TextFrame frame;
    private final int batchSize;
    private final int length;
    private final long padding;
    private final long seed;

    /**
     * Prepares batches.
     *
     * @param documents their tokens; those of fewer than two are left out
     * @param frame what stands around each part
     * @param batchSize documents of a batch (B)
     * @param length tokens of the longest part, its frame included
     * @param padding the token that fills up shorter ones
     * @param seed of order and places
     */
    ExcerptPairs(
            List<long[]> documents,
            TextFrame frame,
            int batchSize,
            int length,
            long padding,
            long seed) {
        this.documents = documents.stream().filter(document -> document.length > 1).toList();
        if (this.documents.size() < 2 || batchSize < 2 || length <= frame.length()) {
            throw new IllegalArgumentException(
                    "batchSize and documents with at least 2 tokens must be >= 2 and maxLength > %d, got batchSize=%d, documents=%d, maxLength=%d"
                            .formatted(frame.length(), batchSize, this.documents.size(), length));
        }
        this.frame = frame;
        this.batchSize = Math.min(batchSize, this.documents.size());
        this.length = length - frame.length();
        this.padding = padding;
        this.seed = seed;
    }

    @Override
    public int size(int epoch) {
        return documents.size() / batchSize;
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, Seeds.random(seed, epoch));
        List<Integer> some = order.subList(index * batchSize, (index + 1) * batchSize);
        Random random = Seeds.random(seed + 1, (long) epoch * size(epoch) + index);
        List<long[]> firsts = new ArrayList<>();
        List<long[]> seconds = new ArrayList<>();
        for (int document : some) {
            cut(documents.get(document), random, firsts, seconds);
        }
        firsts.addAll(seconds);
        return batch(firsts, some, manager);
    }

    /** Two parts, one before the other; which of them counts as the first is left to chance. */
    private void cut(long[] ids, Random random, List<long[]> firsts, List<long[]> seconds) {
        int part = Math.min(length, ids.length / 2);
        int spare = ids.length - 2 * part;
        int a = random.nextInt(spare + 1);
        int b = random.nextInt(spare + 1);
        int early = Math.min(a, b);
        int late = Math.max(a, b) + part;
        boolean turned = random.nextBoolean();
        long[] one = frame.around(Arrays.copyOfRange(ids, early, early + part));
        long[] other = frame.around(Arrays.copyOfRange(ids, late, late + part));
        firsts.add(turned ? other : one);
        seconds.add(turned ? one : other);
    }

    private TrainingBatch batch(List<long[]> parts, List<Integer> rows, NDManager manager) {
        int longest = parts.stream().mapToInt(part -> part.length).max().orElseThrow();
        long[] ids = new long[parts.size() * longest];
        boolean[] mask = new boolean[ids.length];
        Arrays.fill(ids, padding);
        long tokens = 0;
        for (int b = 0; b < parts.size(); b++) {
            long[] part = parts.get(b);
            System.arraycopy(part, 0, ids, b * longest, part.length);
            Arrays.fill(mask, b * longest, b * longest + part.length, true);
            tokens += part.length;
        }
        Shape shape = new Shape(parts.size(), longest);
        NDArray keep = manager.create(mask, shape);
        NDArray text = manager.create(ids, shape);
        TrainingBatch.Builder batch =
                TrainingBatch.builder()
                        .setInputs(new NDList(text, text.zerosLike(), keep))
                        .setExamples(rows.size())
                        .optTokens(tokens)
                        .optRows(rows.stream().mapToLong(row -> row).toArray());
        return tokens < ids.length ? batch.optMask(keep).build() : batch.build();
    }
}
