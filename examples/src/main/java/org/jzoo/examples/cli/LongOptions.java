package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.document.DocumentQuestion;
import org.jzoo.datasets.document.DocumentQuestions;
import org.jzoo.datasets.document.DocumentSource;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.longqa.DocumentFiles;
import org.jzoo.examples.longqa.FreshJ3;
import org.jzoo.examples.longqa.SpanFineTune;
import org.jzoo.examples.longqa.SpanPart;
import org.jzoo.examples.longqa.SpanSplit;
import org.jzoo.examples.longqa.TokenizerFile;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;

/** The options of long documents: where they are, and what a fresh J3 looks like. */
final class LongOptions {

    private static final int SHOWN = 5;
    private static final String EXPERTS = "experts"; // which pictures have, too

    private static final FineTuneOptions.Defaults FRESH =
            FineTuneOptions.Defaults.full(10, 8, 2048, 1e-3, 0.01);
    private static final FineTuneOptions.Defaults TRAINED =
            FineTuneOptions.Defaults.full(3, 8, 2048, 2e-4, 0.01);

    private LongOptions() {}

    static List<Option> all() {
        return Stream.concat(Stream.of(documentColumn()), parts().stream()).toList();
    }

    /** What names the parts of a fresh J3. */
    static List<String> partNames() {
        Stream<String> own = parts().stream().map(Option::getLongOpt);
        return Stream.concat(own, Stream.of("size", EXPERTS)).toList();
    }

    private static List<Option> parts() {
        return List.of(
                FineTuneOptions.valued(
                        "window", "N", "of a fresh J3: how far a token sees, even [64]"),
                FineTuneOptions.valued(
                        "position", "KIND", "of a fresh J3: rotary, alibi or none [rotary]"),
                FineTuneOptions.valued(
                        "memory",
                        "N",
                        "of a fresh J3: tokens handed from chunk to chunk, 0 for none [16]"),
                FineTuneOptions.valued(
                        "retrieved",
                        "N",
                        "of a fresh J3: blocks of earlier text that are found again, 0 for none"
                                + " [4]"),
                FineTuneOptions.flag("no-globals", "of a fresh J3: its chunks see no question"),
                FineTuneOptions.flag("no-forgetting", "of a fresh J3: no forget gates"),
                FineTuneOptions.valued(
                        "tokenizer",
                        "NAME",
                        "of a fresh J3: that of a pretrained model, a tokenizer.json file, or"
                                + " bytes [language: bytes, long: minilm-l6]"));
    }

    /** The column of documents. */
    static Option documentColumn() {
        return FineTuneOptions.valued(
                "document-column",
                "NAME",
                "long-qa: column of the document: its text, or its file (.txt, .md, .pdf) seen from"
                        + " the CSV's folder [document]");
    }

    /** A J3's numbers as the arguments ask for, or null to go on with --model. */
    static FreshJ3 fresh(Arguments arguments) throws IOException {
        return fresh(arguments, "minilm-l6");
    }

    /** The same with a tokenizer to take where the user names none. */
    static FreshJ3 fresh(Arguments arguments, String tokenizer) throws IOException {
        if (arguments.has("model")) {
            for (String part : partNames()) {
                if (arguments.has(part)) {
                    throw new UsageException(
                            "--%s must be left out with --model: it is for a fresh J3"
                                    .formatted(part));
                }
            }
            return null;
        }
        try {
            J3Parts parts = parts(arguments, J3Size.named(arguments.text("size", "tiny")));
            return new FreshJ3(parts, TokenizerFile.of(arguments.text("tokenizer", tokenizer)));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
        }
    }

    private static J3Parts parts(Arguments arguments, J3Size size) {
        J3Parts.Builder parts = J3Parts.of(size);
        if (arguments.has("window")) {
            parts.optWindow(arguments.integer("window", 0, 2));
        }
        if (arguments.has("position")) {
            parts.optPosition(
                    arguments.choice("position", J3Parts.Position.class, J3Parts.Position.ROTARY));
        }
        if (arguments.has("memory")) {
            parts.optMemoryTokens(arguments.integer("memory", 0, 0));
        }
        if (arguments.has("retrieved")) {
            parts.optRetrieved(arguments.integer("retrieved", 0, 0));
        }
        if (arguments.has(EXPERTS)) {
            parts.optExperts(arguments.integer(EXPERTS, 0, 2));
        }
        return parts.optGlobals(!arguments.has("no-globals"))
                .optForgets(!arguments.has("no-forgetting"))
                .build();
    }

    static FineTuneConfig config(Arguments arguments, Path work) {
        return config(arguments, work, FRESH, TRAINED);
    }

    /** A configuration with what is usual of fresh models, or of those that go on. */
    static FineTuneConfig config(
            Arguments arguments,
            Path work,
            FineTuneOptions.Defaults fresh,
            FineTuneOptions.Defaults trained) {
        return FineTuneOptions.config(
                arguments, arguments.has("model") ? trained : fresh, work, arguments.has("resume"));
    }

    /** A run of questions about documents. */
    static FineTuneRun answers(Arguments arguments, Path work, Terminal terminal)
            throws IOException {
        SpanSplit split =
                new SpanSplit(
                        part(arguments, "train", terminal),
                        part(arguments, "validation", terminal),
                        part(arguments, "test", terminal));
        FineTuneConfig config = config(arguments, work);
        SpanFineTune tuning =
                new SpanFineTune(
                        fresh(arguments),
                        config,
                        split.validation().questions().isEmpty() ? split.withValidation() : split);
        return new FineTuneRun(config, tuning, tuning.description(), terminal);
    }

    /** The questions of an option's file whose answers are found; says which rows are not. */
    static SpanPart part(Arguments arguments, String option, Terminal terminal) throws IOException {
        if (!arguments.has(option)) {
            return SpanPart.NONE;
        }
        Path file = arguments.existing(option);
        return new SpanPart(
                file.getFileName().toString(),
                DataHash.sha256(file),
                questions(file, option, arguments, terminal));
    }

    private static List<DocumentQuestion> questions(
            Path file, String option, Arguments arguments, Terminal terminal) {
        TextColumns columns =
                new TextColumns(
                        arguments.text("document-column", "document"),
                        arguments.text("question-column", "question"),
                        arguments.text("answer-column", "answer"),
                        TargetKind.CLASS);
        DocumentQuestions read = DocumentQuestions.read(file, columns, DocumentFiles::open);
        List<DataException> unmatched = read.unmatched();
        if (!unmatched.isEmpty()) {
            terminal.remark(
                    "%d of %d rows of --%s are left out:",
                    unmatched.size(), unmatched.size() + read.questions().size(), option);
            unmatched.stream().limit(SHOWN).forEach(e -> terminal.remark("  %s", e.getMessage()));
            if (unmatched.size() > SHOWN) {
                terminal.remark("  and %d more", unmatched.size() - SHOWN);
            }
        }
        return read.questions();
    }

    /** Labelled documents: rows whose texts may name files, or files in a folder for each label. */
    static TextSource documents(Path file, TextColumns columns) {
        if (Files.isDirectory(file)) {
            return DocumentSource.folder(file, DocumentFiles::open);
        }
        Path folder = file.toAbsolutePath().getParent();
        return new DocumentSource(TextFiles.open(file, columns), folder, DocumentFiles::open);
    }
}
