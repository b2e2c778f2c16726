package org.jzoo.training.compression.distillation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One comparison of a student's layer with a teacher's.
 *
 * @param kind what is compared
 * @param studentLayer the student's index, from 0
 * @param teacherLayer the teacher's index, from 0
 * @param heads relation heads, at least 1; only relations read it
 * @param weight in the loss, above 0
 */
public record InternalTerm(
        InternalKind kind, int studentLayer, int teacherLayer, int heads, double weight) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public InternalTerm {
        Objects.requireNonNull(kind, "kind");
        if (studentLayer < 0 || teacherLayer < 0 || heads < 1 || !(weight > 0)) {
            throw new IllegalArgumentException(
                    "layers must be >= 0, heads >= 1 and weight > 0, got studentLayer=%d, teacherLayer=%d, heads=%d, weight=%s"
                            .formatted(studentLayer, teacherLayer, heads, weight));
        }
    }

    /** A comparison of hidden states. */
    public static InternalTerm hidden(int student, int teacher, double weight) {
        return new InternalTerm(InternalKind.HIDDEN, student, teacher, 1, weight);
    }

    /**
     * Hidden states of all layers: what enters the first ones is compared, and student layer l with
     * what the teacher hands to its layer {@code kept[l + 1]}, the last with its last.
     *
     * @param kept the teacher's layers that the student began as, ascending
     * @param teacherLayers how many the teacher has
     * @param weight of all together
     */
    public static List<InternalTerm> hidden(List<Integer> kept, int teacherLayers, double weight) {
        return along(InternalKind.HIDDEN, kept, teacherLayers, weight);
    }

    /** As {@link #hidden(List, int, double)}, by {@link InternalKind#HIDDEN_SHARE}. */
    public static List<InternalTerm> hiddenShare(
            List<Integer> kept, int teacherLayers, double weight) {
        return along(InternalKind.HIDDEN_SHARE, kept, teacherLayers, weight);
    }

    private static List<InternalTerm> along(
            InternalKind kind, List<Integer> kept, int teacherLayers, double weight) {
        List<InternalTerm> terms = new ArrayList<>();
        double each = weight / (kept.size() + 1);
        terms.add(new InternalTerm(kind, 0, 0, 1, each));
        for (int l = 1; l <= kept.size(); l++) {
            int taught = l < kept.size() ? kept.get(l) : teacherLayers;
            terms.add(new InternalTerm(kind, l, taught, 1, each));
        }
        return terms;
    }
}
