package org.jzoo.datasets.document;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long documents are and where in them the answers stand. Words are runs of letters and digits.
 *
 * @param documents different documents
 * @param questions questions about them
 * @param medianWords words of the document in the middle
 * @param maxWords words of the longest document
 * @param answerWords words of an answer on average
 * @param medianPosition words before the answer of the question in the middle
 * @param lastPosition words before the answer that stands furthest back
 */
public record DocumentStatistics(
        int documents,
        int questions,
        int medianWords,
        int maxWords,
        double answerWords,
        int medianPosition,
        int lastPosition) {

    /**
     * Counts.
     *
     * @throws IllegalArgumentException if there are no questions
     */
    public static DocumentStatistics of(List<DocumentQuestion> questions) {
        if (questions.isEmpty()) {
            throw new IllegalArgumentException("questions must not be empty, got none");
        }
        Map<String, int[]> starts = new LinkedHashMap<>();
        questions.forEach(q -> starts.computeIfAbsent(q.text(), DocumentStatistics::wordStarts));
        int[] lengths = starts.values().stream().mapToInt(s -> s.length).sorted().toArray();
        int[] positions =
                questions.stream()
                        .mapToInt(q -> before(starts.get(q.text()), q.answer().start()))
                        .sorted()
                        .toArray();
        double words =
                questions.stream()
                        .mapToInt(q -> wordStarts(q.answerText()).length)
                        .average()
                        .orElseThrow();
        return new DocumentStatistics(
                lengths.length,
                positions.length,
                lengths[lengths.length / 2],
                lengths[lengths.length - 1],
                words,
                positions[positions.length / 2],
                positions[positions.length - 1]);
    }

    private static int before(int[] starts, int offset) {
        int found = Arrays.binarySearch(starts, offset);
        return found < 0 ? -found - 1 : found;
    }

    private static int[] wordStarts(String text) {
        int[] starts = new int[16];
        int count = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean letter = Character.isLetterOrDigit(text.charAt(i));
            if (letter && !inside) {
                starts = count == starts.length ? Arrays.copyOf(starts, 2 * count) : starts;
                starts[count++] = i;
            }
            inside = letter;
        }
        return Arrays.copyOf(starts, count);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d questions about %,d documents of %,d words (longest %,d); answers of %.1f"
                        + " words after %,d (last after %,d)",
                questions,
                documents,
                medianWords,
                maxWords,
                answerWords,
                medianPosition,
                lastPosition);
    }
}
