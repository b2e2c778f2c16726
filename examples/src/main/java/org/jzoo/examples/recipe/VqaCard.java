package org.jzoo.examples.recipe;

import java.util.List;
import java.util.Map;
import org.jzoo.datasets.vision.Scene;
import org.jzoo.examples.finetune.RunCommit;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;

/** The model card of a {@link VqaRun}, made from the run. */
final class VqaCard {

    private VqaCard() {}

    static String of(LoadedModel model, VqaConfig config, VqaRun.Figures figures) {
        VqaData data = config.data();
        List<Scene> train = data.train(config.pictures(), config.seed());
        List<Scene> test = data.test(config.seed());
        long asked = test.stream().mapToLong(scene -> scene.questions().size()).sum();
        ModelCard.Builder card =
                ModelCard.of(model)
                        .optSummary(
                                "J1 (%s) that answers questions in words about %s."
                                        .formatted(config.variant().label(), data.subject()))
                        .optSeed(config.seed())
                        .optCommit(RunCommit.current())
                        .optLicence("Apache-2.0")
                        .optData(
                                new DataUse(
                                        data.title(),
                                        "train",
                                        train.stream()
                                                .mapToLong(scene -> scene.questions().size())
                                                .sum(),
                                        Scene.sha256(train)))
                        .optData(new DataUse(data.title(), "test", asked, Scene.sha256(test)))
                        .optSetting("epochs", config.epochs())
                        .optSetting(
                                "pictures of a batch, each with all its questions",
                                config.batchPictures())
                        .optSetting("pictures mirrored at random", config.mirrored())
                        .optSetting("learning rate", config.learningRate())
                        .optSetting("weight decay", config.weightDecay())
                        .optSetting("precision", figures.precision())
                        .optSetting("device", figures.device())
                        .optSetting("training time", "%.0f s".formatted(figures.seconds()));
        for (Map.Entry<String, Double> metric : figures.metrics().entrySet()) {
            if (!metric.getValue().isNaN()) {
                card.optMetric(metric.getKey(), "test", metric.getValue(), asked / 2);
            }
        }
        return card.optLimit(
                        "Knows pictures like its training pictures and the words of its questions"
                                + " only.")
                .optLimit("Always answers with one of its answers, whatever it is asked.")
                .build()
                .toMarkdown();
    }
}
