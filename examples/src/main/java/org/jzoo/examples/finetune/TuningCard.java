package org.jzoo.examples.finetune;

import org.jzoo.zoo.card.ModelCard;

/** What the model cards of all fine-tunings tell, made from the run. */
public final class TuningCard {

    /** What judges a model once. */
    public static final String TEST = "test";

    private static final String VALIDATION = "validation";

    private TuningCard() {}

    /**
     * Begins a card.
     *
     * @param summary what the model does
     * @param base what it was before, by name or folder; null for fresh weights
     */
    public static ModelCard.Builder begin(
            String summary, String base, FineTuneConfig config, FineTuned tuned) {
        ModelCard.Builder card =
                ModelCard.of(tuned.model())
                        .optSummary(summary)
                        .optSeed(config.seed())
                        .optCommit(RunCommit.current());
        if (base != null) {
            card.optBaseModel(RunCard.fileName(base));
        }
        return card;
    }

    /** How it learned, how long and where. */
    public static void addSettings(ModelCard.Builder card, FineTuneConfig config, FineTuned tuned) {
        card.optSetting("what learned", config.tuning())
                .optSetting("parameters", tuned.parameters())
                .optSetting("epochs", config.epochs())
                .optSetting("optimizer steps", tuned.training().step())
                .optSetting("batch size", config.batchSize() * config.accumulation())
                .optSetting("learning rate", config.learningRate())
                .optSetting("its factor from layer to layer", config.layerDecay())
                .optSetting("weight decay", config.weightDecay())
                .optSetting("warm-up share", config.warmupShare());
        if (!config.regularization().equals(Regularization.NONE)) {
            card.optSetting("against learning by heart", config.regularization());
        }
        card.optSetting("precision", config.precision())
                .optSetting("device", config.device())
                .optSetting("training time", tuned.time(config.device()));
    }

    /**
     * What it is worth.
     *
     * @param watched examples of the validation data; 0 without any
     * @param asked examples of the test data; 0 without any
     */
    public static void addFigures(
            ModelCard.Builder card, FineTuned tuned, long watched, long asked) {
        if (watched > 0) {
            tuned.training()
                    .bestMetrics()
                    .forEach((name, value) -> card.optMetric(name, VALIDATION, value, watched));
        }
        tuned.test().forEach((name, value) -> card.optMetric(name, TEST, value, asked));
        if (tuned.test().isEmpty()) {
            card.optLimit(
                    "No test data: validation figures flatter, as the best model was chosen by"
                            + " them.");
        }
    }
}
