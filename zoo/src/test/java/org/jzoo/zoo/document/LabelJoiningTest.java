package org.jzoo.zoo.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Labels written by hand, joined over chunks of every size. */
class LabelJoiningTest {

    private static final List<String> LABELS = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC");
    private static final String TEXT = "Ann  Lee saw\fNew York and Bo, Rome.";

    /** The label of the word that holds a character; of whatever else, junk. */
    private static String label(String text, long offset) {
        if (!Character.isLetter(text.charAt((int) offset))) {
            return "O";
        }
        String before = text.substring(0, (int) offset);
        int blank = Math.max(before.lastIndexOf(' '), before.lastIndexOf('\f'));
        String word = text.substring(blank + 1).split("[^A-Za-z]", 2)[0];
        return switch (word) {
            case "Ann", "Bo" -> "B-PER";
            case "Lee" -> "I-PER";
            case "New" -> "I-LOC"; // begins a stretch, as nothing was before it
            case "York" -> "I-LOC";
            case "Rome" -> "B-LOC";
            default -> "O";
        };
    }

    private static List<LongLabel> join(
            String text, int size, List<String> labels, Function<Long, String> labelOf)
            throws IOException {
        List<LongLabel> found = new ArrayList<>();
        LabelJoining joining = new LabelJoining(labels, found::add);
        try (TokenChunks chunks =
                TokenChunks.builder()
                        .setSource(LongText.of(text))
                        .setTokens(TextTokens.bytes(0))
                        .setSize(size)
                        .build()) {
            while (chunks.hasNext()) {
                TokenChunk chunk = chunks.next();
                for (int t = 0; t < chunk.length(); t++) {
                    float[] logits = new float[labels.size()];
                    logits[labels.indexOf(labelOf.apply(chunk.starts()[t]))] = 9;
                    joining.add(chunk, t, logits);
                }
            }
        }
        joining.finish();
        return found;
    }

    @Test
    void stretchesComeOutWholeWhereverChunksEnd() throws IOException {
        for (int size = 1; size <= TEXT.length() + 1; size++) {
            List<LongLabel> found = join(TEXT, size, LABELS, o -> label(TEXT, o));
            String chunks = "chunks of " + size;
            assertEquals(
                    List.of("Ann  Lee/PER", "New York/LOC", "Bo/PER", "Rome/LOC"),
                    found.stream().map(l -> l.words() + "/" + l.label()).toList(),
                    chunks);
            assertEquals(List.of(1, 2, 2, 2), found.stream().map(LongLabel::page).toList(), chunks);
            for (LongLabel label : found) {
                assertEquals(
                        label.words(),
                        TEXT.substring((int) label.start(), (int) label.end()),
                        chunks);
                assertTrue(label.score() > 0.99, chunks);
            }
        }
    }

    @Test
    void aWordHasTheLabelOfItsFirstToken() throws IOException {
        List<LongLabel> found = join("Ann met", 3, LABELS, offset -> offset == 0 ? "B-PER" : "O");
        assertEquals(List.of("Ann"), found.stream().map(LongLabel::words).toList());
        assertEquals(List.of(), join("Ann met", 3, LABELS, o -> o == 1 ? "B-PER" : "O"));
    }

    @Test
    void eachBeginningIsAStretchOfItsOwn() throws IOException {
        List<LongLabel> found = join("Ann Bo Cy", 4, LABELS, offset -> "B-PER");
        assertEquals(List.of("Ann", "Bo", "Cy"), found.stream().map(LongLabel::words).toList());
        List<LongLabel> plain = join("Ann Bo Cy", 4, List.of("X", "Y"), offset -> "X");
        assertEquals(List.of("Ann", "Bo", "Cy"), plain.stream().map(LongLabel::words).toList());
    }

    @Test
    void endsAndSinglesAreRead() throws IOException {
        List<String> labels = List.of("B-PER", "E-PER", "S-PER");
        List<LongLabel> found =
                join("Ann Bo Cy", 4, labels, o -> o < 3 ? "B-PER" : o < 6 ? "E-PER" : "S-PER");
        assertEquals(
                List.of("Ann Bo/PER", "Cy/PER"),
                found.stream().map(l -> l.words() + "/" + l.label()).toList());
    }

    @Test
    void theScoreIsTheMeanOfItsWords() throws IOException {
        List<LongLabel> found = new ArrayList<>();
        LabelJoining joining = new LabelJoining(List.of("O", "I-X"), found::add);
        TokenChunk chunk =
                new TokenChunk(0, new long[2], new long[] {0, 2}, new long[] {1, 3}, "a b", 0, 1);
        joining.add(chunk, 0, new float[] {0, (float) Math.log(3)}); // 3/4
        joining.add(chunk, 1, new float[] {0, 0.00001f}); // 1/2
        assertEquals(List.of(), found); // it may go on
        joining.finish();
        assertEquals(0.625, found.get(0).score(), 1e-5);
        assertEquals("a b", found.get(0).words());
    }

    @Test
    void aStretchWithoutAnEndIsHandedOutInParts() throws IOException {
        String text = "word ".repeat(300_000);
        List<LongLabel> found = join(text, 1 << 16, List.of("O", "I-X"), offset -> "I-X");
        assertEquals(2, found.size());
        assertEquals(1 << 20, found.get(0).words().length(), 5.0);
        assertEquals(found.get(0).end() + 1, found.get(1).start());
        assertEquals(text.length() - 1, found.get(1).end());
    }

    @Test
    void rejectsLogitsOfOtherLabels() {
        LabelJoining joining = new LabelJoining(LABELS, label -> {});
        TokenChunk chunk = new TokenChunk(0, new long[1], new long[1], new long[] {1}, "a", 0, 1);
        assertEquals(
                "logits must have one for each label, got logits=2, labels=5",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> joining.add(chunk, 0, new float[2]))
                        .getMessage());
    }
}
