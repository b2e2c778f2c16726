package org.jzoo.examples.cli;

import ai.djl.modality.cv.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.commons.cli.Options;
import org.jzoo.training.report.TextTable;
import org.jzoo.training.report.TextTable.Align;
import org.jzoo.zoo.document.DocumentVectors;
import org.jzoo.zoo.document.WindowVectors;
import org.jzoo.zoo.j1.RetrievalTask;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.ImageEmbeddingTask;
import org.jzoo.zoo.task.ImageTextTask;
import org.jzoo.zoo.task.Task;

/** {@code jzoo embed}: the vectors of texts, or how similar they are. */
final class EmbedCommand implements Command {

    private static final int MOST_COMPARED = 1000;
    private static final int SHOWN_LETTERS = 40;

    @Override
    public String name() {
        return "embed";
    }

    @Override
    public String summary() {
        return "Turns texts, documents or pictures into vectors (JSON lines), compares them"
                + " (cosine), or ranks pictures.";
    }

    @Override
    public String usage() {
        return "[TEXT... | PICTURE... | --documents FILE... | --file FILE | < lines] [--model NAME]"
                + " [options]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(
                FineTuneOptions.valued(
                        "model", "NAME", "name or folder of an encoder [minilm-l6]"));
        TextInput.addOptions(options);
        options.addOption(
                FineTuneOptions.flag(
                        "pictures", "reads files of pictures, by a model of images and texts"));
        EachDocument.options("whole by a J3, in windows by other models")
                .forEach(options::addOption);
        options.addOption(
                FineTuneOptions.valued(
                        "rank",
                        "TEXT",
                        "orders pictures, or folders of them, by how well they fit the text"));
        options.addOption(FineTuneOptions.valued("top", "N", "pictures to print of a rank [10]"));
        options.addOption(
                FineTuneOptions.flag("similarity", "prints the cosine of each text with each"));
        options.addOption(
                FineTuneOptions.valued("device", "NAME", "cpu or gpu [gpu if there is one]"));
        options.addOption(FineTuneOptions.flag("json", "prints the similarities as JSON"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo embed 'a cat' 'a dog' 'the tax form' --similarity",
                "jzoo embed --model bge-small-en --file sentences.txt > vectors.jsonl",
                "jzoo embed --model clip --pictures cat.jpg dog.jpg --similarity",
                "jzoo embed --model my-j3 --documents contract.pdf letter.txt --similarity",
                "jzoo embed --model j1-emoji --rank 'a red heart' pictures");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        String name = arguments.text("model", "minilm-l6");
        EachDocument.check(arguments);
        try (LoadedModel model = Models.load(name, FineTuneOptions.device(arguments))) {
            Task task = model.config().task();
            boolean both = task instanceof ImageTextTask || task instanceof RetrievalTask;
            if (arguments.has("rank")) {
                if (!both) {
                    throw new UsageException(
                            "--rank must have a model of texts and pictures, got %s for %s"
                                    .formatted(name, TaskWords.of(task)));
                }
                PictureRanking.run(model, arguments, terminal);
                return Main.OK;
            }
            if (task instanceof ImageEmbeddingTask || (both && arguments.has("pictures"))) {
                pictures(model, arguments, terminal);
                return Main.OK;
            }
            if (!(task instanceof EmbeddingTask) && !both) {
                throw new UsageException(
                        "--model must make embeddings; %s was made for %s: use jzoo %s"
                                .formatted(
                                        name,
                                        TaskWords.of(task),
                                        task instanceof SpanTask ? "ask" : "predict"));
            }
            if (EachDocument.asked(arguments)) {
                return documents(model, arguments, terminal);
            }
            TextInput input = new TextInput(arguments);
            if (!arguments.has("similarity")) {
                input.texts(chunk -> print(chunk, model.embed(chunk), terminal));
                return Main.OK;
            }
            List<String> texts = new ArrayList<>();
            List<float[]> vectors = new ArrayList<>();
            input.texts(
                    chunk -> {
                        texts.addAll(chunk);
                        if (texts.size() > MOST_COMPARED) {
                            throw new UsageException(
                                    "--similarity must have at most %d texts, got more"
                                            .formatted(MOST_COMPARED));
                        }
                        vectors.addAll(Arrays.asList(model.embed(chunk)));
                    });
            compare(texts, vectors, arguments.has("json"), terminal);
        }
        return Main.OK;
    }

    private static int documents(LoadedModel model, Arguments arguments, Terminal terminal) {
        List<String> files = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        boolean similarity = arguments.has("similarity");
        int status =
                EachDocument.read(
                        arguments,
                        Set.of("file", "text-column", "pictures", "rank", "top"),
                        cancelled -> {
                            DocumentVectors made = vectors(model, arguments, cancelled);
                            return (file, document) -> {
                                float[] vector = made.embed(document);
                                if (similarity) {
                                    files.add(file);
                                    vectors.add(vector);
                                } else {
                                    print("document", file, vector, terminal);
                                }
                            };
                        },
                        terminal);
        if (similarity && status != Main.INTERRUPTED) {
            compare(files, vectors, arguments.has("json"), terminal);
        }
        return status;
    }

    private static DocumentVectors vectors(
            LoadedModel model, Arguments arguments, BooleanSupplier cancelled) {
        if (model.block() instanceof J3Model) {
            return EachDocument.reader(model, arguments, cancelled);
        }
        for (String name : EachDocument.OF_J3) {
            if (arguments.has(name)) {
                throw new UsageException(
                        "--%s must have a J3, got %s, which reads windows"
                                .formatted(name, model.name()));
            }
        }
        return WindowVectors.of(model).withCancelled(cancelled);
    }

    private static void pictures(LoadedModel model, Arguments arguments, Terminal terminal)
            throws Exception {
        Map<String, Image> pictures = PictureAnswers.pictures(arguments);
        List<float[]> vectors = PictureAnswers.vectors(model, pictures);
        List<String> files = List.copyOf(pictures.keySet());
        if (arguments.has("similarity")) {
            compare(files, vectors, arguments.has("json"), terminal);
        } else {
            print(files, vectors.toArray(new float[0][]), terminal);
        }
    }

    private static void print(List<String> texts, float[][] vectors, Terminal terminal) {
        for (int i = 0; i < vectors.length; i++) {
            print("text", texts.get(i), vectors[i], terminal);
        }
    }

    private static void print(String kind, String name, float[] vector, Terminal terminal) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(kind, name);
        line.put("vector", vector);
        terminal.jsonLine(line);
    }

    private static void compare(
            List<String> texts, List<float[]> vectors, boolean json, Terminal terminal) {
        int n = texts.size();
        double[][] cosines = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                cosines[i][j] = cosine(vectors.get(i), vectors.get(j));
            }
        }
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("texts", texts);
            result.put("cosine", cosines);
            terminal.jsonLine(result);
            return;
        }
        Align[] columns = new Align[n + 2];
        Arrays.fill(columns, Align.RIGHT);
        columns[1] = Align.LEFT;
        TextTable table = new TextTable(columns);
        String[] cells = new String[n + 2];
        Arrays.fill(cells, "");
        for (int j = 0; j < n; j++) {
            cells[j + 2] = Integer.toString(j + 1);
        }
        table.row(cells);
        for (int i = 0; i < n; i++) {
            String text = texts.get(i);
            cells[0] = Integer.toString(i + 1);
            cells[1] =
                    text.length() <= SHOWN_LETTERS ? text : text.substring(0, SHOWN_LETTERS) + "…";
            for (int j = 0; j < n; j++) {
                cells[j + 2] = String.format(Locale.ROOT, "%.3f", cosines[i][j]);
            }
            table.row(cells);
        }
        terminal.print("%s", table.toString().stripTrailing());
    }

    static double cosine(float[] a, float[] b) {
        double product = 0;
        double normA = 0;
        double normB = 0;
        for (int d = 0; d < a.length; d++) {
            product += (double) a[d] * b[d];
            normA += (double) a[d] * a[d];
            normB += (double) b[d] * b[d];
        }
        return product / Math.max(1e-12, Math.sqrt(normA * normB));
    }
}
