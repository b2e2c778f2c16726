package org.jzoo.examples.cli;

import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.recipe.ShapeQuestions;
import org.jzoo.examples.recipe.VqaConfig;
import org.jzoo.examples.recipe.VqaLessons;
import org.jzoo.examples.recipe.VqaVariant;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.registry.LoadedModel;

/** {@code jzoo compress --generated}: the questions of Sort-of-CLEVR in place of a file. */
final class GeneratedQuestions {

    private GeneratedQuestions() {}

    static List<Option> options() {
        return List.of(
                FineTuneOptions.flag(
                        "generated",
                        "vqa: in place of --train, learns from the generated questions of"
                                + " Sort-of-CLEVR, drawn by --seed, and is judged by those of its"
                                + " test pictures"),
                FineTuneOptions.valued(
                        "generated-pictures", "N", "vqa: how many of them at most [9800]"));
    }

    static VqaLessons of(Arguments arguments, LoadedModel whole, FineTuneConfig training) {
        if (arguments.has("train") || arguments.has("test") || arguments.has("validation")) {
            throw new UsageException(
                    "--generated must go without --train, --validation and --test: it draws both"
                            + " its lessons and its test");
        }
        ShapeQuestions data = new ShapeQuestions();
        if (!(whole.config().task() instanceof AnswerTask task)
                || !(whole.config().model() instanceof J1Config j1)
                || !j1.hasBoth()
                || !task.labels().equals(data.answers())) {
            throw new UsageException(
                    "--generated must go with a J1 that answers with %s, such as j1-tiny, got %s, which was made for %s"
                            .formatted(
                                    String.join(", ", data.answers()),
                                    whole.name(),
                                    TaskWords.of(whole.config().task())));
        }
        VqaConfig batches =
                VqaConfig.builder(VqaVariant.FULL, data)
                        .optSeed(training.seed())
                        .optPictures(arguments.integer("generated-pictures", data.pictures(), 1))
                        .optBatchPictures(Math.max(1, training.batchSize() / VqaLessons.QUESTIONS))
                        .optMirrored(true)
                        .build();
        return new VqaLessons(batches, whole, training.device());
    }
}
