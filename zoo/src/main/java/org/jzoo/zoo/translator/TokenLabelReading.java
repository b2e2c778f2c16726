package org.jzoo.zoo.translator;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.zoo.text.TokenizedText;
import org.jzoo.zoo.translator.Query.Tokenized;

/**
 * Logits (B, T, labels) to labelled stretches.
 *
 * <p>A word has the label of its first token, on which models of this kind are trained. If labels
 * begin with "B-" or "I-", neighbouring words of one label become one stretch, a new one at each
 * "B-". Words labelled "O" are left out. Of a pair only the first text is read.
 */
record TokenLabelReading(List<String> labels) implements Reading<TokenLabel[]> {

    private static final String OUTSIDE = "O";
    private static final String BEGIN = "B-";
    private static final String INSIDE = "I-";

    /** A word with the label of its first token. */
    private record Word(int start, int end, int label, double score) {

        Word until(int newEnd) {
            return new Word(start, newEnd, label, score);
        }
    }

    @Override
    public void check(Tokenized query) {
        if (query.query().second() != null) {
            throw new IllegalArgumentException(
                    "token labels must be asked of a single text, got a pair");
        }
    }

    @Override
    public List<TokenLabel[]> read(List<Tokenized> queries, NDArray output) {
        int row = Math.toIntExact(output.size(1)) * labels.size();
        float[] logits = output.toFloatArray();
        List<TokenLabel[]> all = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            all.add(merge(queries.get(i).query().first(), words(queries.get(i), logits, i * row)));
        }
        return all;
    }

    private List<Word> words(Tokenized query, float[] logits, int offset) {
        String text = query.query().first();
        TokenizedText tokens = query.tokens();
        List<Word> words = new ArrayList<>();
        CharacterIndex index = new CharacterIndex(text);
        for (int t = 0; t < tokens.ids().length; t++) {
            if (tokens.starts()[t] < 0 || tokens.ends()[t] <= tokens.starts()[t]) {
                continue;
            }
            int start = index.of(tokens.starts()[t]);
            int end = index.of(tokens.ends()[t]);
            Word last = words.isEmpty() ? null : words.get(words.size() - 1);
            if (last != null && continues(text, last, start)) {
                words.set(words.size() - 1, last.until(Math.max(last.end(), end)));
                continue;
            }
            int from = offset + t * labels.size();
            double[] p = Reading.softmax(logits, from, from + labels.size());
            int best = 0;
            for (int l = 1; l < p.length; l++) {
                best = p[l] > p[best] ? l : best;
            }
            words.add(new Word(start, end, best, p[best]));
        }
        return words;
    }

    // The bytes of one character may be several tokens; otherwise a word is letters and digits.
    private static boolean continues(String text, Word last, int start) {
        return start < last.end()
                || (start == last.end()
                        && inWord(text.codePointBefore(start))
                        && inWord(text.codePointAt(start)));
    }

    private static boolean inWord(int character) {
        return (Character.isLetterOrDigit(character) && !Character.isIdeographic(character))
                || Character.getType(character) == Character.NON_SPACING_MARK;
    }

    private TokenLabel[] merge(String text, List<Word> words) {
        boolean marked = labels.stream().anyMatch(l -> l.startsWith(BEGIN) || l.startsWith(INSIDE));
        List<TokenLabel> merged = new ArrayList<>();
        int first = 0;
        while (first < words.size()) {
            String label = plain(words.get(first));
            int next = first + 1;
            while (marked
                    && next < words.size()
                    && plain(words.get(next)).equals(label)
                    && !labels.get(words.get(next).label()).startsWith(BEGIN)) {
                next++;
            }
            if (!label.equals(OUTSIDE)) {
                int start = words.get(first).start();
                int end = words.get(next - 1).end();
                double score =
                        words.subList(first, next).stream()
                                .mapToDouble(Word::score)
                                .average()
                                .orElseThrow();
                merged.add(
                        new TokenLabel(
                                text.substring(start, end), label, (float) score, start, end));
            }
            first = next;
        }
        return merged.toArray(new TokenLabel[0]);
    }

    private String plain(Word word) {
        String label = labels.get(word.label());
        return label.startsWith(BEGIN) || label.startsWith(INSIDE) ? label.substring(2) : label;
    }
}
