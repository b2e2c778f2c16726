package org.jzoo.examples.compress;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jzoo.blocks.file.AtomicFile;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelHash;

/**
 * The importance of a model's parts, kept in the folder of its compression. Measured a second time,
 * a GPU's sums end in other digits, now and then another channel stays, and what the first run
 * began to teach no longer fits.
 */
final class KeptImportance {

    private static final Gson GSON = new Gson();
    private static final TypeToken<Map<String, StackImportance>> TYPE = new TypeToken<>() {};
    private static final int NAME_DIGITS = 16;

    private KeptImportance() {}

    /**
     * What an earlier run measured of these weights by as many batches, if this run goes on from
     * it; else measured now, and kept if there is a folder.
     */
    static Map<String, StackImportance> of(
            LoadedModel model, Lessons lessons, CompressConfig config) throws IOException {
        FineTuneConfig training = config.training();
        int batches = config.importanceBatches();
        if (training.work() == null) {
            return lessons.importance(model, batches);
        }
        String name = ModelHash.of(model).substring(0, NAME_DIGITS);
        Path file =
                training.work()
                        .resolve(
                                "importance-%s-%d-%s.json"
                                        .formatted(name, batches, config.channels()));
        if (training.resume() && Files.isRegularFile(file)) {
            return read(file);
        }
        Map<String, StackImportance> measured = lessons.importance(model, batches);
        AtomicFile.write(file, GSON.toJson(measured, TYPE.getType()));
        return measured;
    }

    private static Map<String, StackImportance> read(Path file) throws IOException {
        Map<String, StackImportance> kept = null;
        RuntimeException cause = null;
        try {
            kept = GSON.fromJson(Files.readString(file), TYPE);
        } catch (RuntimeException e) { // Gson wraps what a record's constructor throws in any.
            cause = e;
        }
        if (kept == null) {
            throw new IOException(
                    "importance must be readable, or its file removed: " + file, cause);
        }
        return kept;
    }
}
