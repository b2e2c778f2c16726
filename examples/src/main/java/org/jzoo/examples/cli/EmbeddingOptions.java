package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jzoo.examples.embedding.EmbeddingData;
import org.jzoo.examples.embedding.EmbeddingFineTune;
import org.jzoo.examples.finetune.FineTuneConfig;

/** The options of vectors of documents: what they learn where the user says nothing. */
final class EmbeddingOptions {

    private static final FineTuneOptions.Defaults FRESH =
            FineTuneOptions.Defaults.full(30, 16, 512, 1e-3, 0.01);
    private static final FineTuneOptions.Defaults TRAINED =
            FineTuneOptions.Defaults.full(5, 16, 512, 2e-4, 0.01);

    private EmbeddingOptions() {}

    /** A run on plain texts. */
    static FineTuneRun run(Arguments arguments, Path work, Terminal terminal) throws IOException {
        FineTuneConfig config = LongOptions.config(arguments, work, FRESH, TRAINED);
        EmbeddingData data =
                EmbeddingData.read(
                        arguments.existing("train"),
                        arguments.existingIfGiven("validation"),
                        arguments.existingIfGiven("test"));
        EmbeddingFineTune tuning =
                new EmbeddingFineTune(LongOptions.fresh(arguments), config, data);
        return new FineTuneRun(config, tuning, tuning.description(), terminal);
    }
}
