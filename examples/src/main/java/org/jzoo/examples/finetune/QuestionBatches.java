package org.jzoo.examples.finetune;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.datasets.Seeds;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.vision.PictureQuestion;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.TokenizedText;

/**
 * Questions in the form that the training loop and a J1 take: ids and mask (M, T), images (N, C,
 * Hi, Wi), each wording and each picture of a batch once, pairs (B, 2), and the answers (B).
 */
public final class QuestionBatches implements Batches {

    private record Asked(int picture, long[] ids, long answer) {}

    private final PictureCache pictures;
    private final List<Asked> all = new ArrayList<>();
    private final int batchSize;
    private final long padding;
    private final Long seed;
    private int truncated;

    private QuestionBatches(PictureCache pictures, int batchSize, long padding, Long seed) {
        if (batchSize < 1) {
            throw new IllegalArgumentException(
                    "batchSize must be >= 1, got batchSize=" + batchSize);
        }
        this.pictures = pictures;
        this.batchSize = batchSize;
        this.padding = padding;
        this.seed = seed;
    }

    /** What makes tokens of words: the tokenizer, and the token that fills up shorter texts. */
    public record Reader(TextTokenizer tokenizer, int padding) {}

    /**
     * Batches in an order drawn anew for each epoch.
     *
     * @throws DataException if a picture is damaged or an answer unknown, with the row
     */
    public static QuestionBatches training(
            QuestionData.Part part,
            LabelSet answers,
            PictureCache pictures,
            Reader reader,
            int batchSize,
            long seed) {
        return new QuestionBatches(pictures, batchSize, Math.max(0, reader.padding()), seed)
                .read(part, answers, reader.tokenizer());
    }

    /**
     * Batches in the file's order.
     *
     * @throws DataException if a picture is damaged or an answer unknown, with the row
     */
    public static QuestionBatches evaluation(
            QuestionData.Part part,
            LabelSet answers,
            PictureCache pictures,
            Reader reader,
            int batchSize) {
        return new QuestionBatches(pictures, batchSize, Math.max(0, reader.padding()), null)
                .read(part, answers, reader.tokenizer());
    }

    private QuestionBatches read(
            QuestionData.Part part, LabelSet answers, TextTokenizer tokenizer) {
        Map<String, TokenizedText> wordings = new LinkedHashMap<>();
        for (PictureQuestion row : part.rows()) {
            TokenizedText tokens = wordings.computeIfAbsent(row.question(), tokenizer::encode);
            truncated += tokens.truncated() ? 1 : 0;
            all.add(
                    new Asked(
                            pictures.add(part.file(), row), tokens.ids(), id(part, row, answers)));
        }
        return this;
    }

    private static int id(QuestionData.Part part, PictureQuestion row, LabelSet answers) {
        try {
            return answers.id(row.answer());
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    part.file().toString(),
                    row.row(),
                    0,
                    e.getMessage().replace("label", "answer"));
        }
    }

    /** What the tokenizer cut, in words. */
    public String truncation() {
        return "%,d of %,d questions were cut to the longest text".formatted(truncated, all.size());
    }

    @Override
    public int size(int epoch) {
        return Math.floorDiv(all.size() - 1, batchSize) + 1;
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            order.add(i);
        }
        if (seed != null) {
            Collections.shuffle(order, Seeds.random(seed, epoch));
        }
        int from = index * batchSize;
        List<Integer> rows = order.subList(from, Math.min(order.size(), from + batchSize));
        Map<List<Long>, Integer> texts = new LinkedHashMap<>();
        Map<Integer, Integer> images = new LinkedHashMap<>();
        long[] pairs = new long[2 * rows.size()];
        long[] labels = new long[rows.size()];
        long tokens = 0;
        for (int b = 0; b < rows.size(); b++) {
            Asked asked = all.get(rows.get(b));
            pairs[2 * b] = row(texts, Arrays.stream(asked.ids()).boxed().toList());
            pairs[2 * b + 1] = row(images, asked.picture());
            labels[b] = asked.answer();
            tokens += asked.ids().length;
        }
        NDList inputs = texts(List.copyOf(texts.keySet()), manager);
        inputs.add(pictures.images(List.copyOf(images.keySet()), manager));
        inputs.add(manager.create(pairs, new Shape(rows.size(), 2)));
        return TrainingBatch.builder()
                .setInputs(inputs)
                .setExamples(rows.size())
                .optLabels(new NDList(manager.create(labels)))
                .optTokens(tokens)
                .optRows(rows.stream().mapToLong(Integer::longValue).toArray())
                .build();
    }

    private static <K> int row(Map<K, Integer> rows, K key) {
        Integer known = rows.putIfAbsent(key, rows.size());
        return known == null ? rows.size() - 1 : known;
    }

    /** Ids and mask (M, T). */
    private NDList texts(List<List<Long>> texts, NDManager manager) {
        int length = texts.stream().mapToInt(List::size).max().orElse(1);
        long[] ids = new long[texts.size() * length];
        boolean[] mask = new boolean[ids.length];
        Arrays.fill(ids, padding);
        for (int m = 0; m < texts.size(); m++) {
            List<Long> text = texts.get(m);
            for (int t = 0; t < text.size(); t++) {
                ids[m * length + t] = text.get(t);
                mask[m * length + t] = true;
            }
        }
        Shape shape = new Shape(texts.size(), length);
        return new NDList(manager.create(ids, shape), manager.create(mask, shape));
    }
}
