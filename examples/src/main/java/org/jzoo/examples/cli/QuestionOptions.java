package org.jzoo.examples.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.vision.PictureQuestions;
import org.jzoo.examples.finetune.CaptionFineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.QuestionData;
import org.jzoo.examples.finetune.QuestionFineTune;
import org.jzoo.zoo.j1.FreshJ1;
import org.jzoo.zoo.j1.J1Fusion;
import org.jzoo.zoo.j1.J1Size;

/** The options of questions about pictures: where they are, and what a fresh J1 looks like. */
final class QuestionOptions {

    /** The feed-forward of the fusion's layers. */
    private enum FeedForward {
        DENSE,
        GATED,
        EXPERTS
    }

    private static final FineTuneOptions.Defaults FRESH =
            FineTuneOptions.Defaults.full(30, 32, 64, 1e-3, 0.05);
    private static final FineTuneOptions.Defaults TRAINED =
            FineTuneOptions.Defaults.full(10, 32, 64, 2e-4, 0.05);
    private static final List<String> OF_FRESH =
            List.of(
                    "size",
                    "layers",
                    "image-size",
                    "text",
                    "fusion",
                    "feed-forward",
                    "experts",
                    "words");

    private QuestionOptions() {}

    /** Where questions and pictures are. */
    static List<Option> columns() {
        return List.of(
                FineTuneOptions.valued(
                        "pictures", "DIR", "vqa: folder of the pictures [the CSV file's]"),
                FineTuneOptions.valued(
                        "image-column", "NAME", "vqa: column of the picture's path [image]"),
                FineTuneOptions.valued(
                        "question-column",
                        "NAME",
                        "vqa, long-qa: column of the question [question]"),
                FineTuneOptions.valued(
                        "answer-column", "NAME", "vqa, long-qa: column of the answer [answer]"));
    }

    /** The column of captions. */
    static Option captionColumn() {
        return FineTuneOptions.valued(
                "caption-column", "NAME", "caption: column of the text [caption]");
    }

    /** What a fresh J1 looks like. */
    static List<Option> model() {
        return List.of(
                FineTuneOptions.valued(
                        "size",
                        "NAME",
                        "vqa: a fresh J1 of size tiny, small, base or xl; long, language: a fresh"
                                + " J3 of size tiny, small, base or h200 [tiny]"),
                FineTuneOptions.valued(
                        "layers",
                        "T,I,F",
                        "vqa: layers of the text encoder, the image encoder and the fusion [the"
                                + " size's]"),
                FineTuneOptions.valued(
                        "image-size", "N", "vqa: side in pixels that pictures get [the size's]"),
                FineTuneOptions.valued(
                        "text",
                        "NAME",
                        "vqa: text encoder to start from, such as minilm-l6 [fresh, of the"
                                + " questions' words]"),
                FineTuneOptions.valued(
                        "words", "N", "vqa: words that a fresh text encoder knows [10000]"),
                FineTuneOptions.valued("fusion", "KIND", "vqa: joint, two-way or pooled [joint]"),
                FineTuneOptions.valued(
                        "feed-forward",
                        "KIND",
                        "vqa: of the fusion's layers: dense, gated or experts [dense]"),
                FineTuneOptions.valued(
                        "experts",
                        "N",
                        "vqa: experts of a layer, two for each token [4]; of a fresh J3: of every"
                                + " second layer [none]"),
                FineTuneOptions.valued(
                        "keep-mb", "N", "vqa: MiB of decoded pictures to keep in memory [512]"));
    }

    /** The questions of an option's file. */
    static PictureQuestions questions(Arguments arguments, String option) {
        Path csv = arguments.existing(option);
        return PictureQuestions.of(
                folder(arguments, csv),
                csv,
                arguments.text("image-column", "image"),
                arguments.text("question-column", "question"),
                arguments.text("answer-column", "answer"));
    }

    /** The questions to learn from, to watch and to be judged by. */
    static QuestionData data(Arguments arguments) {
        return QuestionData.of(
                questions(arguments, "train"),
                arguments.has("validation") ? questions(arguments, "validation") : null,
                arguments.has("test") ? questions(arguments, "test") : null);
    }

    private static Path folder(Arguments arguments, Path csv) {
        return arguments.has("pictures")
                ? arguments.existing("pictures")
                : csv.toAbsolutePath().getParent();
    }

    /** A run on questions as the arguments ask for. */
    static FineTuneRun run(Arguments arguments, Path work, Terminal terminal) {
        FineTuneConfig config = config(arguments, work);
        boolean trained = arguments.has("model");
        FreshJ1 fresh = trained ? null : fresh(arguments, config.maxLength());
        QuestionData data = data(arguments);
        QuestionFineTune tuning =
                (trained
                                ? QuestionFineTune.from(config, data)
                                : QuestionFineTune.fresh(fresh, config, data))
                        .keeping(keptBytes(arguments));
        String description =
                "%s, %,d questions about %,d pictures, %d answers"
                        .formatted(
                                trained ? "model " + config.model() : "a fresh J1",
                                data.train().rows().size(),
                                data.train().pictures(),
                                data.answers().size());
        return new FineTuneRun(config, tuning, description, terminal);
    }

    /** A run on captions as the arguments ask for. */
    static FineTuneRun captions(Arguments arguments, Path work, Terminal terminal) {
        FineTuneConfig config = config(arguments, work);
        boolean trained = arguments.has("model");
        FreshJ1 fresh = trained ? null : fresh(arguments, config.maxLength());
        List<QuestionData.Part> parts = captions(arguments, "train").split();
        CaptionFineTune.CaptionData data =
                new CaptionFineTune.CaptionData(
                        parts.get(0),
                        arguments.has("validation")
                                ? captions(arguments, "validation")
                                : parts.size() < 2 ? null : parts.get(1),
                        arguments.has("test") ? captions(arguments, "test") : null,
                        DataHash.sha256(arguments.existing("train")));
        CaptionFineTune tuning =
                (trained
                                ? CaptionFineTune.from(config, data)
                                : CaptionFineTune.fresh(fresh, config, data))
                        .keeping(keptBytes(arguments));
        String description =
                "%s, %,d captions of %,d pictures"
                        .formatted(
                                trained ? "model " + config.model() : "a fresh J1",
                                data.train().rows().size(),
                                data.train().pictures());
        return new FineTuneRun(config, tuning, description, terminal);
    }

    private static QuestionData.Part captions(Arguments arguments, String option) {
        Path csv = arguments.existing(option);
        return QuestionData.Part.of(
                PictureQuestions.captions(
                        folder(arguments, csv),
                        csv,
                        arguments.text("image-column", "image"),
                        arguments.text("caption-column", "caption")));
    }

    private static long keptBytes(Arguments arguments) {
        return (long) arguments.integer("keep-mb", 512, 0) << 20;
    }

    private static FineTuneConfig config(Arguments arguments, Path work) {
        boolean trained = arguments.has("model");
        OF_FRESH.stream()
                .filter(option -> trained && arguments.has(option))
                .findFirst()
                .ifPresent(
                        option -> {
                            throw new UsageException(
                                    "--%s must be left out with --model: it is for a fresh J1"
                                            .formatted(option));
                        });
        return FineTuneOptions.config(
                arguments, trained ? TRAINED : FRESH, work, arguments.has("resume"));
    }

    private static FreshJ1 fresh(Arguments arguments, int maxLength) {
        J1Size size;
        try {
            size = J1Size.named(arguments.text("size", "tiny"));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
        }
        if (arguments.has("layers")) {
            String[] layers = arguments.text("layers").split(",");
            if (layers.length != 3
                    || !Arrays.stream(layers).allMatch(n -> n.matches("[1-9]\\d?"))) {
                throw new UsageException(
                        "--layers must be three numbers >= 1, such as 2,2,3, got "
                                + arguments.text("layers"));
            }
            size =
                    size.withLayers(
                            Integer.parseInt(layers[0]),
                            Integer.parseInt(layers[1]),
                            Integer.parseInt(layers[2]));
        }
        if (arguments.has("image-size")) {
            size = size.withImageSize(arguments.integer("image-size", 0, 1));
        }
        return FreshJ1.builder()
                .optSize(size)
                .optFusion(arguments.choice("fusion", J1Fusion.class, J1Fusion.JOINT))
                .optFeedForward(feedForward(arguments, size))
                .optText(arguments.text("text", null))
                .optMaxLength(maxLength)
                .optMaxWords(arguments.integer("words", 10_000, 1))
                .build();
    }

    private static FeedForwardOption feedForward(Arguments arguments, J1Size size) {
        FeedForward kind =
                arguments.choice(
                        "feed-forward",
                        FeedForward.class,
                        arguments.has("experts") ? FeedForward.EXPERTS : FeedForward.DENSE);
        return switch (kind) {
            case DENSE -> null;
            case GATED -> size.gatedFeedForward();
            case EXPERTS -> size.experts(arguments.integer("experts", 4, 2));
        };
    }
}
