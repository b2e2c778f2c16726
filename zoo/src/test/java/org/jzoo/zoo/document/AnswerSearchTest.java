package org.jzoo.zoo.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerSearchTest {

    private static final ReadingReport REPORT = new ReadingReport(null, 0, 0, 0, 0, 0);

    @Test
    void theProbabilitiesAreThoseWorkedByHand() {
        // Spans of one or two tokens of "a b": a (1+3), b (2+0), a b (1+0).
        AnswerSearch search = new AnswerSearch(2, 2);
        search.add(chunk("a b", 0, 0, 1, 2, 3), new float[][] {{1, 3}, {2, 0}});
        LongAnswer answer = search.finish(REPORT);
        double sum = 1 + Math.exp(4) + Math.exp(2) + Math.exp(1);
        assertEquals(1 / sum, answer.noAnswer(), 1e-12);
        assertEquals(List.of("a", "b"), answer.evidence().stream().map(Evidence::answer).toList());
        assertEquals(Math.exp(4) / sum, answer.evidence().get(0).probability(), 1e-12);
        assertEquals(Math.exp(2) / sum, answer.evidence().get(1).probability(), 1e-12);
        assertTrue(answer.found());
    }

    @Test
    void nothingIsFoundIfEveryLogitIsLow() {
        AnswerSearch search = new AnswerSearch(2, 1);
        search.add(chunk("a b", 0, 0, 1, 2, 3), new float[][] {{-3, -3}, {-2, -2}});
        LongAnswer answer = search.finish(REPORT);
        assertFalse(answer.found());
        assertEquals("b", answer.text());
        assertEquals("", new AnswerSearch(2, 1).finish(REPORT).text());
        assertEquals(1, new AnswerSearch(2, 1).finish(REPORT).noAnswer(), 0);
    }

    @Test
    void chunksAreComparedAndSentencesReachOverTheirBorders() {
        AnswerSearch search = new AnswerSearch(4, 2);
        search.add(chunk("So it is. The", 0, 0, 2, 10, 13), logits(2, 1, -1));
        search.add(chunk(" red\f", 13, 14, 17), logits(1, 0, 5));
        search.add(chunk(" car went. Off.", 18, 19, 22, 23, 27), logits(2, 1, 2));
        LongAnswer answer = search.finish(REPORT);
        Evidence best = answer.evidence().get(0);
        assertEquals("red", best.answer());
        assertEquals(14, best.start());
        assertEquals(1, best.page());
        assertEquals("The red", best.sentence()); // the page ends there
        assertEquals(10, best.sentenceStart());
        Evidence second = answer.evidence().get(1);
        assertEquals("went", second.answer());
        assertEquals(2, second.page());
        assertEquals("car went.", second.sentence());
        assertEquals(28, second.sentenceEnd());
    }

    @Test
    void anAnswerReachesOverABorder() {
        AnswerSearch search = new AnswerSearch(3, 1);
        search.add(
                chunk("The key: 37", 0, 0, 3, 4, 7, 9, 11),
                new float[][] {{-9, -9}, {-9, -9}, {4, -9}});
        search.add(
                chunk("808. Off", 11, 11, 12, 12, 14, 14, 15),
                new float[][] {{-9, -9}, {-9, 3}, {-9, 9}});
        search.add(chunk(" we go.", 18, 19, 21), logits(1, 0, -9));
        LongAnswer answer = search.finish(REPORT);
        Evidence best = answer.evidence().get(0);
        assertEquals("37808", best.answer()); // of four tokens would be "37808."
        assertEquals(9, best.start());
        assertEquals(14, best.end());
        assertEquals("The key: 37808.", best.sentence());
        assertTrue(answer.found());
    }

    @Test
    void theBestOfManyIsThatOfSearchingAll() {
        Random random = new Random(4);

        AnswerSearch search = new AnswerSearch(3, 3);
        double best = Double.NEGATIVE_INFINITY;
        double sum = 1;
        float[][] logits = new float[20][2];
        for (float[] row : logits) {
            row[0] = (float) (4 * random.nextGaussian());
            row[1] = (float) (4 * random.nextGaussian());
        }
        for (int c = 0; c < 4; c++) {
            search.add(
                    chunk("a b c d e ", 10L * c, at(10L * c)),
                    Arrays.copyOfRange(logits, 5 * c, 5 * c + 5));
        }
        for (int s = 0; s < 20; s++) {
            for (int e = s; e < Math.min(20, s + 3); e++) {
                best = Math.max(best, (double) logits[s][0] + logits[e][1]);
                sum += Math.exp((double) logits[s][0] + logits[e][1]);
            }
        }
        LongAnswer answer = search.finish(REPORT);
        assertEquals(Math.exp(best) / sum, answer.evidence().get(0).probability(), 1e-9);
        for (Evidence a : answer.evidence()) {
            for (Evidence b : answer.evidence()) {
                assertTrue(a.equals(b) || a.end() <= b.start() || b.end() <= a.start());
            }
        }
    }

    @Test
    void needsARowForEachToken() {
        assertEquals(
                "logits must have a row for each token, got rows=1, tokens=2",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new AnswerSearch(2, 1)
                                                .add(chunk("a b", 0, 0, 1, 2, 3), new float[1][2]))
                        .getMessage());
    }

    private static long[] at(long from) {
        return new long[] {
            from, from + 1, from + 2, from + 3, from + 4, from + 5, from + 6, from + 7, from + 8,
            from + 9
        };
    }

    /** All logits -9 but one token's. */
    private static float[][] logits(int length, int token, float value) {
        float[][] logits = new float[length][2];
        for (int t = 0; t < length; t++) {
            logits[t][0] = t == token ? value : -9;
            logits[t][1] = logits[t][0];
        }
        return logits;
    }

    private static TokenChunk chunk(String text, long textStart, long... offsets) {
        int length = offsets.length / 2;
        long[] starts = new long[length];
        long[] ends = new long[length];
        for (int t = 0; t < length; t++) {
            starts[t] = offsets[2 * t];
            ends[t] = offsets[2 * t + 1];
        }
        int page = textStart > 17 ? 2 : 1;
        return new TokenChunk(0, new long[length], starts, ends, text, textStart, page);
    }
}
