package org.jzoo.examples.retrieval;

import org.jzoo.examples.finetune.RunCommit;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;

/** The model card of a {@link RetrievalRun}, made from the run. */
final class RetrievalCard {

    private RetrievalCard() {}

    static String of(LoadedModel model, RetrievalConfig config, RetrievalRun.Figures figures) {
        ModelCard.Builder card =
                ModelCard.of(model)
                        .optSummary(
                                "J1's two encoders in one space: texts find pictures and pictures"
                                        + " find texts.")
                        .optSeed(config.seed())
                        .optCommit(RunCommit.current())
                        .optLicence("Apache-2.0")
                        .optData(new DataUse(figures.trained(), "train", figures.pairs(), ""))
                        .optSetting("epochs", config.epochs())
                        .optSetting("pairs of a batch", config.batchSize())
                        .optSetting("learning rate", config.learningRate())
                        .optSetting("precision", figures.precision())
                        .optSetting("device", figures.device())
                        .optSetting("training time", "%.0f s".formatted(figures.seconds()));
        for (RetrievalRun.Found test : figures.tests()) {
            for (int k = 0; k < Recall.FIRST.size(); k++) {
                String first = " among the first " + Recall.FIRST.get(k);
                card.optMetric(
                        "picture" + first, test.test(), test.byText().get(k), test.candidates());
                card.optMetric(
                        "text" + first, test.test(), test.byPicture().get(k), test.candidates());
            }
        }
        return card.optLimit(
                        "Knows drawings like its training pictures and the words of its texts.")
                .build()
                .toMarkdown();
    }
}
