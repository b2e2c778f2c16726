package org.jzoo.examples.recall;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.jzoo.blocks.kernel.LossKernel;

/**
 * Examples of one length as arrays.
 *
 * @param ids (B, N) int64
 * @param question (B, Q) int64
 * @param questionMask (B, Q) booleans
 * @param labels (B, slots) int64, {@link LossKernel#IGNORE} behind an answer's end
 * @param marks (B, N) int64, see {@link RecallExample#marks}
 * @param kinds (B) int64: equal where facts of one text may answer another's question
 */
record RecallBatch(
        NDArray ids,
        NDArray question,
        NDArray questionMask,
        NDArray labels,
        NDArray marks,
        NDArray kinds) {

    /** As a J3 takes them. */
    NDList inputs() {
        // Neither types nor padding: a mask of nothing but true.
        return new NDList(ids, ids, ids.gte(0), question, questionMask);
    }

    /** As a {@link RecallModel} learns them, in chunks of that length. */
    NDList lesson(int chunkLength) {
        long rows = ids.getShape().get(0);
        long rest = (chunkLength - ids.getShape().get(1) % chunkLength) % chunkLength;
        NDArray none = ids.getManager().zeros(new Shape(rows, rest), DataType.INT64);
        NDList lesson = inputs();
        lesson.add(marks.concat(none, 1).reshape(rows, -1, chunkLength)); // (B, n, C)
        lesson.add(kinds);
        return lesson;
    }

    /**
     * Makes arrays of the ends of texts.
     *
     * @param kept tokens of each text that are read, the last ones; all are if there are fewer
     */
    static RecallBatch of(List<RecallExample> examples, int kept, NDManager manager) {
        int rows = examples.size();
        int length = Math.min(kept, examples.get(0).tokens().length);
        long[] ids = new long[rows * length];
        long[] marks = new long[rows * length];
        long[] kinds = new long[rows];
        long[] labels = new long[rows * RecallExample.SLOTS];
        Arrays.fill(labels, LossKernel.IGNORE);
        for (int b = 0; b < rows; b++) {
            RecallExample example = examples.get(b);
            int start = example.tokens().length - length;
            kinds[b] = example.task().kind(b);
            for (int i = 0; i < length; i++) {
                ids[b * length + i] = example.tokens()[start + i];
                marks[b * length + i] = example.marks()[start + i];
            }
            for (int i = 0; i < example.answer().length; i++) {
                labels[b * RecallExample.SLOTS + i] = example.answer()[i];
            }
        }
        NDList question = question(examples, manager);
        return new RecallBatch(
                manager.create(ids, new Shape(rows, length)),
                question.get(0),
                question.get(1),
                manager.create(labels, new Shape(rows, RecallExample.SLOTS)),
                manager.create(marks, new Shape(rows, length)),
                manager.create(kinds));
    }

    /** Questions (B, Q) and which of their tokens exist (B, Q). */
    static NDList question(List<RecallExample> examples, NDManager manager) {
        int rows = examples.size();
        int width = examples.stream().mapToInt(e -> e.question().length).max().orElse(1);
        long[] ids = new long[rows * width];
        boolean[] mask = new boolean[rows * width];
        for (int b = 0; b < rows; b++) {
            int[] question = examples.get(b).question();
            for (int i = 0; i < question.length; i++) {
                ids[b * width + i] = question[i];
                mask[b * width + i] = true;
            }
        }
        Shape shape = new Shape(rows, width);
        return new NDList(manager.create(ids, shape), manager.create(mask, shape));
    }
}
