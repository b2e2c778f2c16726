package org.jzoo.examples.longqa;

import java.nio.file.Path;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.RunCommit;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;

/** The model card of a {@link SpanFineTune}, made from the run. */
final class SpanCard {

    private static final String TEST = "test";

    private SpanCard() {}

    static ModelCard.Builder of(
            FineTuneConfig config, FreshJ3 fresh, SpanSplit data, FineTuned tuned) {
        ModelCard.Builder card =
                ModelCard.of(tuned.model())
                        .optSummary(
                                "J3 that answers questions about documents like those of %s with"
                                                .formatted(data.train().name())
                                        + " the document's words and their place.")
                        .optSeed(config.seed())
                        .optCommit(RunCommit.current());
        if (fresh == null) {
            Path base = Path.of(config.model()).getFileName();
            card.optBaseModel(base.toString());
        }
        add(card, data.train(), "train");
        add(card, data.validation(), "validation");
        add(card, data.test(), TEST);
        card.optSetting("what learned", config.tuning())
                .optSetting("parameters", tuned.parameters())
                .optSetting("epochs", config.epochs())
                .optSetting("optimizer steps", tuned.training().step())
                .optSetting("batch size", config.batchSize() * config.accumulation())
                .optSetting("tokens of an excerpt in training", config.maxLength())
                .optSetting("learning rate", config.learningRate())
                .optSetting("weight decay", config.weightDecay())
                .optSetting("precision", config.precision())
                .optSetting("device", config.device())
                .optSetting("training time", tuned.time(config.device()));
        long watched = data.validation().questions().size();
        if (watched > 0) {
            tuned.training()
                    .bestMetrics()
                    .forEach((name, value) -> card.optMetric(name, "validation", value, watched));
        }
        long asked = data.test().questions().size();
        tuned.test().forEach((name, value) -> card.optMetric(name, TEST, value, asked));
        if (tuned.test().isEmpty()) {
            card.optLimit(
                    "No test data: validation figures flatter, as the best model was chosen by"
                            + " them.");
        }
        return card.optLimit("Measured on documents and questions like its training data only.")
                .optLimit("Answers with words of the document only.");
    }

    private static void add(ModelCard.Builder card, SpanPart part, String split) {
        if (!part.isEmpty()) {
            card.optData(new DataUse(part.name(), split, part.questions().size(), part.hash()));
        }
    }
}
