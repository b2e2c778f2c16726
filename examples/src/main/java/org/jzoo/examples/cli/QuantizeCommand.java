package org.jzoo.examples.cli;

import ai.djl.Device;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.Options;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.quantize.CalibrationTexts;
import org.jzoo.examples.quantize.QualityCheck;
import org.jzoo.examples.quantize.QuantizeMethod;
import org.jzoo.examples.quantize.QuantizeReport;
import org.jzoo.training.compression.quantization.EmbeddingPacking;
import org.jzoo.training.compression.quantization.MapReport;
import org.jzoo.training.compression.quantization.PostTraining;
import org.jzoo.training.compression.quantization.WeightMethod;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.TensorType;

/** {@code jzoo quantize}: a model folder with weights of few bits. */
final class QuantizeCommand implements Command {

    private static final int SEED = 17;

    @Override
    public String name() {
        return "quantize";
    }

    @Override
    public String summary() {
        return "Packs a text model's matrices into 2 to 8 bits a weight and tells what it cost.";
    }

    @Override
    public String usage() {
        return "--model DIR --bits N --out DIR [--train FILE] [--test FILE] [options]";
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.valued("model", "DIR", "model folder or name"));
        options.addOption(FineTuneOptions.valued("bits", "N", "of a weight, 2 to 8 [4]"));
        options.addOption(
                FineTuneOptions.valued(
                        "method", "NAME", "gptq, awq, rtn (nearest), squeeze or pq [gptq]"));
        options.addOption(
                FineTuneOptions.valued(
                        "group", "N", "weights that share a scale; 0 for a row's [64]"));
        options.addOption(
                FineTuneOptions.valued(
                        "embedding-bits",
                        "N",
                        "of a number in the tables of words, 2 to 8, a scale a row [none]"));
        options.addOption(
                FineTuneOptions.valued(
                        "train", "FILE", "texts that the method looks at; only rtn needs none"));
        options.addOption(FineTuneOptions.valued("texts", "N", "how many of them [128]"));
        options.addOption(
                FineTuneOptions.valued("test", "FILE", "texts to measure before and after"));
        options.addOption(
                FineTuneOptions.valued(
                        "targets", "PATTERNS", "comma-separated paths of matrices [*]"));
        options.addOption(
                FineTuneOptions.valued("text-column", "NAME", "column of the text [text]"));
        options.addOption(
                FineTuneOptions.valued("pair-column", "NAME", "column of a second text [none]"));
        options.addOption(
                FineTuneOptions.valued("label-column", "NAME", "column of the label [label]"));
        options.addOption(
                FineTuneOptions.valued("max-length", "N", "tokens of the longest text [128]"));
        options.addOption(FineTuneOptions.valued("seed", "N", "of the choice of texts [17]"));
        options.addOption(
                FineTuneOptions.flag("fp16", "stores what is not packed in 16 bits, too"));
        options.addOption(FineTuneOptions.valued("out", "DIR", "folder of the packed model"));
        options.addOption(FineTuneOptions.flag("overwrite", "replaces a model that is in --out"));
        options.addOption(FineTuneOptions.flag("json", "prints the report as JSON"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo quantize --model my-model --bits 4 --train train.csv --test test.csv --out"
                        + " my-model-4bit",
                "jzoo quantize --model minilm-l6 --bits 8 --method rtn --group 0 --out"
                        + " minilm-8bit");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        int bits = arguments.integer("bits", 4, 2);
        int group = arguments.integer("group", 64, 0);
        long seed = arguments.integer("seed", SEED, 0);
        QuantizeMethod kind = arguments.choice("method", QuantizeMethod.class, QuantizeMethod.GPTQ);
        WeightMethod method = method(kind, bits, group, seed);
        Path out = arguments.out();
        if (method.readsInputs() && !arguments.has("train")) {
            throw new UsageException(
                    "--train must be given: %s looks at texts"
                            .formatted(kind.name().toLowerCase(Locale.ROOT)));
        }
        try (LoadedModel model = Models.load(arguments.text("model"), Device.cpu())) {
            QuantizeReport report = quantize(model, kind, method, arguments, out, seed);
            if (arguments.has("json")) {
                terminal.json(report);
            } else {
                show(report, out, terminal);
            }
        }
        return Main.OK;
    }

    private static WeightMethod method(QuantizeMethod kind, int bits, int group, long seed) {
        try {
            return kind.of(bits, group, seed);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
        }
    }

    private static QuantizeReport quantize(
            LoadedModel model,
            QuantizeMethod kind,
            WeightMethod method,
            Arguments arguments,
            Path out,
            long seed)
            throws Exception {
        int maxLength = arguments.integer("max-length", 128, 3);
        EmbeddingPacking words = words(arguments);
        Task task = model.config().task();
        TextSource test = source(arguments, "test", task);
        QualityCheck check = test == null ? null : new QualityCheck(test, maxLength);
        Map<String, Double> before = check == null ? Map.of() : check.of(model);
        long bytes = bytes(model);
        PostTraining packing =
                new PostTraining(method, List.of(arguments.text("targets", "*").split(",")));
        List<MapReport> maps = pack(model, packing, arguments, maxLength, seed);
        if (words != null) {
            words.apply((Part) model.block());
        }
        TensorType floats = arguments.has("fp16") ? TensorType.F16 : TensorType.F32;
        QuantizeReport report =
                new QuantizeReport(
                        model.name(), method.toString(), bytes, 0, maps, before, Map.of());
        long tested = test == null ? 0 : test.count();
        // Twice: what the saved file is worth belongs into the card beside it.
        ModelFolder.save(out, model, card(model, out, kind, report, tested), floats);
        Map<String, Double> after = Map.of();
        if (check != null) {
            try (LoadedModel saved = ModelFolder.load(out, Device.cpu())) {
                after = check.of(saved);
            }
        }
        report = report.saved(Files.size(out.resolve(Safetensors.FILE_NAME)), after);
        ModelFolder.save(out, model, card(model, out, kind, report, tested), floats);
        return report;
    }

    private static EmbeddingPacking words(Arguments arguments) {
        if (!arguments.has("embedding-bits")) {
            return null;
        }
        int bits = arguments.integer("embedding-bits", 8, 2);
        if (bits > 8) {
            throw new UsageException("--embedding-bits must be in [2, 8], got " + bits);
        }
        return EmbeddingPacking.perRow(bits);
    }

    private static List<MapReport> pack(
            LoadedModel model,
            PostTraining packing,
            Arguments arguments,
            int maxLength,
            long seed) {
        Part block = (Part) model.block();
        TextSource train = source(arguments, "train", model.config().task());
        if (train == null) {
            return packing.apply(block, null, null);
        }
        try (CalibrationTexts texts =
                CalibrationTexts.of(
                        model, train, arguments.integer("texts", 128, 1), maxLength, seed)) {
            return packing.apply(block, texts.batches(), texts.loss());
        }
    }

    private static TextSource source(Arguments arguments, String option, Task task) {
        if (!arguments.has(option)) {
            return null;
        }
        TextColumns columns =
                new TextColumns(
                        arguments.text("text-column", "text"),
                        arguments.text("pair-column", null),
                        arguments.text("label-column", "label"),
                        task instanceof RegressionTask ? TargetKind.NUMBER : TargetKind.CLASS);
        boolean labelled = task instanceof RegressionTask || task instanceof ClassificationTask;
        return TextFiles.open(
                arguments.existing(option), labelled ? columns : columns.withoutLabel());
    }

    private static long bytes(LoadedModel model) {
        return model.parameters().values().stream()
                .distinct()
                .map(Parameter::getArray)
                .mapToLong(array -> array.size() * array.getDataType().getNumOfBytes())
                .sum();
    }

    private static String card(
            LoadedModel model, Path out, QuantizeMethod kind, QuantizeReport report, long tested)
            throws IOException {
        ModelCard.Builder card =
                ModelCard.of(model)
                        .optName(out.getFileName().toString())
                        .optSummary(
                                "%s with %d matrices packed by %s."
                                        .formatted(model.name(), report.maps().size(), kind))
                        .optBaseModel(model.name())
                        .optBytes(report.bytesAfter())
                        .optSetting("quantization", report.method())
                        .optSetting("bytes of weights before packing", report.bytesBefore())
                        .optLimit("Packed weights do not learn; adapters beside them do.");
        report.after().forEach((metric, value) -> card.optMetric(metric, "test", value, tested));
        report.before()
                .forEach(
                        (metric, value) ->
                                card.optMetric(metric + ", before packing", "test", value, tested));
        return card.build().toMarkdown();
    }

    private static void show(QuantizeReport report, Path out, Terminal terminal) {
        terminal.print("%-28s %10s %12s", "matrix", "bytes", "output error");
        for (MapReport map : report.maps()) {
            terminal.print(
                    "%-28s %,10d %12.3g", shortened(map.path()), map.bytes(), map.outputError());
        }
        terminal.print("");
        terminal.print(
                "%-10s %,d bytes before, %,d after: %.2f times smaller",
                "size", report.bytesBefore(), report.bytesAfter(), report.factor());
        Map<String, Double> metrics = new LinkedHashMap<>(report.before());
        metrics.forEach(
                (metric, value) ->
                        terminal.print(
                                "%-10s %.4f before, %.4f after",
                                metric, value, report.after().get(metric)));
        terminal.remark("saved in %s", out);
    }

    private static String shortened(String path) {
        return path.replace("encoder.transformer.", "").replace("decoder.transformer.", "");
    }
}
