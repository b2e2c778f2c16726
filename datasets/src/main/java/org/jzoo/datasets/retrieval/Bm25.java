package org.jzoo.datasets.retrieval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Ranks passages by the words they share with a question: the sum over the question's different
 * words of {@code idf · f·(k1+1) / (f + k1·(1 − b + b·length/mean length))}, where f is how often
 * the word is in the passage and {@code idf = ln(1 + (N − n + 0.5)/(n + 0.5))} for a word in n of N
 * passages. Words are runs of letters and digits in small letters.
 *
 * @see <a href="https://doi.org/10.1561/1500000019">Robertson and Zaragoza 2009, The Probabilistic
 *     Relevance Framework: BM25 and Beyond</a>
 */
public final class Bm25 {

    private static final double K1 = 1.2;
    private static final double B = 0.75;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    private record Posting(int passage, int frequency) {}

    private final double k1;
    private final double b;
    private final int[] lengths;
    private final double meanLength;
    private final Map<String, List<Posting>> postings = new HashMap<>();

    /** Indexes passages with the usual k1 = 1.2 and b = 0.75. */
    public Bm25(List<String> passages) {
        this(passages, K1, B);
    }

    /**
     * Indexes passages.
     *
     * @param passages at least one
     * @param k1 how much a word's repetition counts, at least 0
     * @param b how much a passage's length counts, in [0, 1]
     */
    public Bm25(List<String> passages, double k1, double b) {
        if (passages.isEmpty() || !(k1 >= 0) || !(b >= 0 && b <= 1)) {
            throw new IllegalArgumentException(
                    "passages must not be empty, k1 >= 0 and b in [0, 1], got passages=%d, k1=%s, b=%s"
                            .formatted(passages.size(), k1, b));
        }
        this.k1 = k1;
        this.b = b;
        lengths = new int[passages.size()];
        for (int p = 0; p < lengths.length; p++) {
            Map<String, Integer> counts = new HashMap<>();
            List<String> words = words(passages.get(p));
            words.forEach(word -> counts.merge(word, 1, Integer::sum));
            lengths[p] = words.size();
            int passage = p;
            counts.forEach(
                    (word, count) ->
                            postings.computeIfAbsent(word, w -> new ArrayList<>())
                                    .add(new Posting(passage, count)));
        }
        meanLength = IntStream.of(lengths).average().orElseThrow();
    }

    private static List<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    /** The score of every passage, at least 0. */
    public double[] scores(String question) {
        double[] scores = new double[lengths.length];
        for (String word : new LinkedHashSet<>(words(question))) {
            List<Posting> found = postings.getOrDefault(word, List.of());
            double idf = Math.log(1 + (lengths.length - found.size() + 0.5) / (found.size() + 0.5));
            for (Posting posting : found) {
                int f = posting.frequency();
                double length = lengths[posting.passage()] / meanLength;
                scores[posting.passage()] += idf * f * (k1 + 1) / (f + k1 * (1 - b + b * length));
            }
        }
        return scores;
    }

    /**
     * The indices of the best passages, best first, of equal ones the earlier first; passages
     * without a word of the question are left out.
     *
     * @param most at least 1
     */
    public List<Integer> best(String question, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("most must be >= 1, got most=" + most);
        }
        double[] scores = scores(question);
        return IntStream.range(0, scores.length)
                .filter(p -> scores[p] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer p) -> -scores[p]))
                .limit(most)
                .toList();
    }
}
