package org.jzoo.datasets.vision;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The baseline that never looks at a picture: to each question the answer that it had most often in
 * training, or, to a question that training lacks, the answer that was most frequent overall.
 * Questions are told apart by their code.
 */
public final class MajorityAnswer {

    private final Map<List<Long>, int[]> byQuestion = new HashMap<>();
    private final int[] overall;

    /** Counts the answers of training scenes. */
    public MajorityAnswer(Iterable<Scene> training, int numAnswers) {
        overall = new int[numAnswers];
        for (Scene scene : training) {
            for (VisualQuestion question : scene.questions()) {
                byQuestion
                        .computeIfAbsent(key(question), k -> new int[numAnswers])[
                        question.answer()]++;
                overall[question.answer()]++;
            }
        }
    }

    private static List<Long> key(VisualQuestion question) {
        return Arrays.stream(question.code()).boxed().toList();
    }

    /** The index of the answer; of several that are equally frequent the first. */
    public int answer(VisualQuestion question) {
        int[] counts = byQuestion.getOrDefault(key(question), overall);
        int best = 0;
        for (int i = 1; i < counts.length; i++) {
            best = counts[i] > counts[best] ? i : best;
        }
        return best;
    }

    /** The share of correct answers among the questions that satisfy {@code which}, NaN if none. */
    public double accuracy(Iterable<Scene> scenes, Predicate<VisualQuestion> which) {
        int asked = 0;
        int correct = 0;
        for (Scene scene : scenes) {
            for (VisualQuestion question : scene.questions()) {
                if (which.test(question)) {
                    asked++;
                    correct += answer(question) == question.answer() ? 1 : 0;
                }
            }
        }
        return asked == 0 ? Double.NaN : (double) correct / asked;
    }
}
