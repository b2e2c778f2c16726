package org.jzoo.examples.language;

import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.TuningCard;
import org.jzoo.examples.longqa.FreshJ3;
import org.jzoo.zoo.card.ModelCard;

/** The model card of a {@link LanguageFineTune}, made from the run. */
final class LanguageCard {

    private LanguageCard() {}

    static ModelCard.Builder of(
            FineTuneConfig config, FreshJ3 fresh, LanguageData data, FineTuned tuned) {
        ModelCard.Builder card =
                TuningCard.begin(
                        "Continues texts like those of %s, token by token."
                                .formatted(data.train().name()),
                        fresh == null ? config.model() : null,
                        config,
                        tuned);
        boolean apart = !data.isSplit();
        data.train().into(card, apart ? "train" : "train, without the documents' last tenths");
        data.validation().into(card, apart ? "validation" : "validation, the last tenths");
        data.test().into(card, TuningCard.TEST);
        card.optSetting("text", tuned.truncation());
        TuningCard.addSettings(card, config, tuned);
        TuningCard.addFigures(
                card, tuned, data.validation().documents().size(), data.test().documents().size());
        return card.optLimit(
                        "Figures are of windows of %d tokens, each read without what is before it,"
                                        .formatted(config.maxLength())
                                + " and of texts like its training text only.")
                .optLimit("Writes what is likely after its training text, true or not.");
    }
}
