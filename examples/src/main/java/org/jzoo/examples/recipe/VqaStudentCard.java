package org.jzoo.examples.recipe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jzoo.datasets.vision.Scene;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.RunCommit;
import org.jzoo.examples.finetune.Teaching;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Shipped;

/** The model card of a small J1 that learned from generated questions, made from its run. */
public final class VqaStudentCard {

    private VqaStudentCard() {}

    /**
     * What is known of a model of these lessons, its figures left out.
     *
     * @param teacher its folder, or its name in the zoo
     */
    public static ModelCard.Builder of(LoadedModel model, VqaLessons lessons, Path teacher) {
        VqaConfig config = lessons.config();
        List<Scene> train = lessons.trainScenes();
        List<Scene> test = lessons.testScenes();
        String base = name(teacher);
        return ModelCard.of(model)
                .optSummary(
                        ("A small student of the J1 %s that answers questions in words about %s:"
                                        + " heads, channels and layers kept by first-order"
                                        + " importance, taught by the whole model's answers and"
                                        + " hidden states.")
                                .formatted(base, config.data().subject()))
                .optBaseModel(base)
                .optSeed(config.seed())
                .optCommit(RunCommit.current())
                .optLicence("Apache-2.0")
                .optData(data(config, "train", train))
                .optData(data(config, "test", test))
                .optSetting("pictures mirrored at random", config.mirrored())
                .optSetting(
                        "pictures of a batch, each with all its questions", config.batchPictures())
                .optLimit(
                        "Knows pictures like its training pictures and the words of its questions"
                                + " only.")
                .optLimit("Always answers with one of its answers, whatever it is asked.");
    }

    // A card goes to other machines: what the zoo has is called as it is there.
    private static String name(Path teacher) {
        try {
            return Shipped.sameAs(teacher)
                    .map(Shipped::name)
                    .orElse(String.valueOf(teacher.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ModelCard.Builder of(
            VqaLessons lessons, FineTuneConfig how, Teaching teaching, FineTuned tuned) {
        ModelCard.Builder card =
                of(tuned.model(), lessons, Path.of(how.model()))
                        .optSetting("parameters", tuned.parameters())
                        .optSetting("epochs", how.epochs())
                        .optSetting("learning rate", how.learningRate())
                        .optSetting("weight decay", how.weightDecay())
                        .optSetting("precision", how.precision())
                        .optSetting("device", how.device())
                        .optSetting(
                                "training time",
                                String.format(
                                        Locale.ROOT, "%.0f s", tuned.training().wholeSeconds()));
        if (teaching != null) {
            card.optSetting("share of the labels in the loss", teaching.labelShare())
                    .optSetting("temperature", teaching.temperature());
        }
        long asked = lessons.numTested();
        tuned.test().forEach((name, value) -> card.optMetric(name, "test", value, asked));
        return card;
    }

    private static DataUse data(VqaConfig config, String split, List<Scene> scenes) {
        return new DataUse(config.data().title(), split, questions(scenes), Scene.sha256(scenes));
    }

    private static long questions(List<Scene> scenes) {
        return scenes.stream().mapToLong(scene -> scene.questions().size()).sum();
    }
}
