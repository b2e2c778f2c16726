package org.jzoo.examples.finetune;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.text.TextEncoding;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.training.compression.distillation.Distillation;
import org.jzoo.training.compression.distillation.InternalDistillation;
import org.jzoo.training.compression.distillation.InternalTerm;
import org.jzoo.training.compression.distillation.KnownAnswers;
import org.jzoo.training.compression.distillation.TaughtBatches;
import org.jzoo.training.compression.distillation.TaughtInternals;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loss.Loss;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TextTokenizer;

/**
 * What a student learns from another model.
 *
 * @param teacher with the student's inputs and outputs; stays open
 * @param labelShare of the labels in the loss, against what the teacher says, in [0, 1]
 * @param temperature of both models' answers, above 0
 * @param internals which of the teacher's internals the student's are compared with, possibly none;
 *     with them the teacher is asked anew about every batch
 */
public record Teaching(
        LoadedModel teacher, double labelShare, double temperature, List<InternalTerm> internals) {

    private static final int TRIED_TEXTS = 1000;

    /** Validates. */
    public Teaching {
        Objects.requireNonNull(teacher, "teacher");
        internals = List.copyOf(internals);
    }

    /** Makes sure that the teacher answers as one who learns from these data is to. */
    void requireTask(TextData data) {
        String wanted = answers(data.labels() == null ? null : data.labels().names(), data.pair());
        Task task = teacher.config().task();
        String got = task.toString();
        if (task instanceof ClassificationTask classes) {
            got = answers(classes.labels(), classes.pair());
        } else if (task instanceof RegressionTask numbers) {
            got = answers(null, numbers.pair());
        }
        if (!got.equals(wanted)) {
            throw new IllegalArgumentException(
                    "teacher must give %s, got %s, which gives %s; tune it to the student's labels first"
                            .formatted(wanted, teacher.name(), got));
        }
    }

    private static String answers(List<String> labels, boolean pair) {
        return "%s to %s"
                .formatted(
                        labels == null ? "numbers" : "the labels " + labels,
                        pair ? "pairs of texts" : "texts");
    }

    /**
     * Makes sure that the teacher cuts texts into the student's tokens.
     *
     * @param texts of which the first are tried
     * @param student its tokens
     * @param maxLength of a text, in tokens
     */
    void requireTokens(TextSource texts, TextEncoding student, int maxLength) {
        try (TextTokenizer own = FineTune.tokenizer(teacher, maxLength);
                Stream<TextExample> tried = texts.first(TRIED_TEXTS).stream()) {
            tried.forEach(
                    e -> {
                        long[] wanted = student.encode(e.text(), e.pair()).ids();
                        if (!Arrays.equals(wanted, own.encode(e.text(), e.pair()).ids())) {
                            throw new IllegalArgumentException(
                                    "teacher must cut texts into the student's tokens, got %s, which"
                                                    .formatted(teacher.name())
                                            + " cuts row %d otherwise; choose models with the same"
                                                    .formatted(e.row())
                                            + " tokenizer.json");
                        }
                    });
        }
    }

    /** The loss of a student whose own is that of the labels. */
    public Loss loss(Loss own) {
        Distillation outputs = new Distillation(own, labelShare, temperature);
        return internals.isEmpty() ? outputs : new InternalDistillation(outputs, internals);
    }

    /** Tells a card how its model was taught. */
    void into(ModelCard.Builder card) {
        card.optSetting("taught by", RunCard.fileName(teacher.name()))
                .optSetting("share of the labels in the loss", labelShare)
                .optSetting("temperature", temperature);
        if (!internals.isEmpty()) {
            card.optSetting(
                    "what it follows inside the teacher",
                    internals.stream()
                            .map(term -> term.kind().name().toLowerCase(Locale.ROOT))
                            .distinct()
                            .collect(Collectors.joining(", ")));
        }
    }

    /** Batches with what the teacher says of them. */
    public Batches over(Batches batches, Precision precision) {
        return over(batches, precision, new KnownAnswers());
    }

    /**
     * The same, of which the teacher has seen rows.
     *
     * @param known what it said of them; ignored where internals are wanted
     */
    public Batches over(Batches batches, Precision precision, KnownAnswers known) {
        return internals.isEmpty()
                ? new TaughtBatches(batches, teacher.block(), precision, known)
                : new TaughtInternals(batches, teacher.block(), internals, precision);
    }
}
