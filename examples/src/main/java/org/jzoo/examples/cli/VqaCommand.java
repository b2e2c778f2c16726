package org.jzoo.examples.cli;

import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.commons.cli.Options;
import org.jzoo.zoo.j1.Answer;
import org.jzoo.zoo.j1.J1Task;
import org.jzoo.zoo.j1.MatchTask;
import org.jzoo.zoo.j1.VisualQuestion;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Zoo;

/** {@code jzoo vqa}: a question about a picture. */
final class VqaCommand implements Command {

    private static final int SHOWN = 3;

    @Override
    public String name() {
        return "vqa";
    }

    @Override
    public String summary() {
        return "Answers a question about a picture, or says whether a text fits it, and what"
                + " picture and words weighed.";
    }

    @Override
    public String usage() {
        return "[--model DIR] [--image FILE] [--question TEXT] [options]";
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(
                FineTuneOptions.valued("model", "NAME", "model folder or name [j1-tiny]"));
        options.addOption(FineTuneOptions.valued("image", "FILE", "the picture; may be left out"));
        options.addOption(
                FineTuneOptions.valued("question", "TEXT", "the question; may be left out"));
        options.addOption(
                FineTuneOptions.valued(
                        "overlay", "FILE", "PNG file to show where the question looked"));
        options.addOption(
                FineTuneOptions.valued("device", "NAME", "cpu or gpu [gpu if there is one]"));
        options.addOption(FineTuneOptions.flag("json", "prints a JSON object"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo vqa --image x.png --question 'what shape is furthest from the red object?'",
                "jzoo vqa --model my-j1 --image x.png --question 'is the blue object on"
                        + " the left?' --overlay look.png");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        if (!arguments.has("image") && !arguments.has("question")) {
            throw new UsageException("--image or --question must be there, got neither");
        }
        if (arguments.has("overlay") && !(arguments.has("image") && arguments.has("question"))) {
            throw new UsageException("--overlay must come with --image and --question");
        }
        String name = arguments.text("model", "j1-tiny");
        try (LoadedModel model = Zoo.load(name, FineTuneOptions.device(arguments))) {
            if (!(model.config().task() instanceof J1Task)) {
                throw new UsageException(
                        "--model must answer questions about pictures, got %s for %s"
                                .formatted(name, TaskWords.of(model.config().task())));
            }
            String text = arguments.has("question") ? arguments.text("question") : null;
            VisualQuestion question =
                    arguments.has("image")
                            ? VisualQuestion.of(arguments.existing("image"), text)
                            : new VisualQuestion(null, text);
            if (model.config().task() instanceof MatchTask) {
                match(model, question, arguments, terminal);
            } else {
                answer(model, question, arguments, terminal);
            }
        }
        return Main.OK;
    }

    private static void match(
            LoadedModel model, VisualQuestion question, Arguments arguments, Terminal terminal)
            throws TranslateException {
        if (question.image() == null || question.text() == null) {
            throw new UsageException("--image and --question must be there to be matched");
        }
        try (Predictor<VisualQuestion, Float> predictor =
                model.predictor(VisualQuestion.class, Float.class)) {
            float match = predictor.predict(question);
            if (arguments.has("json")) {
                terminal.jsonLine(Map.of("match", match));
            } else {
                terminal.print("%s", String.format(Locale.ROOT, "match %.1f%%", 100 * match));
            }
        }
    }

    private static void answer(
            LoadedModel model, VisualQuestion question, Arguments arguments, Terminal terminal)
            throws IOException, TranslateException {
        try (Predictor<VisualQuestion, Answer> predictor =
                model.predictor(VisualQuestion.class, Answer.class)) {
            Answer answer = predictor.predict(question);
            print(answer, arguments.has("json"), terminal);
            if (arguments.has("overlay")) {
                Path overlay = arguments.path("overlay", null);
                ImageIO.write(answer.overlay(question.image()), "png", overlay.toFile());
                terminal.remark("%s shows where the question looked", overlay);
            }
        }
    }

    private static void print(Answer answer, boolean json, Terminal terminal) {
        boolean gated = !Double.isNaN(answer.textWeight());
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("answer", answer.best());
            line.put("probabilities", answer.probabilities());
            if (gated) {
                line.put("textWeight", answer.textWeight());
                line.put("imageWeight", answer.imageWeight());
            }
            terminal.jsonLine(line);
            return;
        }
        StringBuilder words = new StringBuilder();
        answer.probabilities().entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(SHOWN)
                .forEach(
                        e ->
                                words.append(words.isEmpty() ? "" : "  ")
                                        .append(
                                                String.format(
                                                        Locale.ROOT,
                                                        "%s %.1f%%",
                                                        e.getKey(),
                                                        100 * e.getValue())));
        terminal.print("%s", words);
        if (gated) {
            terminal.print(
                    "%s",
                    String.format(
                            Locale.ROOT,
                            "weights: text %.2f, image %.2f",
                            answer.textWeight(),
                            answer.imageWeight()));
        }
    }
}
