package org.jzoo.examples.bench;

import ai.djl.engine.Engine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.finetune.RunCommit;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResourceMeter;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** The measurements as results files, which print as tables and fill a README's. */
public final class BenchTables {

    private static final Figure SPEEDUP = Figure.plain("speed", "times", 2);
    private static final Figure GPU_MEMORY = Figure.plain("GPU memory", "MB", 0);

    private BenchTables() {}

    /** Encoding: a row for each batch and candidate. */
    public static ResultsFile encode(String name, String command, EncodeBenchReport report) {
        ResultsFile.Builder file =
                startWithPeer(name, command)
                        .addFigure(Figure.plain("median", "ms", 2))
                        .addFigure(SPEEDUP)
                        .addFigure(Figure.plain("cosine", "", 5));
        for (EncodeBenchReport.Row row : report.rows()) {
            file.addRow(
                    labels("batch x tokens", row.shape(), "engine", row.candidate())
                            .figure("median", row.medianMillis())
                            .figure("speed", row.speedup())
                            .figure("cosine", row.cosine()));
        }
        return file.build();
    }

    /** Compression: a row for each batch and candidate, speeds against the teacher in float32. */
    public static ResultsFile compressed(
            String name, String command, List<CompressedBench.Row> rows) {
        ResultsFile.Builder file =
                startWithPeer(name, command)
                        .addFigure(Figure.plain("median", "ms", 2))
                        .addFigure(SPEEDUP)
                        .addFigure(Figure.plain("cosine", "", 5));
        for (CompressedBench.Row row : rows) {
            String mode = row.mode().isEmpty() ? "" : " (" + row.mode() + ")";
            file.addRow(
                    labels("batch x tokens", row.shape(), "engine", row.candidate() + mode)
                            .figure("median", row.medianMillis())
                            .figure("speed", row.speedup())
                            .figure("cosine", row.cosine()));
        }
        return file.build();
    }

    /** Encoders of many weights: a row for each size and form. */
    public static ResultsFile scale(String name, String command, List<ScaleBench.Row> rows) {
        ResultsFile.Builder file =
                start(name, command)
                        .addFigure(Figure.plain("weights", "millions", 0))
                        .addFigure(Figure.plain("kept in", "MB", 0))
                        .addFigure(Figure.plain("resident", "MB", 0))
                        .addFigure(Figure.plain("load", "s", 1))
                        .addFigure(Figure.plain("median", "ms", 1));
        addIfKnown(file, rows, ScaleBench.Row::gpuBytes);
        for (ScaleBench.Row row : rows) {
            ResultRow line =
                    labels("size", row.size(), "form", row.form())
                            .figure("weights", row.weights() / 1e6)
                            .figure("kept in", row.weightBytes() / 1e6)
                            .figure("load", row.loadSeconds())
                            .figure("median", 1e3 * row.median());
            line = known(line, "resident", row.residentBytes() / 1e6);
            file.addRow(known(line, GPU_MEMORY.name(), row.gpuBytes() / 1e6));
        }
        return file.build();
    }

    /** Training: a row for each side, speeds against the first. */
    public static ResultsFile train(String name, String command, List<TrainBench.Row> rows) {
        ResultsFile.Builder file =
                start(name, command).addFigure(Figure.plain("median", "ms", 1)).addFigure(SPEEDUP);
        addIfKnown(file, rows, TrainBench.Row::gpuMegabytes);
        for (TrainBench.Row row : rows) {
            ResultRow line =
                    ResultRow.of("step of", row.name())
                            .figure("median", row.median())
                            .figure("speed", rows.get(0).median() / row.median());
            file.addRow(known(line, GPU_MEMORY.name(), row.gpuMegabytes()));
        }
        return file.build();
    }

    /** Generation: a row for each number of rows and precision, speeds against no cache. */
    public static ResultsFile generate(String name, String command, List<GenerateBench.Row> rows) {
        ResultsFile.Builder file =
                start(name, command)
                        .addFigure(Figure.plain("cached", "tokens/s", 1))
                        .addFigure(Figure.plain("uncached", "tokens/s", 1))
                        .addFigure(SPEEDUP);
        for (GenerateBench.Row row : rows) {
            String precision = row.precision().name().toLowerCase(Locale.ROOT);
            file.addRow(
                    labels("rows", Integer.toString(row.rows()), "precision", precision)
                            .figure("cached", row.cached())
                            .figure("uncached", row.uncached())
                            .figure("speed", row.cached() / row.uncached()));
        }
        return file.build();
    }

    /** Attention: a row for each mixer and length, speeds against the first mixer. */
    public static ResultsFile attention(
            String name, String command, List<AttentionBench.Row> rows) {
        ResultsFile.Builder file =
                start(name, command)
                        .addFigure(Figure.plain("forward", "ms", 1))
                        .addFigure(Figure.plain("backward", "ms", 1))
                        .addFigure(Figure.plain("peak", "MB", 0))
                        .addFigure(SPEEDUP);
        Map<Integer, Double> first = new LinkedHashMap<>();
        for (AttentionBench.Row row : rows) {
            if (row.mixer().equals(rows.get(0).mixer())) {
                first.put(row.tokens(), row.point().millis());
            }
            ResultRow line =
                    labels("mixer", row.mixer(), "tokens", Integer.toString(row.tokens()))
                            .figure("forward", row.point().forwardMillis())
                            .figure("backward", row.point().backwardMillis())
                            .figure("peak", row.point().peakMegabytes());
            Double reference = first.get(row.tokens());
            file.addRow(
                    reference == null
                            ? line
                            : line.figure("speed", reference / row.point().millis()));
        }
        return file.build();
    }

    /** Experts: a row for each precision and candidate, times against the dense one and ours. */
    public static ResultsFile experts(String name, String command, List<ExpertsBench.Row> rows) {
        ResultsFile.Builder file =
                start(name, command)
                        .addFigure(Figure.plain("forward", "ms", 1))
                        .addFigure(Figure.plain("backward", "ms", 1))
                        .addFigure(Figure.plain("of dense", "times", 2))
                        .addFigure(Figure.plain("of ours", "times", 2));
        for (ExpertsBench.Row row : rows) {
            file.addRow(
                    ResultRow.of("precision", row.precision().name().toLowerCase(Locale.ROOT))
                            .label("feed-forward", row.name())
                            .figure("forward", row.medianForward())
                            .figure("backward", row.medianBackward())
                            .figure("of dense", row.timesOf(named(rows, row, ExpertsBench.DENSE)))
                            .figure(
                                    "of ours",
                                    row.timesOf(named(rows, row, ExpertsBench.EXPERTS))));
        }
        return file.build();
    }

    /** J1 against one modality: a row for each size and batch. */
    public static ResultsFile vqa(String name, String command, List<VqaBench.Row> rows) {
        ResultsFile.Builder file =
                start(name, command)
                        .addFigure(Figure.plain("J1", "ms", 2))
                        .addFigure(Figure.plain("text model", "ms", 2))
                        .addFigure(Figure.plain("image model", "ms", 2))
                        .addFigure(Figure.percent("over the slower"))
                        .addFigure(Figure.plain("J1, image alone", "ms", 2))
                        .addFigure(Figure.percent("over image alone"))
                        .addFigure(Figure.plain("memory", "MB", 0));
        for (VqaBench.Row row : rows) {
            ResultRow line =
                    labels("size", row.size(), "batch", Integer.toString(row.batch()))
                            .label("weights", "%.1f M".formatted(row.weights() / 1e6))
                            .figure("J1", row.both())
                            .figure("text model", row.text())
                            .figure("image model", row.image())
                            .figure("over the slower", row.overSlower())
                            .figure("J1, image alone", row.imageInBoth())
                            .figure("over image alone", row.overImageInBoth());
            boolean known = !Double.isNaN(row.megabytes());
            file.addRow(known ? line.figure("memory", row.megabytes()) : line);
        }
        return file.build();
    }

    /** J3 by length, and against full attention: a row for each measurement. */
    public static ResultsFile j3(String name, String command, List<J3Bench.Row> rows) {
        ResultsFile.Builder file =
                start(name, command)
                        .addFigure(Figure.plain("time", "ms", 1))
                        .addFigure(Figure.plain("a token", "us", 2))
                        .addFigure(Figure.plain("memory", "MB", 0));
        for (J3Bench.Row row : rows) {
            ResultRow line =
                    labels("what", row.what(), "tokens", "%,d".formatted(row.tokens()))
                            .figure("time", row.millis())
                            .figure("a token", row.microsPerToken());
            boolean known = !Double.isNaN(row.megabytes());
            file.addRow(known ? line.figure("memory", row.megabytes()) : line);
        }
        return file.build();
    }

    // A column of nothing but dashes says nothing.
    private static <T> void addIfKnown(
            ResultsFile.Builder file, List<T> rows, ToDoubleFunction<T> gpuMemory) {
        if (rows.stream().anyMatch(row -> gpuMemory.applyAsDouble(row) > 0)) {
            file.addFigure(GPU_MEMORY);
        }
    }

    /** The row with another figure, if it was measured. */
    private static ResultRow known(ResultRow row, String figure, double value) {
        return value > 0 ? row.figure(figure, value) : row;
    }

    private static ExpertsBench.Row named(
            List<ExpertsBench.Row> rows, ExpertsBench.Row like, String name) {
        return rows.stream()
                .filter(row -> row.precision() == like.precision() && row.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Loading: a row for each side, ratios against the first. */
    public static ResultsFile load(
            String name, String command, Map<String, List<LoadProbe.Start>> sides) {
        ResultsFile.Builder file =
                startWithPeer(name, command)
                        .addFigure(Figure.plain("load", "s", 2))
                        .addFigure(Figure.plain("JVM start to first vector", "s", 2))
                        .addFigure(SPEEDUP)
                        .addFigure(Figure.plain("resident", "MB", 0))
                        .addFigure(Figure.plain("peak", "MB", 0))
                        .addFigure(Figure.plain("peak ratio", "", 2));
        List<LoadProbe.Start> first = sides.values().iterator().next();
        sides.forEach(
                (side, starts) ->
                        file.addRow(
                                ResultRow.of("engine", side)
                                        .figure(
                                                "load",
                                                median(starts, LoadProbe.Start::loadSeconds))
                                        .figure(
                                                "JVM start to first vector",
                                                median(starts, LoadProbe.Start::readySeconds))
                                        .figure(
                                                "speed",
                                                median(first, LoadProbe.Start::readySeconds)
                                                        / median(
                                                                starts,
                                                                LoadProbe.Start::readySeconds))
                                        .figure(
                                                "resident",
                                                median(starts, LoadProbe.Start::residentMegabytes))
                                        .figure(
                                                "peak",
                                                median(starts, LoadProbe.Start::peakMegabytes))
                                        .figure(
                                                "peak ratio",
                                                median(starts, LoadProbe.Start::peakMegabytes)
                                                        / median(
                                                                first,
                                                                LoadProbe.Start::peakMegabytes))));
        return file.build();
    }

    /** First answers: a row for each way to start. */
    public static ResultsFile firstAnswer(
            String name, String command, Map<String, List<StartProbe.Start>> ways) {
        String median = "process start to first answer";
        ResultsFile.Builder file =
                start(name, command)
                        .addFigure(Figure.plain(median, "s", 2))
                        .addFigure(Figure.plain("the slowest", "s", 2))
                        .addFigure(Figure.plain("loading in it", "s", 2))
                        .addFigure(Figure.plain("second answer", "ms", 1));
        ways.forEach(
                (way, starts) ->
                        file.addRow(
                                ResultRow.of("started", way)
                                        .figure(
                                                median,
                                                median(starts, StartProbe.Start::firstSeconds))
                                        .figure(
                                                "the slowest",
                                                starts.stream()
                                                        .mapToDouble(StartProbe.Start::firstSeconds)
                                                        .max()
                                                        .orElseThrow())
                                        .figure(
                                                "loading in it",
                                                median(starts, StartProbe.Start::loadSeconds))
                                        .figure(
                                                "second answer",
                                                median(starts, s -> 1e3 * s.secondSeconds()))));
        return file.build();
    }

    private static <T> double median(List<T> starts, ToDoubleFunction<T> figure) {
        return ResourceMeter.median(starts.stream().mapToDouble(figure).toArray());
    }

    private static ResultRow labels(String name, String value, String second, String other) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(name, value);
        labels.put(second, other.toLowerCase(Locale.ROOT));
        return new ResultRow(labels, Map.of());
    }

    // Where ONNX Runtime is the peer; it is not loaded for anything else.
    private static ResultsFile.Builder startWithPeer(String name, String command) {
        String peer = ai.onnxruntime.OrtEnvironment.getEnvironment().getVersion();
        return start(name, command, Map.of("ONNX Runtime", peer));
    }

    private static ResultsFile.Builder start(String name, String command) {
        return start(name, command, Map.of());
    }

    private static ResultsFile.Builder start(
            String name, String command, Map<String, String> peers) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("DJL", Engine.getDjlVersion());
        versions.put("PyTorch", PyTorch.engine().getVersion());
        versions.putAll(peers);
        return ResultsFile.builder()
                .setName(name)
                .setCommand(command)
                .setEnvironment(Environment.current(versions))
                .optCommit(RunCommit.current());
    }
}
