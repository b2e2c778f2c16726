package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jzoo.datasets.label.LabelledTexts;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.longqa.DocumentFiles;
import org.jzoo.examples.tagging.TagFineTune;
import org.jzoo.examples.tagging.TagSplit;

/** Fine-tunings to labels of tokens, as the arguments ask for them. */
final class TagOptions {

    // Encoders of sentences must change more to tell words than to tell texts.
    private static final FineTuneOptions.Defaults USUAL =
            FineTuneOptions.Defaults.texts(5, 16, 128, 1e-3).above(0, "all");

    private TagOptions() {}

    /** A run of any model that reads texts. */
    static FineTuneRun texts(Arguments arguments, Path work, Terminal terminal) {
        FineTuneConfig config =
                FineTuneOptions.config(arguments, USUAL, work, arguments.has("resume"));
        return run(config, TagFineTune.of(config, split(arguments)), terminal);
    }

    /** A run of a J3 on documents. */
    static FineTuneRun documents(Arguments arguments, Path work, Terminal terminal)
            throws IOException {
        FineTuneConfig config = LongOptions.config(arguments, work);
        return run(
                config,
                TagFineTune.of(LongOptions.fresh(arguments), config, split(arguments)),
                terminal);
    }

    private static FineTuneRun run(FineTuneConfig config, TagFineTune tuning, Terminal terminal) {
        return new FineTuneRun(config, tuning, tuning.description(), terminal);
    }

    private static TagSplit split(Arguments arguments) {
        return new TagSplit(
                        part(arguments, "train"),
                        part(arguments, "validation"),
                        part(arguments, "test"))
                .withValidation();
    }

    /** The labelled texts of an option's file. */
    static LabelledTexts part(Arguments arguments, String option) {
        return option.equals("train") || arguments.has(option)
                ? LabelledTexts.read(arguments.existing(option), DocumentFiles::open)
                : LabelledTexts.NONE;
    }
}
