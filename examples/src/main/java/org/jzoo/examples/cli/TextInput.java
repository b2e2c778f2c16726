package org.jzoo.examples.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.zoo.translator.TextPair;

/** Texts, or pairs of texts, from arguments, a file or the standard input, in chunks. */
final class TextInput {

    /** Texts that are answered together. */
    static final int CHUNK = 64;

    /** Uses a chunk of texts. */
    interface Use<T> {
        void chunk(List<T> texts) throws Exception;
    }

    private final Arguments arguments;

    TextInput(Arguments arguments) {
        this.arguments = arguments;
        if (!arguments.rest().isEmpty() && arguments.has("file")) {
            throw new UsageException(
                    "TEXT and --file must not be given together, got --file "
                            + arguments.text("file"));
        }
    }

    static void addOptions(Options options) {
        options.addOption(
                FineTuneOptions.valued(
                        "file",
                        "FILE",
                        "texts: one a line, or .csv, .tsv or .jsonl [standard input]"));
        options.addOption(
                FineTuneOptions.valued(
                        "text-column", "NAME", "column of the text in a table [text]"));
    }

    /** Hands over all texts. */
    void texts(Use<String> use) throws Exception {
        if (isTable()) {
            TextColumns columns = TextColumns.unlabelled(arguments.text("text-column", "text"));
            try (var examples = TextFiles.open(arguments.existing("file"), columns).stream()) {
                chunks(examples.map(example -> example.text()), use);
            }
        } else if (!arguments.rest().isEmpty()) {
            chunks(arguments.rest().stream(), use);
        } else {
            try (BufferedReader reader = reader()) {
                chunks(reader.lines().filter(line -> !line.isBlank()), use);
            }
        }
    }

    /** Hands over all pairs: two arguments, two columns, or two texts of a line with a tab. */
    void pairs(Use<TextPair> use) throws Exception {
        if (isTable()) {
            TextColumns columns =
                    new TextColumns(
                            arguments.text("text-column", "text"),
                            arguments.text("pair-column", "pair"),
                            null,
                            TargetKind.NONE);
            try (var examples = TextFiles.open(arguments.existing("file"), columns).stream()) {
                chunks(examples.map(e -> new TextPair(e.text(), e.pair())), use);
            }
        } else if (!arguments.rest().isEmpty()) {
            chunks(pairsOf(arguments.rest()).stream(), use);
        } else {
            try (BufferedReader reader = reader()) {
                chunks(reader.lines().filter(line -> !line.isBlank()).map(TextInput::pair), use);
            }
        }
    }

    private static List<TextPair> pairsOf(List<String> texts) {
        if (texts.size() % 2 != 0) {
            throw new UsageException(
                    "TEXT must come in pairs for this model, got %d texts".formatted(texts.size()));
        }
        List<TextPair> pairs = new ArrayList<>();
        for (int i = 0; i < texts.size(); i += 2) {
            pairs.add(new TextPair(texts.get(i), texts.get(i + 1)));
        }
        return pairs;
    }

    private static TextPair pair(String line) {
        int tab = line.indexOf('\t');
        if (tab < 0) {
            throw new UsageException(
                    "each line must be two texts with a tab between them, got " + line);
        }
        return new TextPair(line.substring(0, tab), line.substring(tab + 1));
    }

    private boolean isTable() {
        String name = arguments.text("file", "").toLowerCase(Locale.ROOT);
        return name.matches(".*\\.(csv|tsv|tab|jsonl|ndjson)(\\.gz)?");
    }

    private BufferedReader reader() throws IOException {
        if (!arguments.has("file")) {
            return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        }
        Path file = arguments.existing("file");
        if (!Files.isRegularFile(file)) {
            throw new UsageException("--file must be a file, got " + file);
        }
        return Files.newBufferedReader(file);
    }

    private static <T> void chunks(Stream<T> all, Use<T> use) throws Exception {
        List<T> chunk = new ArrayList<>();
        for (var texts = all.iterator(); texts.hasNext(); ) {
            chunk.add(texts.next());
            if (chunk.size() == CHUNK || !texts.hasNext()) {
                use.chunk(List.copyOf(chunk));
                chunk.clear();
            }
        }
    }
}
