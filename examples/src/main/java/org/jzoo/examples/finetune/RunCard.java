package org.jzoo.examples.finetune;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.Pretrained;

/** The model card of a fine-tuning, made from the run. */
public final class RunCard {

    private RunCard() {}

    /** The card's Markdown. */
    public static String of(FineTuneConfig config, TextData data, FineTuned tuned) {
        return of(config, config.model(), data, tuned).build().toMarkdown();
    }

    /** The card of a model that began with {@code base}, or with fresh weights if that is null. */
    static ModelCard.Builder of(
            FineTuneConfig config, String base, TextData data, FineTuned tuned) {
        String begun = base == null ? "A fresh model" : fileName(base);
        return of(config, base, "%s, tuned to %s.".formatted(begun, work(data)), data, tuned);
    }

    /** The card of a model that was made from its teacher. */
    static ModelCard.Builder ofStudent(
            FineTuneConfig config, Teaching teaching, TextData data, FineTuned tuned) {
        String teacher = teaching.teacher().name();
        String summary =
                "A student of %s, taught by it to %s.".formatted(fileName(teacher), work(data));
        return of(config, teacher, summary, data, tuned);
    }

    private static ModelCard.Builder of(
            FineTuneConfig config, String base, String summary, TextData data, FineTuned tuned) {
        ModelCard.Builder card = TuningCard.begin(summary, base, config, tuned);
        if (base != null) {
            card.optLicence(licence(base));
        }
        addData(card, data);
        card.optSetting("longest text, in tokens", config.maxLength());
        TuningCard.addSettings(card, config, tuned);
        TuningCard.addFigures(card, tuned, count(data.validation()), count(data.test()));
        addLimits(card, config, data, tuned);
        return card;
    }

    private static String work(TextData data) {
        return "%s %s like those of %s"
                .formatted(
                        data.regression() ? "give a number to" : "label",
                        data.pair() ? "pairs of texts" : "texts",
                        data.name());
    }

    private static String licence(String model) {
        return Pretrained.of(model).map(Pretrained::licence).orElse("unknown");
    }

    private static void addData(ModelCard.Builder card, TextData data) {
        card.optData(new DataUse(data.name(), "train", data.train().count(), data.hash()));
        addData(card, data.validation(), "validation", data);
        addData(card, data.test(), TuningCard.TEST, data);
    }

    // Parts of one file share its hash; other files have names and hashes of their own.
    private static void addData(
            ModelCard.Builder card, TextSource source, String split, TextData data) {
        if (source != null) {
            boolean same = source.name().equals(data.train().name());
            card.optData(
                    new DataUse(
                            same ? data.name() : fileName(source.name()),
                            split,
                            source.count(),
                            same ? data.hash() : hash(source.name())));
        }
    }

    /** Of a file or folder; empty for sources that are none. */
    static String hash(String source) {
        try {
            Path path = Path.of(source);
            return Files.exists(path) ? DataHash.sha256(path) : "";
        } catch (InvalidPathException e) {
            return "";
        }
    }

    // A card goes to other machines, where folders of this one say nothing.
    static String fileName(String source) {
        return source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
    }

    private static long count(TextSource source) {
        return source == null ? 0 : source.count();
    }

    private static void addLimits(
            ModelCard.Builder card, FineTuneConfig config, TextData data, FineTuned tuned) {
        boolean whole = DocumentJudge.reads(tuned.model());
        card.optLimit("Measured on data like its training data only.")
                .optLimit(
                        "%s the first %d tokens of a text; in training: %s."
                                .formatted(
                                        whole
                                                ? "Reads all of a text, which the test was, too,"
                                                        + " but learned from"
                                                : "Reads",
                                        config.maxLength(),
                                        tuned.truncation()));
        if (!data.regression()) {
            card.optLimit("Always answers with one of its labels, on any text.");
        }
    }
}
