package org.jzoo.blocks.chunk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.chunk.StoreOption.Keep;
import org.jzoo.blocks.chunk.StoreOption.Numbers;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;

class BlockStoreTest {

    private static final int B = 2;
    private static final int S = 3;
    private static final int D = 5;
    private static final int DK = 4;

    /** Blocks with the numbers first … first + count - 1. */
    private static BlockStore blocks(NDManager manager, int first, int count, boolean ranked) {
        NDArray keys = Run.random(manager, 100 + first, B, count, DK);
        NDArray numbers = ChunkKernel.numbers(keys, first, count);
        return BlockStore.of(
                new BlockStore.Rows(
                        keys,
                        Run.random(manager, 200 + first, B, count, S, D),
                        null,
                        manager.ones(new Shape(B, count, S)).gt(0),
                        numbers,
                        ranked ? ChunkKernel.lowest(numbers) : null),
                first + count);
    }

    // Twelve chunks of two blocks, each asking for something.
    private static BlockStore read(NDManager manager, StoreOption option, boolean inPlace) {
        boolean ranked = option.capacity() > 0 && option.keep() == Keep.RELEVANT;
        BlockStore store = null;
        for (int chunk = 0; chunk < 12; chunk++) {
            BlockStore own = blocks(manager, 2 * chunk, 2, ranked);
            store = store == null ? own : store.and(own, option, inPlace);
            if (ranked) {
                store = store.raised(store.scores(Run.random(manager, chunk, B, DK)));
            }
        }
        return store;
    }

    private static long[][] sortedNumbers(BlockStore store) {
        long[][] numbers = new long[B][];
        for (int b = 0; b < B; b++) {
            numbers[b] = store.cut().numbers().get(b).toLongArray();
            Arrays.sort(numbers[b]);
        }
        return numbers;
    }

    @Test
    void writingInPlaceKeepsWhatCopyingKeeps() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            for (StoreOption option :
                    new StoreOption[] {
                        StoreOption.ALL,
                        new StoreOption(7, Keep.RELEVANT, Numbers.COMPUTED),
                        new StoreOption(7, Keep.LATEST, Numbers.COMPUTED),
                        new StoreOption(1, Keep.LATEST, Numbers.COMPUTED)
                    }) {
                BlockStore copied = read(manager, option, false);
                BlockStore written = read(manager, option, true);
                assertEquals(copied.size(), written.size());
                assertEquals(24, written.read());
                assertArrayEquals(sortedNumbers(copied), sortedNumbers(written));
                NDArray query = Run.random(manager, 9, B, DK);
                NDArray[] best = ChunkKernel.best(copied.scores(query), copied.size());
                NDArray[] same = ChunkKernel.best(written.scores(query), written.size());
                assertArrayEquals(best[0].toFloatArray(), same[0].toFloatArray(), 1e-6f);
                BlockStore.Rows all = copied.at(best[1], query);
                BlockStore.Rows rows = written.at(same[1], query);
                assertArrayEquals(all.numbers().toLongArray(), rows.numbers().toLongArray());
                assertArrayEquals(all.states().toFloatArray(), rows.states().toFloatArray());
            }
        }
    }

    @Test
    void theLatestStayOrThoseThatScoredHighest() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            StoreOption latest = new StoreOption(5, Keep.LATEST, Numbers.COMPUTED);
            assertArrayEquals(
                    new long[] {19, 20, 21, 22, 23}, sortedNumbers(read(manager, latest, true))[1]);
            StoreOption relevant = new StoreOption(5, Keep.RELEVANT, Numbers.COMPUTED);
            BlockStore store = blocks(manager, 0, 2, true);
            for (int chunk = 1; chunk < 9; chunk++) {
                // Block 1 of the first text and block 0 of the second look like what is sought.
                float[] scores = new float[B * store.size()];
                long[] numbers = store.cut().numbers().toLongArray();
                for (int i = 0; i < scores.length; i++) {
                    boolean sought = numbers[i] == (i < store.size() ? 1 : 0);
                    scores[i] = sought ? 3 : -1;
                }
                store = store.raised(manager.create(scores, new Shape(B, store.size())));
                store = store.and(blocks(manager, 2 * chunk, 2, true), relevant, true);
            }
            assertEquals(5, store.size());
            for (int b = 0; b < B; b++) {
                int sought = 1 - b;
                assertTrue(Arrays.stream(sortedNumbers(store)[b]).anyMatch(n -> n == sought));
            }
        }
    }

    @Test
    void blocksThatNobodyRankedAreTheFirstToGo() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            BlockStore unranked =
                    read(manager, new StoreOption(4, Keep.LATEST, Numbers.COMPUTED), true);
            assertFalse(unranked.isRanked());
            BlockStore ranked =
                    unranked.ranked(true)
                            .and(
                                    blocks(manager, 24, 2, true),
                                    new StoreOption(4, Keep.RELEVANT, Numbers.COMPUTED),
                                    true);
            assertTrue(ranked.isRanked());
            assertEquals(4, ranked.size());
            assertEquals(25, sortedNumbers(ranked)[0][3]);
            assertFalse(ranked.ranked(false).isRanked());
        }
    }

    @Test
    void roomGrowsByDoublingAndNotBeyondTheBound() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            BlockStore all = read(manager, StoreOption.ALL, true);
            assertEquals(24, all.size());
            assertEquals(32, all.rows().keys().getShape().get(1));
            BlockStore some =
                    read(manager, new StoreOption(7, Keep.LATEST, Numbers.COMPUTED), true);
            assertEquals(7, some.rows().keys().getShape().get(1));
        }
    }

    @Test
    void aChunkOfMoreBlocksThanThereMayBeIsKeptWhole() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            StoreOption option = new StoreOption(2, Keep.LATEST, Numbers.COMPUTED);
            for (boolean inPlace : new boolean[] {false, true}) {
                BlockStore store =
                        blocks(manager, 0, 1, false)
                                .and(blocks(manager, 1, 4, false), option, inPlace);
                assertEquals(4, store.size());
                assertArrayEquals(new long[] {1, 2, 3, 4}, sortedNumbers(store)[0]);
            }
        }
    }

    @Test
    void aStoreIsReadOnFromOnce() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            BlockStore store = read(manager, StoreOption.ALL, true);
            BlockStore later = blocks(manager, 24, 2, false);
            store.and(later, StoreOption.ALL, false);
            store.and(later, StoreOption.ALL, true);
            assertTrue(
                    assertThrows(
                                    IllegalStateException.class,
                                    () -> store.and(later, StoreOption.ALL, true))
                            .getMessage()
                            .contains("must be read on from once, got a second time at block 24"));
        }
    }
}
