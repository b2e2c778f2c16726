package org.jzoo.training.compression.distillation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.compression.distillation.ChangedTexts.ChangeRule;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

final class ChangedTextsTest {

    private static final int TEXTS = 40;
    private static final int LENGTH = 9;
    private static final long[] FIXED = {0, 101, 102};

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Frames 101 … 102, two columns of padding, tokens of their own in each row. */
    private static final class Texts implements Batches {

        @Override
        public int size(int epoch) {
            return 2;
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager manager) {
            long[] ids = new long[TEXTS * LENGTH];
            for (int i = 0; i < ids.length; i++) {
                int column = i % LENGTH;
                ids[i] = column == 0 ? 101 : column == 6 ? 102 : column > 6 ? 0 : 1000 + i;
            }
            return TrainingBatch.builder()
                    .setInputs(new NDList(manager.create(ids, new Shape(TEXTS, LENGTH))))
                    .optLabels(new NDList(manager.create(new long[TEXTS])))
                    .setExamples(TEXTS)
                    .build();
        }
    }

    private long[] ids(ChangeRule rule, int epoch, int index) {
        TrainingBatch batch =
                new ChangedTexts(new Texts(), FIXED, rule, 5).batch(epoch, index, manager);
        assertEquals(0, batch.labels().size());
        return batch.inputs().get(0).toLongArray();
    }

    private long[] plain() {
        return new Texts().batch(0, 0, manager).inputs().get(0).toLongArray();
    }

    @Test
    void framesAndPaddingStayAndStrangersComeFromTheBatch() {
        long[] before = plain();
        long[] after = ids(new ChangeRule(0, 1, 0), 0, 0);
        int changed = 0;
        for (int i = 0; i < after.length; i++) {
            long token = before[i];
            if (Arrays.stream(FIXED).anyMatch(f -> f == token)) {
                assertEquals(before[i], after[i]);
            } else {
                long now = after[i];
                assertTrue(Arrays.stream(before).anyMatch(b -> b == now), "new token " + now);
                assertTrue(Arrays.stream(FIXED).noneMatch(f -> f == now));
                changed += now == token ? 0 : 1;
            }
        }
        // Half of 200 on average, less what a fixed token would have replaced (4 of 9).
        assertTrue(changed > 20 && changed < 100, "changed " + changed);
    }

    @Test
    void neighboursSwapPlacesWithinTheirText() {
        long[] before = plain();
        long[] after = ids(new ChangeRule(0, 0, 1), 0, 0);
        assertFalse(Arrays.equals(before, after));
        for (int row = 0; row < TEXTS; row++) {
            long[] old = Arrays.copyOfRange(before, row * LENGTH, (row + 1) * LENGTH);
            long[] now = Arrays.copyOfRange(after, row * LENGTH, (row + 1) * LENGTH);
            for (int i = 0; i < LENGTH; i++) {
                int place = i;
                int from = Arrays.stream(now).boxed().toList().indexOf(old[i]);
                assertTrue(old[i] == 0 || Math.abs(from - place) <= 1, Arrays.toString(now));
            }
            Arrays.sort(old);
            Arrays.sort(now);
            assertArrayEquals(old, now);
        }
    }

    @Test
    void eachPlaceOfEachEpochHasItsOwnChanges() {
        ChangeRule rule = ChangeRule.USUAL;
        assertArrayEquals(ids(rule, 1, 0), ids(rule, 1, 0));
        assertFalse(Arrays.equals(ids(rule, 1, 0), ids(rule, 1, 1)));
        assertFalse(Arrays.equals(ids(rule, 1, 0), ids(rule, 2, 0)));
    }

    @Test
    void aThirdOfTheTextsStays() {
        long[] before = plain();
        long[] after = ids(new ChangeRule(0.33, 1, 1), 0, 0);
        int same = 0;
        for (int row = 0; row < TEXTS; row++) {
            same +=
                    Arrays.equals(
                                    Arrays.copyOfRange(before, row * LENGTH, (row + 1) * LENGTH),
                                    Arrays.copyOfRange(after, row * LENGTH, (row + 1) * LENGTH))
                            ? 1
                            : 0;
        }
        assertTrue(same >= 5 && same <= 25, "same " + same);
    }

    @Test
    void refusesSharesOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new ChangeRule(1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new ChangeRule(0, 1.5, 0));
        assertThrows(IllegalArgumentException.class, () -> new ChangeRule(0, 0, -0.1));
    }
}
