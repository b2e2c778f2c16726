package org.jzoo.examples.language;

import java.nio.file.Path;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.RunCommit;
import org.jzoo.examples.longqa.FreshJ3;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;

/** The model card of a {@link LanguageFineTune}, made from the run. */
final class LanguageCard {

    private static final String TEST = "test";

    private LanguageCard() {}

    static ModelCard.Builder of(
            FineTuneConfig config, FreshJ3 fresh, LanguageData data, FineTuned tuned) {
        ModelCard.Builder card =
                ModelCard.of(tuned.model())
                        .optSummary(
                                "Continues texts like those of %s, token by token."
                                        .formatted(data.train().name()))
                        .optSeed(config.seed())
                        .optCommit(RunCommit.current());
        if (fresh == null) {
            card.optBaseModel(Path.of(config.model()).getFileName().toString());
        }
        boolean apart = !data.isSplit();
        add(card, data.train(), apart ? "train" : "train, without the documents' last tenths");
        add(card, data.validation(), apart ? "validation" : "validation, the last tenths");
        add(card, data.test(), TEST);
        card.optSetting("what learned", config.tuning())
                .optSetting("parameters", tuned.parameters())
                .optSetting("text", tuned.truncation())
                .optSetting("epochs", config.epochs())
                .optSetting("optimizer steps", tuned.training().step())
                .optSetting("batch size", config.batchSize() * config.accumulation())
                .optSetting("learning rate", config.learningRate())
                .optSetting("weight decay", config.weightDecay())
                .optSetting("warm-up share", config.warmupShare())
                .optSetting("precision", config.precision())
                .optSetting("device", config.device())
                .optSetting("training time", tuned.time(config.device()));
        long watched = data.validation().documents().size();
        tuned.training()
                .bestMetrics()
                .forEach((name, value) -> card.optMetric(name, "validation", value, watched));
        long asked = data.test().documents().size();
        tuned.test().forEach((name, value) -> card.optMetric(name, TEST, value, asked));
        if (tuned.test().isEmpty()) {
            card.optLimit(
                    "No test data: validation figures flatter, as the best model was chosen by"
                            + " them.");
        }
        return card.optLimit(
                        "Figures are of windows of %d tokens, each read without what is before it,"
                                        .formatted(config.maxLength())
                                + " and of texts like its training text only.")
                .optLimit("Writes what is likely after its training text, true or not.");
    }

    private static void add(ModelCard.Builder card, LanguageText text, String split) {
        if (!text.isEmpty()) {
            card.optData(new DataUse(text.name(), split, text.documents().size(), text.hash()));
        }
    }
}
