package org.jzoo.examples.tagging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.datasets.label.LabelledSpan;
import org.jzoo.datasets.label.LabelledText;
import org.jzoo.datasets.label.LabelledTexts;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.zoo.document.TextFrame;
import org.jzoo.zoo.task.TokenTags;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordTokenizer;

class TagBatchesTest {

    private static final List<String> WORDS = List.of("ann", "bo", "met", "and", "rome");
    private static final TextTokenizer TOKENIZER =
            TextTokenizer.of(WordTokenizer.json(WORDS), 1_000);
    private static final TextFrame FRAME = new TextFrame(new long[] {90, 91}, new long[] {92});
    private static final TokenTags TAGS = TokenTags.of(List.of("LOC", "PER"));
    private static final int NONE = LossKernel.IGNORE;

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    private static LabelledText text(String text, Object... spans) {
        List<LabelledSpan> all = new ArrayList<>();
        for (int i = 0; i < spans.length; i += 2) {
            int start = text.indexOf((String) spans[i]);
            int end = start + ((String) spans[i]).length();
            all.add(new LabelledSpan(start, end, (String) spans[i + 1]));
        }
        return new LabelledText("a", text, all);
    }

    private static TagExample example(String text, Object... spans) {
        return TagExample.of(text(text, spans), TAGS, TOKENIZER, TextFrame.NONE);
    }

    private static TagReading reading(TextFrame inside, TextFrame around, int excerpt, int window) {
        return new TagReading(TOKENIZER, inside, around, excerpt, window, 0);
    }

    @Test
    void theFirstTokenOfEachWordHasItsTag() {
        TagExample example = example("ann bo met ann and bo", "ann bo", "PER", "and bo", "LOC");
        // O, B-LOC, I-LOC, B-PER, I-PER
        assertArrayEquals(new long[] {3, 4, 0, 0, 1, 2}, example.tags());
        assertEquals(0, example.bent());
        TagExample framed = TagExample.of(text("ann met", "ann", "PER"), TAGS, TOKENIZER, FRAME);
        assertArrayEquals(new long[] {NONE, NONE, 3, 0, NONE}, framed.tags());
        assertArrayEquals(new long[] {-1, -1, 0, 4, -1}, framed.starts());
        assertEquals(90, framed.ids()[0]);
        assertEquals(92, framed.ids()[4]);
    }

    @Test
    void stretchesWithinWordsAreLearnedAsWholeWordsAndCounted() {
        TagExample example = example("ann met bo", "nn m", "PER", "bo", "LOC");
        assertArrayEquals(new long[] {3, 4, 1}, example.tags());
        assertEquals(1, example.bent());
        assertEquals(
                "; 1 of 2 stretches begin or end within a word, whose label holds for all of it",
                new TagData(List.of(example), 2, example.bent()).remark());
    }

    @Test
    void aLabelWithoutATagIsRefusedByTheNameOfItsText() {
        LabelledTexts texts =
                new LabelledTexts("file.jsonl", "", List.of(text("ann met", "ann", "CAT")));
        assertEquals(
                "file.jsonl a: label must be one of [LOC, PER], got label=CAT",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TagData.of(texts, TAGS, reading(FRAME, TextFrame.NONE, 4, 4)))
                        .getMessage());
    }

    @Test
    void excerptsCoverLongTextsAndKeepTheirTags() {
        TagExample lengthy = example("ann met bo and ann met rome ".repeat(5), "ann", "PER");
        TagExample brief = example("bo met rome", "rome", "LOC");
        TagReading reading = reading(TextFrame.NONE, FRAME, 8, 8);
        TagBatches batches = new TagBatches(List.of(lengthy, brief), reading, 4, 7);
        assertEquals(2, batches.size(0)); // five excerpts of one text, one of the other
        boolean[] seen = new boolean[lengthy.length()];
        try (NDManager manager = PyTorch.newBaseManager()) {
            for (int epoch = 0; epoch < 20; epoch++) {
                for (int b = 0; b < 2; b++) {
                    TrainingBatch batch = batches.batch(epoch, b, manager);
                    int width = (int) batch.inputs().head().getShape().get(1);
                    long[] ids = batch.inputs().head().toLongArray();
                    long[] labels = batch.labels().head().toLongArray();
                    double tagged = LongStream.of(labels).filter(l -> l != NONE).count();
                    assertEquals(tagged, batch.weight());
                    for (int r = 0; r < batch.examples(); r++) {
                        int at = r * width;
                        TagExample of = batch.rows()[r] == 0 ? lengthy : brief;
                        check(of, at, ids, labels, seen);
                    }
                    assertArrayEquals(
                            ids, batches.batch(epoch, b, manager).inputs().head().toLongArray());
                }
            }
        }
        for (int t = 0; t < seen.length; t++) {
            assertTrue(seen[t], "token " + t + " was never seen");
        }
    }

    private static void check(TagExample of, int at, long[] ids, long[] labels, boolean[] seen) {
        int length = Math.min(8, of.length());
        assertEquals(90, ids[at]);
        assertEquals(92, ids[at + 2 + length]);
        assertEquals(NONE, labels[at]);
        assertEquals(NONE, labels[at + 2 + length]);
        int found = -1;
        for (int from = 0; from + length <= of.length(); from++) {
            long[] part = Arrays.copyOfRange(of.ids(), from, from + length);
            long[] tags = Arrays.copyOfRange(of.tags(), from, from + length);
            if (Arrays.equals(part, 0, length, ids, at + 2, at + 2 + length)
                    && Arrays.equals(tags, 0, length, labels, at + 2, at + 2 + length)) {
                found = from;
                if (of.length() > 8) {
                    Arrays.fill(seen, from, from + length, true);
                }
            }
        }
        assertTrue(found >= 0, "an excerpt must stand in its text with its tags");
    }

    @Test
    void anExcerptIsNeverWithoutAWord() {
        TagExample example = example("ann", "ann", "PER");
        long[] ids = new long[41];
        long[] offsets = new long[41];
        Arrays.fill(offsets, -1);
        long[] tags = new long[41];
        Arrays.fill(tags, NONE);
        tags[0] = 3;
        TagExample endless = new TagExample(example.text(), ids, offsets, offsets, tags, 0);
        TagBatches batches =
                new TagBatches(
                        List.of(endless), reading(TextFrame.NONE, TextFrame.NONE, 4, 4), 1, 3);
        try (NDManager manager = PyTorch.newBaseManager()) {
            for (int b = 0; b < batches.size(0); b++) {
                assertEquals(1, batches.batch(0, b, manager).weight());
            }
        }
        TagExample blank = new TagExample(example.text(), ids, offsets, offsets, offsets, 0);
        Arrays.fill(offsets, NONE);
        assertEquals(
                "examples must hold words, got 1 texts without",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new TagBatches(
                                                List.of(blank),
                                                reading(TextFrame.NONE, TextFrame.NONE, 4, 4),
                                                1,
                                                3))
                        .getMessage());
    }

    /** Knows "ann" and "rome" by their ids, unless they stand at an end of what it reads. */
    private static final class Reader extends Part {

        private final long ann = TOKENIZER.encodePlain("ann").ids()[0];
        private final long rome = TOKENIZER.encodePlain("rome").ids()[0];

        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            NDArray ids = inputs.head();
            int width = (int) ids.getShape().get(1);
            long[] all = ids.toLongArray();
            float[] logits = new float[all.length * 5];
            for (int i = 0; i < all.length; i++) {
                int t = i % width;
                boolean known = t > 2 && t < width - 2;
                logits[i * 5 + (known && all[i] == ann ? 3 : known && all[i] == rome ? 1 : 0)] = 5;
            }
            return new NDList(
                    ids.getManager().create(logits, new Shape(ids.getShape().get(0), width, 5)));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return new Shape[] {inputShapes[0].add(5)};
        }
    }

    @Test
    void aTokenCountsWhereItIsFarFromTheEndsOfAWindow() {
        List<LabelledSpan> spans = new ArrayList<>();
        StringBuilder text = new StringBuilder("met ");
        for (int i = 0; i < 30; i++) {
            boolean place = i % 3 == 0;
            spans.add(
                    new LabelledSpan(
                            text.length(), text.length() + (place ? 4 : 3), place ? "LOC" : "PER"));
            text.append(place ? "rome" : "ann").append(" and ");
        }
        TagExample example =
                TagExample.of(
                        new LabelledText("a", text + "met", spans),
                        TAGS,
                        TOKENIZER,
                        TextFrame.NONE);
        TagJudge judge =
                new TagJudge(
                        List.of(example, example("ann and", "and", "LOC")),
                        TAGS.names(),
                        reading(TextFrame.NONE, FRAME, 8, 8),
                        Device.cpu());
        // All thirty, but nothing of the other text, whose words are at its ends.
        Map<String, Double> metrics = judge.evaluate(new Reader(), Precision.FLOAT32);
        assertEquals(1, metrics.get("entityPrecision"));
        assertEquals(30.0 / 31, metrics.get("entityRecall"), 1e-9);
        assertEquals(60.0 / 61, metrics.get("entityF1"), 1e-9);
    }
}
