package org.jzoo.examples.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.zoo.document.TextFrame;

class ExcerptPairsTest {

    private static final TextFrame FRAME = new TextFrame(new long[] {1}, new long[] {2});

    // Token 1000 · d + i is the i-th one of document d.
    private static List<long[]> documents(int... lengths) {
        List<long[]> documents = new ArrayList<>();
        for (int d = 0; d < lengths.length; d++) {
            long first = 1000L * (d + 1);
            documents.add(LongStream.range(first, first + lengths[d]).toArray());
        }
        return documents;
    }

    @Test
    void partsOfADocumentFollowEachOtherWithoutOverlap() {
        ExcerptPairs pairs = new ExcerptPairs(documents(40, 9, 1, 60, 11), FRAME, 2, 10, 0, 5);
        Set<Long> firstTokens = new TreeSet<>();
        try (NDManager manager = PyTorch.engine().newBaseManager()) {
            for (int epoch = 0; epoch < 20; epoch++) {
                assertEquals(2, pairs.size(epoch));
                Set<Long> seen = new TreeSet<>();
                for (int index = 0; index < 2; index++) {
                    TrainingBatch batch = pairs.batch(epoch, index, manager);
                    long[] ids = batch.inputs().get(0).toLongArray();
                    int length = ids.length / 4;
                    for (int b = 0; b < 2; b++) {
                        long[] one = part(ids, b, length);
                        long[] other = part(ids, b + 2, length);
                        assertEquals(one[0] / 1000, other[0] / 1000, "not of one document");
                        assertTrue(seen.add(one[0] / 1000), "a document came twice");
                        assertEquals(one[0] + one.length - 1, one[one.length - 1]);
                        assertEquals(other.length, one.length);
                        assertTrue(Math.abs(one[0] - other[0]) >= one.length, "overlap");
                        assertEquals(
                                one[0] / 1000 == 2 ? 4 : one[0] / 1000 == 5 ? 5 : 8, one.length);
                        firstTokens.add(one[0]);
                    }
                }
            }
        }
        assertTrue(firstTokens.size() > 20, "places must differ, got " + firstTokens);
        assertTrue(firstTokens.contains(2005L) && firstTokens.contains(2000L), "never turned");
    }

    // Checks the frame and the padding.
    private static long[] part(long[] ids, int row, int length) {
        long[] all = Arrays.copyOfRange(ids, row * length, (row + 1) * length);
        assertEquals(1, all[0]);
        int end = length - 1;
        while (all[end] == 0) {
            end--;
        }
        assertEquals(2, all[end]);
        return Arrays.copyOfRange(all, 1, end);
    }

    @Test
    void theSameSeedGivesTheSameBatches() {
        try (NDManager manager = PyTorch.engine().newBaseManager()) {
            assertEquals(batch(5, manager), batch(5, manager));
            assertNotEquals(batch(5, manager), batch(6, manager));
        }
    }

    private static List<Long> batch(long seed, NDManager manager) {
        return LongStream.of(
                        new ExcerptPairs(documents(50, 60, 70), FRAME, 3, 12, 0, seed)
                                .batch(1, 0, manager)
                                .inputs()
                                .get(0)
                                .toLongArray())
                .boxed()
                .toList();
    }

    @Test
    void oneDocumentCannotBeToldApart() {
        assertEquals(
                "batchSize and documents with at least 2 tokens must be >= 2 and maxLength > 2, got"
                        + " batchSize=4, documents=1, maxLength=8",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new ExcerptPairs(documents(9, 1), FRAME, 4, 8, 0, 1))
                        .getMessage());
    }
}
