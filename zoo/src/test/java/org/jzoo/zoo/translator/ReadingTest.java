package org.jzoo.zoo.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.zoo.testing.TinyModels;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.translator.Query.Tokenized;

/** What is made of a head's output, with outputs written by hand. */
class ReadingTest {

    private static final TextTokenizer TOKENIZER = TinyModels.tokenizer(64);
    private static final NDManager MANAGER = PyTorch.newBaseManager();

    @AfterAll
    static void close() {
        MANAGER.close();
        TOKENIZER.close();
    }

    @Test
    void classesHaveTheSoftmaxOfTheirLogits() {
        NDArray logits =
                MANAGER.create(new float[] {0, (float) Math.log(3), 1000, 0}, new Shape(2, 2));
        List<Classifications> read =
                new ClassificationReading(List.of("ham", "spam"))
                        .read(List.of(query("a"), query("b")), logits);
        assertEquals(0.75, read.get(0).get("spam").getProbability(), 1e-7);
        assertEquals("spam", read.get(0).best().getClassName());
        assertEquals(1.0, read.get(1).get("ham").getProbability(), 1e-12);
    }

    @Test
    void piecesOfAWordAndWordsOfANameAreMerged() {
        String text = "😀 Wolfeschlegelstein visited New York, Paris.";
        Tokenized query = query(text);
        List<String> labels = List.of("O", "B-PER", "B-LOC", "I-LOC");
        NDArray logits =
                logits(
                        query,
                        labels,
                        word ->
                                switch (word) {
                                    case "Wolfeschlegelstein" -> "B-PER";
                                    case "New", "Paris" -> "B-LOC";
                                    case "York" -> "I-LOC";
                                    default -> "O";
                                });
        TokenLabel[] read = new TokenLabelReading(labels).read(List.of(query), logits).get(0);
        assertEquals(
                List.of("Wolfeschlegelstein/PER", "New York/LOC", "Paris/LOC"),
                Arrays.stream(read).map(t -> t.token() + "/" + t.label()).toList());
        for (TokenLabel label : read) {
            assertEquals(label.token(), text.substring(label.start(), label.end()));
            assertTrue(label.score() > 0.99, label::toString);
        }
    }

    @Test
    void plainLabelsStayWithTheirWords() {
        Tokenized query = query("unbelievable weather");
        List<String> labels = List.of("ADJ", "NOUN");
        NDArray logits = logits(query, labels, word -> word.equals("weather") ? "NOUN" : "ADJ");
        TokenLabel[] read = new TokenLabelReading(labels).read(List.of(query), logits).get(0);
        assertEquals(
                List.of("unbelievable/ADJ", "weather/NOUN"),
                Arrays.stream(read).map(t -> t.token() + "/" + t.label()).toList());
    }

    @Test
    void theMaskIsFilledWithTheMostProbableWords() {
        SpecialToken mask = SpecialToken.mask(TOKENIZER.json());
        assertEquals(new SpecialToken(103, "[MASK]"), mask);
        String text = "Paris is the [MASK] of France.";
        Tokenized query = query(text);
        int length = query.tokens().ids().length;
        int position = 4;
        float[] logits = new float[length * TinyModels.VOCABULARY];
        long capital = TOKENIZER.encode("capital").ids()[1];
        long heart = TOKENIZER.encode("heart").ids()[1];
        logits[position * TinyModels.VOCABULARY + (int) capital] = 20;
        logits[position * TinyModels.VOCABULARY + (int) heart] = 19;
        NDArray output = MANAGER.create(logits, new Shape(1, length, TinyModels.VOCABULARY));

        Filling[] read = new FillingReading(TOKENIZER, mask, 3).read(List.of(query), output).get(0);
        assertEquals(3, read.length);
        assertEquals("capital", read[0].word());
        assertEquals("Paris is the capital of France.", read[0].text());
        assertEquals("heart", read[1].word());
        assertEquals(Math.E, read[0].probability() / read[1].probability(), 1e-5);
    }

    @Test
    void aTextWithoutExactlyOneMaskIsRefused() {
        FillingReading reading =
                new FillingReading(TOKENIZER, SpecialToken.mask(TOKENIZER.json()), 3);
        IllegalArgumentException none =
                assertThrows(
                        IllegalArgumentException.class, () -> reading.check(query("no mask here")));
        assertEquals(
                "text must contain the mask [MASK] once, got 0 times in: no mask here",
                none.getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> reading.check(query("[MASK] and [MASK]")));
    }

    private static Tokenized query(String text) {
        return Query.of(text).tokenize(TOKENIZER);
    }

    /** Logits that give the first token of each word the label of its word, and the others junk. */
    private static NDArray logits(
            Tokenized query,
            List<String> labels,
            java.util.function.UnaryOperator<String> labelOf) {
        String text = query.query().first();
        int[] starts = query.tokens().starts();
        float[] logits = new float[starts.length * labels.size()];
        CharacterIndex index = new CharacterIndex(text);
        int end = -1;
        for (int t = 0; t < starts.length; t++) {
            if (starts[t] < 0) {
                continue;
            }
            int start = index.of(starts[t]);
            String label = labels.get(labels.size() - 1);
            if (start >= end) {
                end = start + 1;
                while (end < text.length() && Character.isLetter(text.charAt(end))) {
                    end++;
                }
                label = labelOf.apply(text.substring(start, end));
            }
            logits[t * labels.size() + labels.indexOf(label)] = 10;
        }
        return MANAGER.create(logits, new Shape(1, starts.length, labels.size()));
    }
}
