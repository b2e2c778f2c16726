package org.jzoo.examples.longqa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.datasets.document.DocumentQuestion;
import org.jzoo.datasets.retrieval.Bm25;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * Answers questions by finding a line of the form {@code heading: text}: BM25 proposes the best
 * ones, a sentence encoder takes the one closest to the question, {@link LineRule} reads the answer
 * off it. Nothing is trained.
 */
public final class RetrievalAnswers {

    private static final int PROPOSED = 20;

    private final LoadedModel encoder;

    /**
     * Takes the encoder.
     *
     * @param encoder of sentences, left open; null to take BM25's first line
     */
    public RetrievalAnswers(LoadedModel encoder) {
        this.encoder = encoder;
    }

    /**
     * The answers in the order of the questions; empty where no line has a word of the question.
     */
    public List<String> answers(List<DocumentQuestion> questions) {
        Map<String, List<DocumentQuestion>> byText = new HashMap<>();
        questions.forEach(q -> byText.computeIfAbsent(q.text(), t -> new ArrayList<>()).add(q));
        Map<DocumentQuestion, String> answers = new HashMap<>();
        byText.forEach((text, asked) -> answer(text, asked, answers));
        return questions.stream().map(answers::get).toList();
    }

    private void answer(
            String text, List<DocumentQuestion> questions, Map<DocumentQuestion, String> answers) {
        List<String> lines = text.lines().filter(line -> line.contains(": ")).toList();
        if (lines.isEmpty()) {
            questions.forEach(question -> answers.put(question, ""));
            return;
        }
        Bm25 index = new Bm25(lines);
        float[][] vectors = encoder == null ? null : encoder.embed(lines);
        for (DocumentQuestion question : questions) {
            List<Integer> proposed = index.best(question.question(), PROPOSED);
            String line = "";
            if (!proposed.isEmpty()) {
                line =
                        lines.get(
                                encoder == null
                                        ? proposed.get(0)
                                        : closest(question, proposed, vectors));
            }
            answers.put(question, LineRule.answer(line));
        }
    }

    private int closest(DocumentQuestion question, List<Integer> proposed, float[][] vectors) {
        float[] wanted = encoder.embed(question.question());
        int best = proposed.get(0);
        double nearest = Double.NEGATIVE_INFINITY;
        for (int line : proposed) {
            double product = 0;
            for (int d = 0; d < wanted.length; d++) {
                product += (double) wanted[d] * vectors[line][d];
            }
            if (product > nearest) {
                nearest = product;
                best = line;
            }
        }
        return best;
    }
}
