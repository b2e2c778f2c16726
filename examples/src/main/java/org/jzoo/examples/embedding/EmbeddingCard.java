package org.jzoo.examples.embedding;

import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.TuningCard;
import org.jzoo.examples.longqa.FreshJ3;
import org.jzoo.zoo.card.ModelCard;

/** The model card of an {@link EmbeddingFineTune}, made from the run. */
final class EmbeddingCard {

    private EmbeddingCard() {}

    static ModelCard.Builder of(
            FineTuneConfig config, FreshJ3 fresh, EmbeddingData data, FineTuned tuned) {
        ModelCard.Builder card =
                TuningCard.begin(
                        "J3 that makes vectors of documents of any length like those of %s."
                                .formatted(data.train().name()),
                        fresh == null ? config.model() : null,
                        config,
                        tuned);
        boolean apart = !data.isSplit();
        data.train().into(card, apart ? "train" : "train, without a tenth of the documents");
        data.validation().into(card, apart ? "validation" : "validation, that tenth");
        data.test().into(card, TuningCard.TEST);
        card.optSetting("tokens of a part in training", config.maxLength());
        TuningCard.addSettings(card, config, tuned);
        TuningCard.addFigures(
                card, tuned, data.validation().documents().size(), data.test().documents().size());
        return card.optLimit(
                        "Figures say how often half a document finds its other half among those of"
                                + " so many documents: the more there are, the harder.")
                .optLimit("Alike means: might be of one document. No labels were seen.");
    }
}
