package org.jzoo.examples.technique;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jzoo.examples.finetune.Regularization;

/** What can be added to plain fine-tuning. */
public enum Technique {
    /** A tenth of each label is spread over all labels. */
    SMOOTHING {
        @Override
        Regularization into(Regularization r) {
            return r.withSmoothing(0.1);
        }
    },
    /** The model is an exponential average of the weights on the way. */
    AVERAGING {
        @Override
        Regularization into(Regularization r) {
            return r.withAveraging(0.999);
        }
    },
    /** Two dropouts of a text must agree (R-Drop). */
    AGREEMENT {
        @Override
        Regularization into(Regularization r) {
            return r.withAgreement(1);
        }
    },
    /** Word embeddings are moved against the model. */
    PERTURBATION {
        @Override
        Regularization into(Regularization r) {
            return r.withPerturbation(1);
        }
    },
    /** Rates fall by a tenth from layer to layer, from the head down. */
    DECAY,
    /** The model is tuned on whole film reviews first (IMDB), then on the task. */
    REVIEWS,
    /** A tuned bge-small teaches, which learned from the same texts. */
    TAUGHT,
    /** It teaches on sentences of film reviews too, whose labels nobody sees. */
    SENTENCES;

    /** The same with this. */
    Regularization into(Regularization r) {
        return r;
    }

    /** How it is written. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads techniques that are used together, such as "reviews+averaging"; "plain" for none.
     *
     * @throws IllegalArgumentException if a word is none of them, or sentences have no teacher
     */
    public static Set<Technique> read(String words) {
        Set<Technique> found = EnumSet.noneOf(Technique.class);
        if (words.equals("plain")) {
            return found;
        }
        for (String word : words.split("\\+", -1)) {
            found.add(named(word));
        }
        if (found.contains(SENTENCES) && !found.contains(TAUGHT)) {
            throw new IllegalArgumentException(
                    "sentences must come with taught, got techniques=" + words);
        }
        return found;
    }

    private static Technique named(String word) {
        for (Technique technique : values()) {
            if (technique.word().equals(word)) {
                return technique;
            }
        }
        throw new IllegalArgumentException(
                "technique must be plain or %s, got technique=%s"
                        .formatted(
                                EnumSet.allOf(Technique.class).stream()
                                        .map(Technique::word)
                                        .collect(Collectors.joining(", ")),
                                word));
    }

    /** How techniques are written together, in the order above. */
    public static String write(Set<Technique> techniques) {
        return techniques.isEmpty()
                ? "plain"
                : techniques.stream()
                        .sorted()
                        .map(Technique::word)
                        .collect(Collectors.joining("+"));
    }
}
