package org.jzoo.examples.lite;

import java.nio.file.Path;
import java.util.List;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.compress.RoundedStudent;
import org.jzoo.examples.finetune.RunCommit;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;

/** The model card of a small model, made from its run. */
final class LiteCard {

    private static final String DEV = "dev";

    private LiteCard() {}

    /**
     * The card's Markdown.
     *
     * @param figures of the run's teacher and of its student, packed last
     */
    static String of(
            LoadedModel model, LiteConfig config, TextData data, List<LiteFigures> figures) {
        LiteFigures packed = figures.get(figures.size() - 1);
        GlueTask task = GlueTask.named(packed.task());
        long tested = data.test().count();
        // A card goes to other machines, where folders of this one say nothing.
        String teacher = String.valueOf(Path.of(config.teacher()).getFileName());
        ModelCard.Builder card =
                ModelCard.of(model)
                        .optSummary(
                                ("A student of %s, tuned on GLUE's %s: heads, channels and layers"
                                                + " kept by first-order importance, taught by the"
                                                + " tuned model's outputs and hidden states on"
                                                + " texts changed at random, then trained with"
                                                + " rounded weights and packed.")
                                        .formatted(teacher, task.folder()))
                        .optBaseModel(teacher)
                        .optSeed(packed.seed())
                        .optCommit(RunCommit.current())
                        .optLicence("Apache-2.0")
                        .optData(
                                new DataUse(
                                        "GLUE " + task.folder(),
                                        "train",
                                        data.train().count(),
                                        data.hash()))
                        .optData(new DataUse("GLUE " + task.folder(), DEV, tested, data.hash()))
                        .optSetting("plan", packed.plan())
                        .optSetting("bits of matrices", LiteConfig.BITS)
                        .optSetting("weights that share a scale", LiteConfig.GROUP)
                        .optSetting("bits of the token table", RoundedStudent.TABLE_BITS)
                        .optSetting("steps on the task", config.taskSteps())
                        .optSetting("steps with rounded weights", config.quantSteps())
                        .optSetting("longest text, in tokens", LiteConfig.MAX_LENGTH)
                        .optSetting("precision", packed.precision())
                        .optSetting("device", packed.device())
                        .optBytes(packed.bytes());
        for (LiteFigures each : figures) {
            boolean own = each.equals(packed);
            for (String metric : task.metrics()) {
                card.optMetric(
                        own ? metric : "%s, %s".formatted(metric, each.step()),
                        DEV,
                        each.metrics().get(metric),
                        tested);
            }
            if (!own && each.bytes() > 0) {
                card.optSetting(
                        "%s: weights, bytes of the file".formatted(each.step()),
                        "%,d, %,d".formatted(each.weights(), each.bytes()));
            }
        }
        if (!data.regression()) {
            card.optLimit("Labels are GLUE's: " + data.labels().names() + ".");
        }
        return card.optLimit("English; words that are in no training text of GLUE fall into parts.")
                .optLimit("Other seeds, and what each step is worth: jzoo reproduce j2-lite.")
                .build()
                .toMarkdown();
    }
}
