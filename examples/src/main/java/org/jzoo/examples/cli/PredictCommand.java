package org.jzoo.examples.cli;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.translate.TranslateException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.Options;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.zoo.j1.CaptionTask;
import org.jzoo.zoo.j1.J1Task;
import org.jzoo.zoo.j1.RetrievalTask;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.ImageClassificationTask;
import org.jzoo.zoo.task.ImageEmbeddingTask;
import org.jzoo.zoo.task.ImageTextTask;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.translator.Filling;
import org.jzoo.zoo.translator.TextPair;
import org.jzoo.zoo.translator.TokenLabel;

/** {@code jzoo predict}: what a model says of texts. */
final class PredictCommand implements Command {

    @Override
    public String name() {
        return "predict";
    }

    @Override
    public String summary() {
        return "Answers for each text or picture: its label, value, labelled words, or words for a"
                + " mask.";
    }

    @Override
    public String usage() {
        return "--model DIR [TEXT... | PICTURE... | --documents FILE... | --file FILE | < lines]"
                + " [options]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.valued("model", "NAME", "model folder or name"));
        TextInput.addOptions(options);
        options.addOption(
                FineTuneOptions.valued(
                        "pair-column", "NAME", "column of the second text in a table [pair]"));
        options.addOption(
                FineTuneOptions.flag(
                        "pair",
                        "reads pairs: two TEXTs, or a line with a tab [what the model was tuned"
                                + " on]"));
        EachDocument.options("by a J3 that labels them or their words").forEach(options::addOption);
        options.addOption(
                FineTuneOptions.valued(
                        "labels",
                        "A,B",
                        "labels in words, for a model of images and texts to choose from"));
        options.addOption(FineTuneOptions.flag("bf16", "computes matrix products in bfloat16"));
        options.addOption(
                FineTuneOptions.valued("device", "NAME", "cpu or gpu [gpu if there is one]"));
        options.addOption(FineTuneOptions.flag("json", "prints a JSON object a line"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo predict --model spam-model 'You won a prize, click here'",
                "jzoo predict --model spam-model --file mails.csv --text-column body --json",
                "cat reviews.txt | jzoo predict --model my-model",
                "jzoo predict --model paraphrase 'How old are you?' 'What is your age?'",
                "jzoo predict --model my-j3 --documents contract.pdf letter.txt",
                "jzoo predict --model shapes drawing.png photo.jpg",
                "jzoo predict --model clip --labels 'a cat,a dog' photo.jpg");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        String name = arguments.text("model");
        TextInput input = new TextInput(arguments); // says what is wrong before a model is loaded
        EachDocument.check(arguments);
        try (LoadedModel model = Models.load(name, FineTuneOptions.device(arguments))) {
            Task task = model.config().task();
            Precision precision = arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32;
            if (EachDocument.asked(arguments)) {
                return DocumentLabels.read(model, arguments, terminal);
            }
            if (task instanceof ImageClassificationTask || task instanceof ImageTextTask) {
                boolean json = arguments.has("json");
                PictureAnswers.of(model, arguments)
                        .answers(arguments)
                        .forEach((file, answer) -> print("picture", file, answer, json, terminal));
                return Main.OK;
            }
            if (task instanceof CausalLanguageTask) {
                throw new UsageException(
                        "--model must answer, and %s goes on: use jzoo generate".formatted(name));
            }
            if (task instanceof SpanTask) {
                throw new UsageException(
                        "--model must label, and %s answers questions about documents: use jzoo ask"
                                .formatted(name));
            }
            if (task instanceof CaptionTask) {
                throw new UsageException(
                        "--model must answer, and %s writes captions: use jzoo caption"
                                .formatted(name));
            }
            if (task instanceof J1Task) {
                throw new UsageException(
                        "--model must read texts or pictures, and %s reads both: use jzoo vqa"
                                .formatted(name));
            }
            if (task instanceof RetrievalTask
                    || task instanceof EmbeddingTask
                    || task instanceof ImageEmbeddingTask) {
                throw new UsageException(
                        "--model must be tuned for a task; %s makes embeddings: use jzoo embed"
                                .formatted(name));
            }
            Answers<?> answers = answers(task, arguments.has("json"), terminal);
            if (arguments.has("pair") || TaskWords.isPair(task)) {
                answers.pairs(model, input, precision);
            } else {
                answers.texts(model, input, precision);
            }
        }
        return Main.OK;
    }

    private static Answers<?> answers(Task task, boolean json, Terminal terminal) {
        if (task instanceof ClassificationTask) {
            return new Answers<>(
                    Classifications.class,
                    terminal,
                    json,
                    PredictCommand::of,
                    PredictCommand::show);
        }
        if (task instanceof RegressionTask) {
            return new Answers<>(
                    Float.class,
                    terminal,
                    json,
                    (value, fields) -> fields.put("value", value),
                    value -> String.format(Locale.ROOT, "%.4f", value));
        }
        if (task instanceof MaskedWordsTask) {
            return new Answers<>(
                    Filling[].class,
                    terminal,
                    json,
                    (words, fields) -> fields.put("fillings", words),
                    PredictCommand::show);
        }
        return new Answers<>(
                TokenLabel[].class,
                terminal,
                json,
                (labels, fields) -> fields.put("tokens", labels),
                PredictCommand::show);
    }

    /** Prints the labels of a picture or document. */
    static void print(
            String kind, String file, Classifications answer, boolean json, Terminal terminal) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put(kind, file);
            of(answer, line);
            terminal.jsonLine(line);
        } else {
            terminal.print("%s\t%s", show(answer), file);
        }
    }

    private static void of(Classifications answer, Map<String, Object> fields) {
        Map<String, Double> probabilities = new LinkedHashMap<>();
        for (int i = 0; i < answer.getClassNames().size(); i++) {
            probabilities.put(answer.getClassNames().get(i), answer.getProbabilities().get(i));
        }
        fields.put("label", answer.best().getClassName());
        fields.put("probabilities", probabilities);
    }

    private static String show(Classifications answer) {
        StringBuilder line = new StringBuilder();
        for (Classifications.Classification one : answer.topK(3)) {
            line.append(line.isEmpty() ? "" : "  ")
                    .append("%s %.1f%%".formatted(one.getClassName(), 100 * one.getProbability()));
        }
        return line.toString();
    }

    private static String show(Filling... fillings) {
        StringBuilder line = new StringBuilder();
        for (Filling one : fillings) {
            line.append(line.isEmpty() ? "" : "  ")
                    .append("%s %.1f%%".formatted(one.word(), 100 * one.probability()));
        }
        return line.toString();
    }

    private static String show(TokenLabel... labels) {
        StringBuilder line = new StringBuilder();
        for (TokenLabel one : labels) {
            line.append(line.isEmpty() ? "" : "  ")
                    .append(
                            "%s [%s %.1f%%]"
                                    .formatted(one.token(), one.label(), 100 * one.score()));
        }
        return line.isEmpty() ? "-" : line.toString();
    }

    /** Adds an answer to the fields of a JSON object. */
    private interface Fields<O> {
        void add(O answer, Map<String, Object> fields);
    }

    /** Turns an answer into words. */
    private interface Words<O> {
        String of(O answer);
    }

    /** Answers of one type, computed and printed. */
    private record Answers<O>(
            Class<O> type, Terminal terminal, boolean json, Fields<O> fields, Words<O> words) {

        void texts(LoadedModel model, TextInput input, Precision precision) throws Exception {
            try (Predictor<String, O> predictor = model.predictor(String.class, type, precision)) {
                input.texts(chunk -> print(chunk, null, answer(predictor, chunk)));
            }
        }

        void pairs(LoadedModel model, TextInput input, Precision precision) throws Exception {
            try (Predictor<TextPair, O> predictor =
                    model.predictor(TextPair.class, type, precision)) {
                input.pairs(
                        chunk ->
                                print(
                                        chunk.stream().map(TextPair::first).toList(),
                                        chunk.stream().map(TextPair::second).toList(),
                                        answer(predictor, chunk)));
            }
        }

        private static <I, O> List<O> answer(Predictor<I, O> predictor, List<I> chunk)
                throws TranslateException {
            return predictor.batchPredict(chunk);
        }

        private void print(List<String> texts, List<String> seconds, List<O> answers) {
            for (int i = 0; i < answers.size(); i++) {
                if (json) {
                    Map<String, Object> line = new LinkedHashMap<>();
                    line.put("text", texts.get(i));
                    if (seconds != null) {
                        line.put("pair", seconds.get(i));
                    }
                    fields.add(answers.get(i), line);
                    terminal.jsonLine(line);
                } else {
                    String second = seconds == null ? "" : " | " + seconds.get(i);
                    terminal.print("%s\t%s%s", words.of(answers.get(i)), texts.get(i), second);
                }
            }
        }
    }
}
