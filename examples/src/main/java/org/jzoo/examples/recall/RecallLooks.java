package org.jzoo.examples.recall;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.jzoo.blocks.kernel.LossKernel;

/**
 * A text as someone reads it who takes notes: every chunk ends with slots for what is known by now,
 * and what they say is read with the question and the next chunk. Where one fact leads to another,
 * the note is what the next search starts from; where facts are summed up, it is the sum so far.
 * After the text come further looks, of nothing but slots, so that a chain whose facts stand in the
 * last chunk, or in the wrong order, is followed to its end.
 *
 * <p>T looks: one for each chunk, the last of which is the first of those at the end.
 *
 * @param chunkLength tokens of the text in a chunk, to which its slots are added (C)
 * @param blockLength tokens of a block that is found again
 * @param looks after the text's end, at least 1
 * @see <a href="https://arxiv.org/abs/2009.12756">Xiong et al. 2021, Multi-hop dense retrieval</a>,
 *     section 2.1: what was found joins the question of the next search
 * @see <a href="https://arxiv.org/abs/2112.00114">Nye et al. 2021, Show your work</a>: steps on the
 *     way as labels
 */
record RecallLooks(int chunkLength, int blockLength, int looks) {

    private static final int SLOTS = RecallExample.SLOTS;

    /** Looks at a text of {@code length} tokens (T). */
    int count(int length) {
        return chunks(length) + looks - 1;
    }

    private int chunks(int length) {
        return (length - SLOTS + chunkLength - 1) / chunkLength;
    }

    /** Tokens of the text that were read when a look ends. */
    private int read(int look, int length) {
        return Math.min((look + 1) * chunkLength, length - SLOTS);
    }

    /** What is read at each look: T arrays (B, C + S) int64, the last ones shorter. */
    NDList pieces(List<RecallExample> examples, NDManager manager) {
        int length = examples.get(0).tokens().length;
        NDList pieces = new NDList();
        for (int look = 0; look < count(length); look++) {
            int start = Math.min(look * chunkLength, length - SLOTS);
            int some = read(look, length) - start;
            long[] ids = new long[examples.size() * (some + SLOTS)];
            for (int b = 0; b < examples.size(); b++) {
                int row = b * (some + SLOTS);
                for (int i = 0; i < some; i++) {
                    ids[row + i] = examples.get(b).tokens()[start + i];
                }
                for (int i = 0; i < SLOTS; i++) {
                    ids[row + some + i] = RecallVocabulary.SLOT + (long) i;
                }
            }
            pieces.add(manager.create(ids, new Shape(examples.size(), some + SLOTS)));
        }
        return pieces;
    }

    /**
     * What is known before the first look, after it, and so on (T + 1): the number of a finding,
     * from what the reader is told on. Facts that are summed up count as soon as half of them is
     * read; of others one look finds one.
     */
    int[] known(RecallExample example) {
        int length = example.tokens().length;
        int[] known = new int[count(length) + 1];
        known[0] = example.told();
        for (int look = 0; look < known.length - 1; look++) {
            int read = read(look, length);
            int now = known[look];
            if (example.task().sums()) {
                now =
                        (int)
                                example.facts().stream()
                                        .filter(fact -> (fact[0] + fact[1]) / 2 < read)
                                        .count();
            } else if (now < example.facts().size() && example.facts().get(now)[1] <= read) {
                now++;
            }
            known[look + 1] = now;
        }
        return known;
    }

    /** The notes that are right before each look: (B, T, S) int64, padded behind their end. */
    NDArray notes(List<RecallExample> examples, NDManager manager) {
        return findings(examples, 0, RecallVocabulary.PADDING, manager);
    }

    /** What is right to say at each look: (B, T·S) int64, {@link LossKernel#IGNORE} behind ends. */
    NDArray labels(List<RecallExample> examples, NDManager manager) {
        return findings(examples, 1, LossKernel.IGNORE, manager).reshape(examples.size(), -1);
    }

    private NDArray findings(
            List<RecallExample> examples, int later, long padding, NDManager manager) {
        int count = count(examples.get(0).tokens().length);
        long[] findings = new long[examples.size() * count * SLOTS];
        Arrays.fill(findings, padding);
        for (int b = 0; b < examples.size(); b++) {
            int[] known = known(examples.get(b));
            for (int look = 0; look < count; look++) {
                boolean nothing = look + later == 0 && known[0] == 0;
                int[] finding =
                        nothing
                                ? new int[] {RecallVocabulary.END}
                                : examples.get(b).findings().get(known[look + later]);
                for (int i = 0; i < finding.length; i++) {
                    findings[(b * count + look) * SLOTS + i] = finding[i];
                }
            }
        }
        return manager.create(findings, new Shape(examples.size(), count, SLOTS));
    }

    /**
     * Which tokens retrieval is to look for at each look: those of the fact that comes next, or of
     * the last one if all are known; {@link RecallExample#LIKE} for all other facts. Facts that are
     * summed up are read where they stand.
     *
     * @return (B, T, N') int64, N' all pieces in whole blocks
     */
    NDArray marks(List<RecallExample> examples, NDManager manager) {
        int length = examples.get(0).tokens().length;
        int last = length - (chunks(length) - 1) * chunkLength;
        int width =
                (chunks(length) - 1) * blocks(chunkLength + SLOTS)
                        + blocks(last)
                        + (looks - 1) * blocks(SLOTS);
        int count = count(length);
        long[] marks = new long[examples.size() * count * width];
        for (int b = 0; b < examples.size(); b++) {
            RecallExample example = examples.get(b);
            int[] known = known(example);
            for (int look = 0; look < count; look++) {
                int row = (b * count + look) * width;
                for (int i = 0; i < length - SLOTS; i++) {
                    if (example.marks()[i] != 0) {
                        marks[row + place(i)] = RecallExample.LIKE;
                    }
                }
                if (!example.task().sums()) {
                    int next = Math.min(known[look], example.facts().size() - 1);
                    int[] fact = example.facts().get(next);
                    for (int i = fact[0]; i < fact[1]; i++) {
                        marks[row + place(i)] = RecallExample.ANSWERS;
                    }
                }
            }
        }
        return manager.create(marks, new Shape(examples.size(), count, width));
    }

    private int place(int token) {
        return token / chunkLength * blocks(chunkLength + SLOTS) + token % chunkLength;
    }

    private int blocks(int tokens) {
        return (tokens + blockLength - 1) / blockLength * blockLength;
    }

    /** What was said (B rows of S tokens) as the next look's note: padded behind its end. */
    static long[] noted(long... said) {
        long[] note = said.clone();
        boolean ended = false;
        for (int i = 0; i < note.length; i++) {
            ended = ended && i % SLOTS != 0;
            if (ended) {
                note[i] = RecallVocabulary.PADDING;
            }
            ended |= said[i] == RecallVocabulary.END;
        }
        return note;
    }

    /** The note before the first look, for B rows. */
    static long[] nothing(int rows) {
        long[] note = new long[rows * SLOTS];
        for (int b = 0; b < rows; b++) {
            note[b * SLOTS] = RecallVocabulary.END;
        }
        return note;
    }
}
