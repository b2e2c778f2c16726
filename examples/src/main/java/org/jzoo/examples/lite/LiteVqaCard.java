package org.jzoo.examples.lite;

import java.util.List;
import org.jzoo.examples.recipe.VqaLessons;
import org.jzoo.examples.recipe.VqaStudentCard;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;

/** The model card of a packed student of a J1, made from its run. */
final class LiteVqaCard {

    private LiteVqaCard() {}

    /**
     * The card's Markdown.
     *
     * @param plan what stayed of each stack
     * @param figures of the run's teacher and of its student, packed last
     */
    static String of(
            LoadedModel model,
            LiteVqaConfig config,
            VqaLessons lessons,
            List<String> plan,
            List<LiteFigures> figures) {
        LiteFigures packed = figures.get(figures.size() - 1);
        LiteFigures trained =
                figures.stream()
                        .filter(f -> f.step().equals(LiteFigures.TRAINED))
                        .findFirst()
                        .orElse(packed);
        ModelCard.Builder card =
                VqaStudentCard.of(model, lessons, config.teacher(packed.seed()))
                        .optSetting("plan", String.join("; ", plan))
                        .optSetting("bits of matrices", LiteVqaConfig.BITS)
                        .optSetting("share of the labels in the loss", LiteVqaConfig.LABEL_SHARE)
                        .optSetting("temperature", LiteVqaConfig.TEMPERATURE)
                        .optSetting("weight of hidden states", config.hiddenWeight())
                        .optSetting("epochs", config.epochs())
                        .optSetting("epochs with rounded weights", config.roundedEpochs())
                        .optSetting("learning rate", config.learningRate())
                        .optSetting("weight decay", LiteVqaConfig.WEIGHT_DECAY)
                        .optSetting("precision", trained.precision())
                        .optSetting("device", trained.device())
                        .optBytes(packed.bytes());
        for (LiteFigures each : figures) {
            boolean own = each.equals(packed);
            each.metrics()
                    .forEach(
                            (name, value) ->
                                    card.optMetric(
                                            own ? name : name + ", " + each.step(),
                                            "test",
                                            value,
                                            lessons.numTested()));
            if (!own && each.bytes() > 0) {
                card.optSetting(
                        "%s: weights, bytes of the file".formatted(each.step()),
                        "%,d, %,d".formatted(each.weights(), each.bytes()));
            }
        }
        return card.optLimit(
                        "Other seeds, and what each step is worth: jzoo reproduce j2-lite-vqa.")
                .build()
                .toMarkdown();
    }
}
