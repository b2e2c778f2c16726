package org.jzoo.datasets.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.Encoded;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextEncoding;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

class EncodedDatasetTest {

    /** One token a character, 6 at most; the pair's tokens have type 1; padding is 99. */
    private static final TextEncoding CHARACTERS =
            new TextEncoding() {
                @Override
                public Encoded encode(String text, String pair) {
                    String all = pair == null ? text : text + pair;
                    int kept = Math.min(6, all.length());
                    long[] ids = all.chars().limit(kept).asLongStream().toArray();
                    long[] types = new long[kept];
                    for (int i = text.length(); i < kept; i++) {
                        types[i] = 1;
                    }
                    return new Encoded(ids, types, all.length());
                }

                @Override
                public long padId() {
                    return 99;
                }
            };

    private record Rows(TargetKind target, List<TextExample> examples) implements TextSource {
        @Override
        public String name() {
            return "rows.csv";
        }

        @Override
        public Stream<TextExample> stream() {
            return examples.stream();
        }
    }

    private static TextSource classes() {
        return new Rows(
                TargetKind.CLASS,
                List.of(
                        TextExample.of(1, "ab", "no"),
                        TextExample.of(2, "cdefghij", "yes"),
                        new TextExample(5, "k", "lm", "yes")));
    }

    private static BatchingConfig inOrder(int size, int multipleOf) {
        return new BatchingConfig(size, 0, multipleOf, BatchOrder.SOURCE, 0);
    }

    @Test
    void padsToTheLongestRowOfTheBatch() {
        try (EncodedDataset data =
                EncodedDataset.classification(classes(), CHARACTERS, LabelSet.of("no", "yes"))) {
            Batch batch = data.batch(data.plan(inOrder(3, 1), 0), 0);
            assertEquals(3, batch.size());
            assertEquals(6, batch.length());
            assertArrayEquals(
                    new long[] {
                        'a', 'b', 99, 99, 99, 99, 'c', 'd', 'e', 'f', 'g', 'h', 'k', 'l', 'm', 99,
                        99, 99
                    },
                    batch.ids());
            assertArrayEquals(
                    new long[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0},
                    batch.typeIds());
            assertArrayEquals(
                    new long[] {1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0},
                    batch.mask());
            assertArrayEquals(new long[] {0, 1, 1}, batch.labels());
            assertArrayEquals(new long[] {1, 2, 5}, batch.rows());
            assertEquals(0, batch.targets().length);
            assertEquals(11, batch.tokens());
        }
    }

    @Test
    void roundsTheLengthUp() {
        try (EncodedDataset data =
                EncodedDataset.classification(classes(), CHARACTERS, LabelSet.of("no", "yes"))) {
            BatchPlan plan = data.plan(inOrder(1, 4), 0);
            List<Integer> lengths = new ArrayList<>();
            data.batches(plan, 0).forEach(batch -> lengths.add(batch.length()));
            assertEquals(List.of(4, 8, 4), lengths);
        }
    }

    @Test
    void batchesGoOnFromAnyIndex() {
        try (EncodedDataset data =
                EncodedDataset.classification(classes(), CHARACTERS, LabelSet.of("no", "yes"))) {
            BatchPlan plan = data.plan(BatchingConfig.training(1, 3), 4);
            Iterator<Batch> resumed = data.batches(plan, 2).iterator();
            assertArrayEquals(data.batch(plan, 2).ids(), resumed.next().ids());
            assertEquals(false, resumed.hasNext());
        }
    }

    @Test
    void epochsCanBeAskedForInAnyOrder() {
        try (EncodedDataset data =
                EncodedDataset.classification(classes(), CHARACTERS, LabelSet.of("no", "yes"))) {
            BatchingConfig config = BatchingConfig.training(1, 3);
            EpochBatches batches = new EpochBatches(data, config);
            for (long epoch : new long[] {4, 0, 4, 1}) {
                assertEquals(3, batches.size(epoch));
                for (int index : new int[] {2, 0, 1}) {
                    assertArrayEquals(
                            data.batch(data.plan(config, epoch), index).rows(),
                            batches.batch(epoch, index).rows());
                }
            }
        }
    }

    @Test
    void reportsWhatTruncationCost() {
        try (EncodedDataset data = EncodedDataset.unlabelled(classes(), CHARACTERS)) {
            assertEquals(new TruncationReport(3, 1, 13, 2, 8), data.truncation());
            assertEquals(
                    "1 of 3 rows truncated (33.3%), 2 of 13 tokens lost (15.4%), longest row 8",
                    data.truncation().toString());
            assertNull(data.labels());
            assertEquals(0, data.batch(data.plan(inOrder(3, 1), 0), 0).labels().length);
        }
    }

    @Test
    void countsTheClasses() {
        try (EncodedDataset data =
                EncodedDataset.classification(
                        classes(), CHARACTERS, LabelSet.of("no", "yes", "maybe"))) {
            assertArrayEquals(new long[] {1, 2, 0}, data.labelCounts());
            assertEquals(1, data.label(2));
            assertEquals(5, data.row(2));
            assertEquals(6, data.length(1));
        }
    }

    @Test
    void regressionKeepsTheNumbers() {
        TextSource source =
                new Rows(
                        TargetKind.NUMBER,
                        List.of(TextExample.of(1, "a", "2.5"), TextExample.of(2, "b", "-1e-3")));
        try (EncodedDataset data = EncodedDataset.regression(source, CHARACTERS)) {
            Batch batch = data.batch(data.plan(inOrder(2, 1), 0), 0);
            assertArrayEquals(new float[] {2.5f, -1e-3f}, batch.targets());
            assertEquals(0, batch.labels().length);
            assertEquals(-1e-3, data.target(1));
            assertEquals(
                    "target must be CLASS to ask for labels, got NUMBER",
                    assertThrows(IllegalStateException.class, () -> data.label(0)).getMessage());
        }
    }

    @Test
    void anUnknownLabelIsNamedWithItsRow() {
        DataException e =
                assertThrows(
                        DataException.class,
                        () ->
                                EncodedDataset.classification(
                                        classes(), CHARACTERS, LabelSet.of("no", "yess")));
        assertEquals(
                "rows.csv row 2: label must be one of [no, yess], got label=yes; "
                        + "did you mean \"yess\"?",
                e.getMessage());
    }

    @Test
    void rejectsTheWrongKindOfTargetAndNoRows() {
        assertEquals(
                "target must be NUMBER, got target=CLASS, source=rows.csv",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> EncodedDataset.regression(classes(), CHARACTERS))
                        .getMessage());
        assertEquals(
                "rows.csv: must hold at least one row, got none",
                assertThrows(
                                DataException.class,
                                () ->
                                        EncodedDataset.unlabelled(
                                                new Rows(TargetKind.NONE, List.of()), CHARACTERS))
                        .getMessage());
    }

    @Test
    void threadsReadTheSameBatches() throws Exception {
        List<TextExample> examples = new ArrayList<>();
        for (int i = 1; i <= 500; i++) {
            examples.add(TextExample.of(i, "row" + i, "x"));
        }
        try (EncodedDataset data =
                EncodedDataset.unlabelled(new Rows(TargetKind.NONE, examples), CHARACTERS)) {
            BatchPlan plan = data.plan(BatchingConfig.training(7, 0), 0);
            List<long[]> serial = new ArrayList<>();
            data.batches(plan, 0).forEach(batch -> serial.add(batch.ids()));
            List<Thread> threads = new ArrayList<>();
            List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int t = 0; t < 8; t++) {
                Thread thread =
                        new Thread(
                                () -> {
                                    for (int i = 0; i < plan.size(); i++) {
                                        assertArrayEquals(serial.get(i), data.batch(plan, i).ids());
                                    }
                                });
                thread.setUncaughtExceptionHandler((x, e) -> failures.add(e));
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(List.of(), failures);
        }
    }

    @Test
    void encodedArraysMustAgree() {
        assertEquals(
                "typeIds must have the length of ids, got typeIds=1, ids=2",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Encoded(new long[2], new long[1], 2))
                        .getMessage());
        assertEquals(
                "originalLength must be >= length, got originalLength=1, length=2",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Encoded(new long[2], new long[2], 1))
                        .getMessage());
        assertEquals(
                "ids must not be empty, got length=0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Encoded(new long[0], new long[0], 0))
                        .getMessage());
    }
}
