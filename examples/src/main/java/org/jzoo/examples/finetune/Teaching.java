package org.jzoo.examples.finetune;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jzoo.blocks.kernel.Precision;
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

    /** Validates. */
    public Teaching {
        Objects.requireNonNull(teacher, "teacher");
        internals = List.copyOf(internals);
    }

    /** The loss of a student whose own is that of the labels. */
    public Loss loss(Loss own) {
        Distillation outputs = new Distillation(own, labelShare, temperature);
        return internals.isEmpty() ? outputs : new InternalDistillation(outputs, internals);
    }

    /** Tells a card how its model was taught. */
    void into(ModelCard.Builder card) {
        card.optSetting("share of the labels in the loss", labelShare)
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
