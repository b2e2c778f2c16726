package org.jzoo.examples.longqa;

import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.TuningCard;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;

/** The model card of a {@link SpanFineTune}, made from the run. */
final class SpanCard {

    private SpanCard() {}

    static ModelCard.Builder of(
            FineTuneConfig config, FreshJ3 fresh, SpanSplit data, FineTuned tuned) {
        ModelCard.Builder card =
                TuningCard.begin(
                        "J3 that answers questions about documents like those of %s with"
                                        .formatted(data.train().name())
                                + " the document's words and their place.",
                        fresh == null ? config.model() : null,
                        config,
                        tuned);
        add(card, data.train(), "train");
        add(card, data.validation(), "validation");
        add(card, data.test(), TuningCard.TEST);
        card.optSetting("tokens of an excerpt in training", config.maxLength());
        TuningCard.addSettings(card, config, tuned);
        TuningCard.addFigures(
                card, tuned, data.validation().questions().size(), data.test().questions().size());
        return card.optLimit("Measured on documents and questions like its training data only.")
                .optLimit("Answers with words of the document only.");
    }

    private static void add(ModelCard.Builder card, SpanPart part, String split) {
        if (!part.isEmpty()) {
            card.optData(new DataUse(part.name(), split, part.questions().size(), part.hash()));
        }
    }
}
