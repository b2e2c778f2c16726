package org.jzoo.examples.finetune;

import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.j1.FreshJ1;

/** The model card of a {@link QuestionFineTune}, made from the run. */
final class QuestionCard {

    private static final String TEST = "test";

    private QuestionCard() {}

    static ModelCard.Builder of(
            FineTuneConfig config, FreshJ1 fresh, QuestionData data, FineTuned tuned) {
        ModelCard.Builder card =
                ModelCard.of(tuned.model())
                        .optSummary(
                                "J1 that answers questions about pictures like those of %s."
                                        .formatted(data.train().name()))
                        .optSeed(config.seed())
                        .optCommit(RunCommit.current());
        if (fresh == null) {
            card.optBaseModel(RunCard.fileName(config.model()));
        } else if (fresh.text() != null) {
            card.optBaseModel(RunCard.fileName(fresh.text()) + " (text encoder)");
        }
        add(card, data.train(), "train", data);
        add(card, data.validation(), "validation", data);
        add(card, data.test(), TEST, data);
        card.optSetting("what learned", config.tuning())
                .optSetting("parameters", tuned.parameters())
                .optSetting("pictures learned from", data.train().pictures())
                .optSetting("epochs", config.epochs())
                .optSetting("optimizer steps", tuned.training().step())
                .optSetting("batch size", config.batchSize() * config.accumulation())
                .optSetting("learning rate", config.learningRate())
                .optSetting("weight decay", config.weightDecay())
                .optSetting("warm-up share", config.warmupShare())
                .optSetting("precision", config.precision())
                .optSetting("device", config.device())
                .optSetting("training time", tuned.time(config.device()));
        if (data.validation() != null) {
            long examples = data.validation().rows().size();
            tuned.training()
                    .bestMetrics()
                    .forEach((name, value) -> card.optMetric(name, "validation", value, examples));
        }
        if (!tuned.test().isEmpty()) {
            long examples = data.test().rows().size();
            tuned.test().forEach((name, value) -> card.optMetric(name, TEST, value, examples));
        } else {
            card.optLimit(
                    "No test data: validation figures flatter, as the best model was chosen by"
                            + " them.");
        }
        return card.optLimit("Measured on pictures and questions like its training data only.")
                .optLimit("Always answers with one of its answers, whatever it is asked.")
                .optLimit("In training, %s.".formatted(tuned.truncation()));
    }

    private static void add(
            ModelCard.Builder card, QuestionData.Part part, String split, QuestionData data) {
        if (part != null) {
            boolean same = part.file().equals(data.train().file());
            card.optData(
                    new DataUse(
                            part.name(),
                            split,
                            part.rows().size(),
                            same ? data.hash() : RunCard.hash(part.file().toString())));
        }
    }
}
