package org.jzoo.examples.recipe;

import java.nio.file.Path;
import java.util.Map;
import org.jzoo.datasets.vision.Scene;
import org.jzoo.datasets.vision.SortOfClevr;
import org.jzoo.training.report.SourceCommit;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;

/** The model card of a {@link VqaRun}, made from the run. */
final class VqaCard {

    private static final String DATA = "Sort-of-CLEVR in words";
    private static final int TEST_QUESTIONS = 4_000;

    private VqaCard() {}

    static String of(LoadedModel model, VqaConfig config, VqaRun.Figures figures) {
        ModelCard.Builder card =
                ModelCard.of(model)
                        .optSummary(
                                "J1 (%s) that answers questions in words about six coloured shapes."
                                        .formatted(config.variant().label()))
                        .optSeed(config.seed())
                        .optCommit(SourceCommit.of(Path.of("").toAbsolutePath()))
                        .optLicence("Apache-2.0")
                        .optData(
                                new DataUse(
                                        DATA,
                                        "train",
                                        20L * config.pictures(),
                                        Scene.sha256(
                                                SortOfClevr.train(config.seed())
                                                        .subList(0, config.pictures()))))
                        .optData(
                                new DataUse(
                                        DATA,
                                        "test",
                                        2L * TEST_QUESTIONS,
                                        Scene.sha256(SortOfClevr.test(config.seed()))))
                        .optSetting("epochs", config.epochs())
                        .optSetting(
                                "pictures of a batch, 20 questions each", config.batchPictures())
                        .optSetting("learning rate", config.learningRate())
                        .optSetting("weight decay", config.weightDecay())
                        .optSetting("precision", figures.precision())
                        .optSetting("device", figures.device())
                        .optSetting("training time", "%.0f s".formatted(figures.seconds()));
        for (Map.Entry<String, Double> metric : figures.metrics().entrySet()) {
            if (!metric.getValue().isNaN()) {
                card.optMetric(metric.getKey(), "test", metric.getValue(), TEST_QUESTIONS);
            }
        }
        return card.optLimit(
                        "Knows drawings like its training pictures and the words of its questions"
                                + " only.")
                .optLimit("Always answers with one of its answers, whatever it is asked.")
                .build()
                .toMarkdown();
    }
}
