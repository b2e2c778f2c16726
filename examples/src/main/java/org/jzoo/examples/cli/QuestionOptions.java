package org.jzoo.examples.cli;

import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.datasets.vision.PictureQuestions;
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
            new FineTuneOptions.Defaults(FineTuneOptions.Kind.FULL, 30, 32, 64, 1e-3, 1e-3, 0.05);
    private static final FineTuneOptions.Defaults TRAINED =
            new FineTuneOptions.Defaults(FineTuneOptions.Kind.FULL, 10, 32, 64, 1e-3, 2e-4, 0.05);
    private static final List<String> OF_FRESH =
            List.of("size", "image-size", "text", "fusion", "feed-forward", "experts", "words");

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

    /** What a fresh J1 looks like. */
    static List<Option> model() {
        return List.of(
                FineTuneOptions.valued(
                        "size",
                        "NAME",
                        "vqa: a fresh J1 of size tiny, small, base or xl; long: a fresh J3 of size"
                                + " tiny, small, base or h200 [tiny]"),
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
                        "experts", "N", "vqa: experts of a layer, two for each token [4]"),
                FineTuneOptions.valued(
                        "keep-mb", "N", "vqa: MiB of decoded pictures to keep in memory [512]"));
    }

    /** The questions of an option's file. */
    static PictureQuestions questions(Arguments arguments, String option) {
        Path csv = arguments.existing(option);
        Path folder =
                arguments.has("pictures")
                        ? arguments.existing("pictures")
                        : csv.toAbsolutePath().getParent();
        return PictureQuestions.of(
                folder,
                csv,
                arguments.text("image-column", "image"),
                arguments.text("question-column", "question"),
                arguments.text("answer-column", "answer"));
    }

    /** A run as the arguments ask for. */
    static FineTuneRun run(Arguments arguments, Path work, Terminal terminal) {
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
        FineTuneConfig config =
                FineTuneOptions.config(
                        arguments, trained ? TRAINED : FRESH, work, arguments.has("resume"));
        FreshJ1 fresh = trained ? null : fresh(arguments, config.maxLength());
        QuestionData data =
                QuestionData.of(
                        questions(arguments, "train"),
                        arguments.has("validation") ? questions(arguments, "validation") : null,
                        arguments.has("test") ? questions(arguments, "test") : null);
        QuestionFineTune tuning =
                (trained
                                ? QuestionFineTune.from(config, data)
                                : QuestionFineTune.fresh(fresh, config, data))
                        .keeping((long) arguments.integer("keep-mb", 512, 0) << 20);
        String description =
                "%s, %,d questions about %,d pictures, %d answers"
                        .formatted(
                                trained ? "model " + config.model() : "a fresh J1",
                                data.train().rows().size(),
                                data.train().pictures(),
                                data.answers().size());
        return new FineTuneRun(config, tuning, description, terminal);
    }

    private static FreshJ1 fresh(Arguments arguments, int maxLength) {
        J1Size size;
        try {
            size = J1Size.named(arguments.text("size", "tiny"));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
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
