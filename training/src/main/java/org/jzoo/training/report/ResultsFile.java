package org.jzoo.training.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jzoo.blocks.file.AtomicFile;
import org.jzoo.training.metric.SeedSummary;
import org.jzoo.training.report.TextTable.Align;

/**
 * What a recipe measured, with everything needed to measure it again: command, commit, date,
 * machine, versions, hash of the data, seeds, and each figure for each seed.
 *
 * @param name the name of the file without {@code .json}, which {@link ReadmeTables} refers to:
 *     letters, digits, dots, dashes and underscores
 * @param command the command line that measures it again
 * @param commit the source code, from {@link SourceCommit#of}
 * @param date when it was measured
 * @param environment the machine and the versions
 * @param dataHash a hash of the data that was used; empty if none was
 * @param seeds the seeds of the runs, in the order of the values; may be empty
 * @param figures the columns of figures, in the order to show them
 * @param rows the rows, in the order to show them
 */
public record ResultsFile(
        String name,
        String command,
        String commit,
        Instant date,
        Environment environment,
        String dataHash,
        List<Long> seeds,
        List<Figure> figures,
        List<ResultRow> rows) {

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final String MISSING = "–";

    /** Checks the names and copies the lists. */
    public ResultsFile {
        if (!name.matches("[A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException(
                    "name must be letters, digits, dots, dashes and underscores, got name=" + name);
        }
        date = date.truncatedTo(ChronoUnit.SECONDS);
        seeds = List.copyOf(seeds);
        figures = List.copyOf(figures);
        rows = List.copyOf(rows);
        Set<String> known = new LinkedHashSet<>();
        figures.forEach(figure -> known.add(figure.name()));
        for (ResultRow row : rows) {
            for (String figure : row.values().keySet()) {
                if (!known.contains(figure)) {
                    throw new IllegalArgumentException(
                            "figure of a row must be one of %s, got figure=%s"
                                    .formatted(known, figure));
                }
            }
        }
    }

    /** A builder of results that were measured now. */
    public static Builder builder() {
        return new Builder();
    }

    /** Writes {@code name.json} into {@code folder} in one atomic move and returns its path. */
    public Path write(Path folder) throws IOException {
        Path file = folder.resolve(name + ".json");
        AtomicFile.write(file, GSON.toJson(toJson()) + "\n");
        return file;
    }

    /**
     * Reads results.
     *
     * @throws IOException if the file is missing or is not a results file; the message names it
     */
    public static ResultsFile read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        try {
            return fromJson(JsonParser.parseString(text).getAsJsonObject());
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException
                | DateTimeException e) {
            throw new IOException("not a results file: " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The rows whose label has one of some values.
     *
     * @throws IllegalArgumentException if no row has such a label or one of the values
     */
    public ResultsFile where(String label, List<String> values) {
        Set<String> known = new LinkedHashSet<>();
        rows.forEach(row -> known.add(row.labels().getOrDefault(label, "")));
        for (String value : values) {
            if (!known.contains(value)) {
                throw new IllegalArgumentException(
                        "value of %s in %s must be one of %s, got value=%s"
                                .formatted(label, name, known, value));
            }
        }
        return new ResultsFile(
                name,
                command,
                commit,
                date,
                environment,
                dataHash,
                seeds,
                figures,
                rows.stream()
                        .filter(row -> values.contains(row.labels().getOrDefault(label, "")))
                        .toList());
    }

    /** The names of all labels of the rows, then of all figures, in order: the table's columns. */
    public List<String> columns() {
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> columns.addAll(row.labels().keySet()));
        figures.forEach(figure -> columns.add(figure.name()));
        return List.copyOf(columns);
    }

    /** The table of all {@link #columns()} in Markdown, with {@link #caption()} below. */
    public String toMarkdown() {
        return toMarkdown(columns());
    }

    /**
     * The table of some columns in Markdown, with {@link #caption()} below.
     *
     * @param columns labels and figures, in the order to show them
     * @throws IllegalArgumentException if there is no such column
     */
    public String toMarkdown(List<String> columns) {
        Map<String, Figure> figuresByName = new LinkedHashMap<>();
        figures.forEach(figure -> figuresByName.put(figure.name(), figure));
        List<String> header = new ArrayList<>();
        List<Align> sides = new ArrayList<>();
        for (String column : columns) {
            if (!columns().contains(column)) {
                throw new IllegalArgumentException(
                        "column of %s must be one of %s, got column=%s"
                                .formatted(name, columns(), column));
            }
            Figure figure = figuresByName.get(column);
            header.add(figure == null ? column : figure.title());
            sides.add(figure == null ? Align.LEFT : Align.RIGHT);
        }
        MarkdownTable table = new MarkdownTable(header, sides);
        for (ResultRow row : rows) {
            table.row(
                    columns.stream()
                            .map(column -> cell(row, column, figuresByName.get(column)))
                            .toArray(String[]::new));
        }
        return table + "\n" + caption() + "\n";
    }

    private static String cell(ResultRow row, String column, Figure figure) {
        if (figure == null) {
            return row.labels().getOrDefault(column, "");
        }
        return row.summary(column)
                .map(summary -> summary.scaled(figure.scale()).format(figure.digits()))
                .orElse(MISSING);
    }

    /** One line in Markdown: how, where and when the figures were measured. */
    public String caption() {
        List<String> parts = new ArrayList<>();
        parts.add("`" + command + "`");
        if (seeds.size() > 1) {
            String list = seeds.stream().map(String::valueOf).collect(Collectors.joining(", "));
            parts.add("seeds " + list + " (mean ± sample standard deviation)");
        } else if (seeds.size() == 1) {
            parts.add("seed " + seeds.get(0));
        }
        parts.add(environment.summary());
        if (!dataHash.isEmpty()) {
            parts.add("data " + dataHash.substring(0, Math.min(12, dataHash.length())));
        }
        parts.add("commit " + commit);
        parts.add(DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC).format(date));
        return "<sub>" + String.join(" · ", parts) + "</sub>";
    }

    private JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("name", name);
        json.addProperty("command", command);
        json.addProperty("commit", commit);
        json.addProperty("date", date.toString());
        json.addProperty("dataHash", dataHash);
        json.add("environment", GSON.toJsonTree(environment));
        json.add("seeds", GSON.toJsonTree(seeds));
        json.add("figures", GSON.toJsonTree(figures));
        JsonArray array = new JsonArray();
        rows.forEach(row -> array.add(toJson(row)));
        json.add("rows", array);
        return json;
    }

    private static JsonObject toJson(ResultRow row) {
        JsonObject values = new JsonObject();
        row.values()
                .forEach(
                        (figure, runs) -> {
                            SeedSummary summary = new SeedSummary(runs);
                            JsonObject entry = new JsonObject();
                            entry.addProperty("mean", summary.mean());
                            if (runs.size() > 1) {
                                entry.addProperty("standardDeviation", summary.standardDeviation());
                            }
                            entry.add("perSeed", GSON.toJsonTree(runs));
                            values.add(figure, entry);
                        });
        JsonObject json = new JsonObject();
        json.add("labels", GSON.toJsonTree(row.labels()));
        json.add("values", values);
        return json;
    }

    private static ResultsFile fromJson(JsonObject json) {
        List<ResultRow> rows = new ArrayList<>();
        for (JsonElement element : field(json, "rows").getAsJsonArray()) {
            rows.add(row(element.getAsJsonObject()));
        }
        List<Long> seeds = new ArrayList<>();
        field(json, "seeds").getAsJsonArray().forEach(seed -> seeds.add(seed.getAsLong()));
        List<Figure> figures = new ArrayList<>();
        for (JsonElement element : field(json, "figures").getAsJsonArray()) {
            JsonObject figure = element.getAsJsonObject();
            figures.add(
                    new Figure(
                            text(figure, "name"),
                            text(figure, "unit"),
                            field(figure, "scale").getAsDouble(),
                            field(figure, "digits").getAsInt()));
        }
        return new ResultsFile(
                text(json, "name"),
                text(json, "command"),
                text(json, "commit"),
                Instant.parse(text(json, "date")),
                environment(field(json, "environment").getAsJsonObject()),
                text(json, "dataHash"),
                seeds,
                figures,
                rows);
    }

    private static ResultRow row(JsonObject json) {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        JsonObject figures = field(json, "values").getAsJsonObject();
        for (String figure : figures.keySet()) {
            List<Double> runs = new ArrayList<>();
            field(figures.getAsJsonObject(figure), "perSeed")
                    .getAsJsonArray()
                    .forEach(value -> runs.add(value.getAsDouble()));
            values.put(figure, runs);
        }
        return new ResultRow(texts(field(json, "labels").getAsJsonObject()), values);
    }

    private static Environment environment(JsonObject json) {
        return new Environment(
                text(json, "processor"),
                field(json, "numCores").getAsInt(),
                field(json, "numThreads").getAsInt(),
                field(json, "memoryBytes").getAsLong(),
                text(json, "operatingSystem"),
                text(json, "java"),
                texts(field(json, "versions").getAsJsonObject()));
    }

    private static Map<String, String> texts(JsonObject json) {
        Map<String, String> texts = new LinkedHashMap<>();
        json.entrySet().forEach(entry -> texts.put(entry.getKey(), entry.getValue().getAsString()));
        return texts;
    }

    private static String text(JsonObject json, String name) {
        return field(json, name).getAsString();
    }

    private static JsonElement field(JsonObject json, String name) {
        return Optional.ofNullable(json.get(name))
                .orElseThrow(() -> new IllegalArgumentException("field is missing: " + name));
    }

    /** Options of a {@link ResultsFile}. */
    public static final class Builder {

        private String name = "";
        private String command = "";
        private String commit = SourceCommit.UNKNOWN;
        private Instant date = Instant.now();
        private Environment environment;
        private String dataHash = "";
        private List<Long> seeds = List.of();
        private final List<Figure> figures = new ArrayList<>();
        private final List<ResultRow> rows = new ArrayList<>();

        private Builder() {}

        /** Sets the name that a README refers to. */
        public Builder setName(String name) {
            this.name = name;
            return this;
        }

        /** Sets the command line that measures the figures again. */
        public Builder setCommand(String command) {
            this.command = command;
            return this;
        }

        /** Sets the machine and the versions. */
        public Builder setEnvironment(Environment environment) {
            this.environment = environment;
            return this;
        }

        /** Sets the source code's commit; {@link SourceCommit#UNKNOWN} by default. */
        public Builder optCommit(String commit) {
            this.commit = commit;
            return this;
        }

        /** Sets when it was measured; now by default. */
        public Builder optDate(Instant date) {
            this.date = date;
            return this;
        }

        /** Sets the hash of the data; none by default. */
        public Builder optDataHash(String dataHash) {
            this.dataHash = dataHash;
            return this;
        }

        /** Sets the seeds; none by default. */
        public Builder optSeeds(Collection<Long> seeds) {
            this.seeds = List.copyOf(seeds);
            return this;
        }

        /** Adds a column of figures. */
        public Builder addFigure(Figure figure) {
            figures.add(figure);
            return this;
        }

        /** Adds a row. */
        public Builder addRow(ResultRow row) {
            rows.add(row);
            return this;
        }

        /** Checks everything. */
        public ResultsFile build() {
            if (command.isBlank() || environment == null) {
                throw new IllegalArgumentException(
                        "command and environment must be set, got command=%s, environment=%s"
                                .formatted(command, environment));
            }
            return new ResultsFile(
                    name, command, commit, date, environment, dataHash, seeds, figures, rows);
        }
    }
}
