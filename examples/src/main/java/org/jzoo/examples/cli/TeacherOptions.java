package org.jzoo.examples.cli;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.Option;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.MoreTexts;
import org.jzoo.examples.finetune.TeacherAnswers;
import org.jzoo.examples.finetune.Teaching;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.zoo.registry.LoadedModel;

/** The options of {@code finetune} that let a tuned model teach, usually a larger one. */
final class TeacherOptions {

    private static final String TEACHER = "teacher";
    private static final String MORE = "more-texts";
    private static final String SHARE = "label-share";
    private static final String TEMPERATURE = "temperature";
    private static final double USUAL_SHARE = 0.5;
    private static final double USUAL_TEMPERATURE = 2;

    private TeacherOptions() {}

    static List<Option> all() {
        return List.of(
                FineTuneOptions.valued(
                        TEACHER,
                        "NAME",
                        "model or model folder that was tuned to the same labels and reads the same"
                                + " tokens, usually a larger one; its answers are learned, too"
                                + " [none]"),
                FineTuneOptions.valued(
                        MORE,
                        "FILE",
                        "texts without labels, in the columns of --train's texts, which are learned"
                                + " from by the teacher's answers [none]"),
                FineTuneOptions.valued(
                        SHARE,
                        "X",
                        "share of the labels in the loss, the rest is what the teacher says [%s;"
                                        .formatted(USUAL_SHARE)
                                + " with --more-texts 0]"),
                FineTuneOptions.valued(
                        TEMPERATURE,
                        "T",
                        "of the teacher's answers and the model's [%s]"
                                .formatted(USUAL_TEMPERATURE)));
    }

    /** Loads the teacher; null where none is asked for. */
    static LoadedModel load(Arguments arguments, Device device)
            throws IOException, MalformedModelException {
        if (arguments.has(TEACHER)) {
            return Models.load(arguments.text(TEACHER), device);
        }
        for (String option : List.of(MORE, SHARE, TEMPERATURE)) {
            if (arguments.has(option)) {
                throw new UsageException("--%s must come with --teacher".formatted(option));
            }
        }
        return null;
    }

    /** A fine-tuning by that teacher. */
    static FineTune taught(
            FineTuneConfig config, TextData data, LoadedModel teacher, Arguments arguments) {
        boolean more = arguments.has(MORE);
        double share = arguments.number(SHARE, more ? 0 : USUAL_SHARE, 0, 1);
        if (more && share > 0) {
            throw new UsageException(
                    "--label-share must be 0 or left out with --more-texts, which have no labels,"
                            + " got "
                            + share);
        }
        double temperature = arguments.number(TEMPERATURE, USUAL_TEMPERATURE, 1e-3, 1e3);
        Teaching teaching = new Teaching(teacher, share, temperature, List.of());
        FineTune tuning = new FineTune(config, inOrderOf(teacher, data));
        return (more ? tuning.taughtBy(teaching, moreTexts(arguments)) : tuning.taughtBy(teaching))
                .keepingAnswers(config.work().resolve(TeacherAnswers.FILE_NAME));
    }

    private static MoreTexts moreTexts(Arguments arguments) {
        Path file = arguments.existing(MORE);
        TextSource texts = TextFiles.open(file, FineTuneCommand.columns(arguments).withoutLabel());
        if (texts.first(1).count() == 0) {
            throw new UsageException("--more-texts must hold at least one row, got " + file);
        }
        return new MoreTexts(texts, DataHash.sha256(file));
    }

    // The same labels may have come in another order where the teacher was tuned.
    private static TextData inOrderOf(LoadedModel teacher, TextData data) {
        List<String> labels = TaskWords.labels(teacher.config().task());
        return !data.regression() && Set.copyOf(labels).equals(Set.copyOf(data.labels().names()))
                ? data.withLabels(LabelSet.of(labels))
                : data;
    }
}
