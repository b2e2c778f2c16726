package org.jzoo.examples.tagging;

import org.jzoo.datasets.label.LabelledTexts;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.TuningCard;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.registry.Pretrained;

/** The model card of a {@link TagFineTune}, made from the run. */
final class TagCard {

    private TagCard() {}

    static ModelCard.Builder of(
            FineTuneConfig config, String base, TagSplit data, FineTuned tuned) {
        boolean documents = tuned.model().block() instanceof J3Model;
        ModelCard.Builder card =
                TuningCard.begin(
                        "%s that labels stretches (%s) of %s like those of %s."
                                .formatted(
                                        documents ? "J3" : "Encoder",
                                        String.join(", ", data.labels()),
                                        documents ? "documents of any length" : "texts",
                                        data.train().name()),
                        base,
                        config,
                        tuned);
        if (base != null) {
            Pretrained.of(base).map(Pretrained::licence).ifPresent(card::optLicence);
        }
        add(card, data.train(), "train");
        add(card, data.validation(), "validation");
        add(card, data.test(), TuningCard.TEST);
        card.optSetting("tokens of an excerpt in training", config.maxLength());
        TuningCard.addSettings(card, config, tuned);
        TuningCard.addFigures(
                card, tuned, data.validation().texts().size(), data.test().texts().size());
        card.optLimit("Measured on texts like its training data only.")
                .optLimit("A word has one label: stretches begin and end with words.");
        return documents
                ? card
                : card.optLimit(
                        "jzoo predict reads the first %d tokens of a text; its figures are of whole texts, read in windows of %d tokens."
                                .formatted(
                                        tuned.model().config().textModel().maxLength(),
                                        config.maxLength()));
    }

    private static void add(ModelCard.Builder card, LabelledTexts part, String split) {
        if (!part.isEmpty()) {
            card.optData(new DataUse(part.name(), split, part.texts().size(), part.hash()));
        }
    }
}
