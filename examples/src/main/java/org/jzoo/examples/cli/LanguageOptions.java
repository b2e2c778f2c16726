package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.language.LanguageData;
import org.jzoo.examples.language.LanguageFineTune;
import org.jzoo.examples.longqa.TokenizerFile;

/** The options of language models: what they learn where the user says nothing. */
final class LanguageOptions {

    private static final FineTuneOptions.Defaults FRESH =
            FineTuneOptions.Defaults.full(10, 8, 1024, 1e-3, 0.1);
    private static final FineTuneOptions.Defaults TRAINED =
            FineTuneOptions.Defaults.full(3, 8, 1024, 2e-4, 0.1);

    private LanguageOptions() {}

    /** A run on plain texts. */
    static FineTuneRun run(Arguments arguments, Path work, Terminal terminal) throws IOException {
        FineTuneConfig config = LongOptions.config(arguments, work, FRESH, TRAINED);
        LanguageData data =
                LanguageData.read(
                        arguments.existing("train"),
                        arguments.existingIfGiven("validation"),
                        arguments.existingIfGiven("test"));
        LanguageFineTune tuning =
                new LanguageFineTune(
                        LongOptions.fresh(arguments, TokenizerFile.BYTES), config, data);
        return new FineTuneRun(config, tuning, tuning.description(), terminal);
    }
}
