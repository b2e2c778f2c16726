package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.examples.longqa.DocumentFiles;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.zoo.document.LongReader;
import org.jzoo.zoo.document.LongText;
import org.jzoo.zoo.document.ReadingCancelledException;
import org.jzoo.zoo.registry.LoadedModel;

/** Whole files, text or PDF, of any length, that are read one after the other. */
final class EachDocument {

    private static final String NAME = "documents";
    static final String WORK = "work";
    private static final String CHUNK = "chunk";

    /** What means something to a J3 only. */
    static final List<String> OF_J3 = List.of(CHUNK, WORK);

    private EachDocument() {}

    /** What is made of a document. */
    @FunctionalInterface
    interface Use {
        void read(String file, LongText document) throws IOException;
    }

    /** Prepares to read until it is cancelled. */
    @FunctionalInterface
    interface Start {
        Use until(BooleanSupplier cancelled);
    }

    /** The options of a command that reads documents. */
    static List<Option> options(String what) {
        return List.of(
                FineTuneOptions.flag(NAME, "reads files of any length, text or PDF, " + what),
                chunk(),
                work());
    }

    /** How many tokens are read at once. */
    static Option chunk() {
        return FineTuneOptions.valued(
                CHUNK,
                "N",
                "tokens that a J3 reads of a document at once; more take less time, above all on a"
                        + " GPU, and more memory [as it was trained]");
    }

    /** Where readings are kept. */
    static Option work() {
        return FineTuneOptions.valued(
                WORK,
                "DIR",
                "folder that keeps what was read of documents: after Ctrl-C the same command goes"
                        + " on");
    }

    static boolean asked(Arguments arguments) {
        return arguments.has(NAME);
    }

    /**
     * Checks what means something with documents only.
     *
     * @throws UsageException if it is given and no documents are asked for
     */
    static void check(Arguments arguments) {
        for (String name : OF_J3) {
            if (arguments.has(name) && !asked(arguments)) {
                throw new UsageException("--%s must be given with --documents".formatted(name));
            }
        }
    }

    /**
     * Reads the files that the arguments name. A file that cannot be read is told of, and the
     * others are read all the same.
     *
     * @param others options that mean nothing here
     * @param start of the reading
     * @return the exit status
     * @throws UsageException if there are no files
     */
    static int read(Arguments arguments, Set<String> others, Start start, Terminal terminal) {
        arguments.only(Set.of(), List.of(others), "--" + NAME);
        if (arguments.rest().isEmpty()) {
            throw new UsageException("--documents must be followed by files, got none");
        }
        for (String name : arguments.rest()) {
            if (!Files.isRegularFile(Path.of(name))) {
                throw new UsageException("a document must be a file, got " + name);
            }
        }
        try (StopSignal stop = StopSignal.onShutdown()) {
            return read(arguments, start.until(stop::requested), terminal);
        }
    }

    /** A J3's reader as the arguments ask for it. */
    static LongReader reader(LoadedModel model, Arguments arguments, BooleanSupplier cancelled) {
        LongReader reader =
                LongReader.of(model)
                        .withPrecision(
                                arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32)
                        .withCancelled(cancelled);
        if (arguments.has(CHUNK)) {
            reader = reader.withChunks(arguments.integer(CHUNK, 0, 1));
        }
        return arguments.has(WORK) ? reader.withWork(arguments.path(WORK, null)) : reader;
    }

    /** Says that a reading was cancelled. */
    static void cancelled(ReadingCancelledException e, boolean kept, Terminal terminal) {
        terminal.remark("%s%s", e.getMessage(), kept ? "; the same command goes on" : "");
    }

    // The JVM may be ending: what is to be said is said before the signal is closed.
    private static int read(Arguments arguments, Use use, Terminal terminal) {
        int status = Main.OK;
        for (String name : arguments.rest()) {
            try {
                use.read(name, DocumentFiles.of(Path.of(name)));
            } catch (ReadingCancelledException e) {
                cancelled(e, arguments.has(WORK), terminal);
                return Main.INTERRUPTED;
            } catch (IOException | IllegalArgumentException e) {
                String message = Failure.message(e);
                terminal.remark(
                        "%s", message.contains(name) ? message : "%s: %s".formatted(name, message));
                status = Main.FAILED;
            }
        }
        return status;
    }
}
