package org.jzoo.examples.finetune;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.datasets.Seeds;
import org.jzoo.datasets.vision.PictureQuestion;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.zoo.j1.CaptionTask;
import org.jzoo.zoo.text.TextTokenizer;

/**
 * Pictures and captions: images (B, C, Hi, Wi), texts (B, T), and as labels (B, T) the token after
 * each, the task's end token after the last.
 */
final class CaptionBatches implements Batches {

    private final PictureCache pictures;
    private final List<Integer> images = new ArrayList<>();
    private final List<long[]> texts = new ArrayList<>();
    private final long end;
    private final int batchSize;
    private final Long seed;

    /**
     * Reads captions.
     *
     * @param seed of the order; null for the file's
     * @throws org.jzoo.datasets.text.DataException if a picture is damaged, with the row
     */
    CaptionBatches(
            QuestionData.Part part,
            PictureCache pictures,
            TextTokenizer tokenizer,
            CaptionTask task,
            int batchSize,
            Long seed) {
        this.pictures = pictures;
        this.batchSize = batchSize;
        this.seed = seed;
        end = task.endTokens().get(0);
        for (PictureQuestion row : part.rows()) {
            images.add(pictures.add(part.file(), row));
            texts.add(tokenizer.encode(row.question()).ids());
        }
    }

    @Override
    public int size(int epoch) {
        return Math.floorDiv(texts.size() - 1, batchSize) + 1;
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            order.add(i);
        }
        if (seed != null) {
            Collections.shuffle(order, Seeds.random(seed, epoch));
        }
        int from = index * batchSize;
        List<Integer> rows = order.subList(from, Math.min(order.size(), from + batchSize));
        int length = rows.stream().mapToInt(row -> texts.get(row).length).max().orElse(1);
        long[] ids = new long[rows.size() * length];
        long[] labels = new long[ids.length];
        Arrays.fill(ids, end);
        Arrays.fill(labels, LossKernel.IGNORE);
        long tokens = 0;
        for (int b = 0; b < rows.size(); b++) {
            long[] text = texts.get(rows.get(b));
            System.arraycopy(text, 0, ids, b * length, text.length);
            System.arraycopy(text, 1, labels, b * length, text.length - 1);
            labels[b * length + text.length - 1] = end;
            tokens += text.length;
        }
        Shape shape = new Shape(rows.size(), length);
        NDList inputs =
                new NDList(
                        pictures.images(rows.stream().map(images::get).toList(), manager),
                        manager.create(ids, shape));
        return TrainingBatch.builder()
                .setInputs(inputs)
                .setExamples(rows.size())
                .optLabels(new NDList(manager.create(labels, shape)))
                .optTokens(tokens)
                .optWeight((double) tokens)
                .optRows(rows.stream().mapToLong(Integer::longValue).toArray())
                .build();
    }
}
