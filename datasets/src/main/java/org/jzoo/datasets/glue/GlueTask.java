package org.jzoo.datasets.glue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.DelimitedFormat;
import org.jzoo.datasets.text.DelimitedSource;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TextColumns;

/**
 * The tasks of GLUE: where their files lie, which columns count, and what they are measured by.
 *
 * <p>A GLUE folder holds one folder a task ({@link #folder}) with {@code train.tsv} and {@code
 * dev.tsv} (for MNLI {@code dev_matched.tsv} and {@code dev_mismatched.tsv}). Test files carry no
 * labels and are not read.
 *
 * @see <a href="https://arxiv.org/abs/1804.07461">Wang et al. 2018, GLUE</a>, table 1
 */
@SuppressWarnings("ImmutableEnumChecker") // The lists are copies that cannot be changed.
public enum GlueTask {
    /** Is the sentence acceptable English? */
    COLA("CoLA", TextColumns.of("sentence", "label"), List.of("matthews"), "0", "1"),
    /** Is the sentence from a film review favourable? */
    SST2("SST-2", TextColumns.of("sentence", "label"), List.of("accuracy"), "0", "1"),
    /** Do two sentences from the news mean the same? */
    MRPC(
            "MRPC",
            TextColumns.pair("#1 String", "#2 String", "Quality"),
            List.of("accuracy", "f1"),
            "0",
            "1"),
    /** Do two questions ask the same? */
    QQP(
            "QQP",
            TextColumns.pair("question1", "question2", "is_duplicate"),
            List.of("accuracy", "f1"),
            "0",
            "1"),
    /** How much do two sentences mean the same, from 0 to 5? The one regression. */
    STSB(
            "STS-B",
            TextColumns.pair("sentence1", "sentence2", "score").regression(),
            List.of("pearson", "spearman")),
    /** Does the first sentence entail the second, contradict it, or neither? */
    MNLI(
            "MNLI",
            TextColumns.pair("sentence1", "sentence2", "gold_label"),
            List.of("accuracy"),
            "entailment",
            "neutral",
            "contradiction"),
    /** Does the sentence hold the answer to the question? */
    QNLI(
            "QNLI",
            TextColumns.pair("question", "sentence", "label"),
            List.of("accuracy"),
            "entailment",
            "not_entailment"),
    /** Does the first text entail the second? */
    RTE(
            "RTE",
            TextColumns.pair("sentence1", "sentence2", "label"),
            List.of("accuracy"),
            "entailment",
            "not_entailment"),
    /** Does the second sentence follow when a pronoun of the first is replaced? */
    WNLI(
            "WNLI",
            TextColumns.pair("sentence1", "sentence2", "label"),
            List.of("accuracy"),
            "0",
            "1");

    private final String folder;
    private final TextColumns columns;
    private final List<String> metrics;
    private final List<String> labels;

    GlueTask(String folder, TextColumns columns, List<String> metrics, String... labels) {
        this.folder = folder;
        this.columns = columns;
        this.metrics = List.copyOf(metrics);
        this.labels = List.of(labels);
    }

    /**
     * The task of a name such as {@code SST-2}, {@code sst2} or {@code STS-B}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static GlueTask named(String name) {
        String wanted = name.replaceAll("[-_ ]", "").toUpperCase(Locale.ROOT);
        for (GlueTask task : values()) {
            if (task.name().equals(wanted)) {
                return task;
            }
        }
        throw new IllegalArgumentException(
                "task must be one of %s, got task=%s"
                        .formatted(
                                Arrays.stream(values())
                                        .map(GlueTask::folder)
                                        .collect(Collectors.joining(", ")),
                                name));
    }

    /** The name of its folder, which is the name it is published under. */
    public String folder() {
        return folder;
    }

    /** Whether an example is a pair of texts. */
    public boolean pair() {
        return columns.pair() != null;
    }

    /** Whether labels are numbers to regress on instead of classes. */
    public boolean regression() {
        return labels.isEmpty();
    }

    /**
     * The names of its metrics: {@code accuracy}, {@code f1} (of class {@code 1}), {@code
     * matthews}, {@code pearson}, {@code spearman}. Where there are two, the task's score is their
     * mean.
     */
    public List<String> metrics() {
        return metrics;
    }

    /**
     * The classes.
     *
     * @throws IllegalStateException if the task is a regression
     */
    public LabelSet labels() {
        if (regression()) {
            throw new IllegalStateException(folder + " must be a classification to have labels");
        }
        return LabelSet.of(labels);
    }

    /**
     * The training examples.
     *
     * @param glue the folder that holds the task's folder
     */
    public DelimitedSource train(Path glue) {
        return read(glue, "train.tsv");
    }

    /** The development examples; for MNLI the matched ones. */
    public DelimitedSource dev(Path glue) {
        return read(glue, this == MNLI ? "dev_matched.tsv" : "dev.tsv");
    }

    /** MNLI's development examples from other kinds of text than it trains on. */
    public DelimitedSource devMismatched(Path glue) {
        if (this != MNLI) {
            throw new IllegalStateException("only MNLI has mismatched examples, got " + folder);
        }
        return read(glue, "dev_mismatched.tsv");
    }

    /** The hash of the task's training and development files. */
    public String sha256(Path glue) {
        List<Path> files = new ArrayList<>();
        files.add(file(glue, "train.tsv"));
        if (this == MNLI) {
            files.add(file(glue, "dev_matched.tsv"));
            files.add(file(glue, "dev_mismatched.tsv"));
        } else {
            files.add(file(glue, "dev.tsv"));
        }
        return DataHash.sha256(files);
    }

    private DelimitedSource read(Path glue, String name) {
        // In these files a quote is a character like any other.
        DelimitedFormat format = DelimitedFormat.TSV_UNQUOTED;
        if (this == COLA) {
            format = format.withHeader("source", "label", "star", "sentence");
        }
        return DelimitedSource.of(file(glue, name), columns, format);
    }

    private Path file(Path glue, String name) {
        Path file = glue.resolve(folder).resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    glue.toString(),
                    "must hold %s/%s, got %s".formatted(folder, name, children(glue)));
        }
        return file;
    }

    private static List<String> children(Path glue) {
        if (!Files.isDirectory(glue)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(glue)) {
            return children.limit(50).map(p -> p.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
