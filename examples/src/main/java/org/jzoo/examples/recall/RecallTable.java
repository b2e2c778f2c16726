package org.jzoo.examples.recall;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.training.metric.SeedSummary;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.picture.HeatPicture;
import org.jzoo.training.report.picture.LinePicture;

/**
 * Many {@link RecallRun}s as one table, where runs that were helped in different ways have rows of
 * their own, a picture of recall by length, and heat maps of recall by length and place.
 */
public final class RecallTable {

    private static final String COMMAND = "jzoo reproduce j3 --data DIR ";
    private static final int TENTHS = 10;

    private final List<RecallRun.Figures> figures;
    private final boolean alike;

    /**
     * Takes the runs.
     *
     * @throws IllegalArgumentException if there are none, or they were not trained alike
     */
    public RecallTable(List<RecallRun.Figures> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        long trainings = figures.stream().map(f -> training(f)).distinct().count();
        if (trainings > 1) {
            throw new IllegalArgumentException(
                    "figures must come of runs with the same length, batch and steps, got "
                            + trainings
                            + " kinds; keep each kind in a file of its own");
        }
        this.figures = List.copyOf(figures);
        alike = figures.stream().map(f -> aids(f)).filter(a -> !a.isEmpty()).distinct().count() < 2;
    }

    private static List<Number> training(RecallRun.Figures f) {
        return List.of(f.trainLength(), f.batchTokens(), f.steps());
    }

    // What is told of rivals that carry nothing changes nothing.
    private static String aids(RecallRun.Figures f) {
        return RecallVariant.labelled(f.variant()).carries()
                ? "guidance %s, cuts %d, looks %s, tasks %d"
                        .formatted(
                                f.guidance(), Math.max(1, f.cuts()), f.looks(), f.recall().size())
                : "";
    }

    // Older lines name no options, but what decides most.
    private static String options(RecallRun.Figures f) {
        if (f.options() != null) {
            return f.options();
        }
        return "--tasks %s --steps %d --batch-tokens %d --guidance %s --cuts %d%s"
                .formatted(
                        String.join(",", f.recall().keySet()),
                        f.steps(),
                        f.batchTokens(),
                        f.guidance(),
                        Math.max(1, f.cuts()),
                        f.precision().equals(Precision.BFLOAT16.name()) ? " --bf16" : "");
    }

    /** The command lines that make the runs, joined by {@code &&}. */
    public String command() {
        Map<List<String>, TreeSet<Long>> seeds = new LinkedHashMap<>();
        for (RecallRun.Figures f : figures) {
            seeds.computeIfAbsent(List.of(options(f), f.variant()), key -> new TreeSet<>())
                    .add(f.seed());
        }
        Map<List<String>, List<String>> variants = new LinkedHashMap<>();
        seeds.forEach(
                (run, some) -> {
                    String all =
                            some.stream().map(String::valueOf).collect(Collectors.joining(","));
                    variants.computeIfAbsent(List.of(run.get(0), all), key -> new ArrayList<>())
                            .add(run.get(1));
                });
        return variants.entrySet().stream()
                .map(
                        runs ->
                                "%s --variants %s --seeds %s"
                                        .formatted(
                                                (COMMAND + runs.getKey().get(0)).strip(),
                                                String.join(",", runs.getValue()),
                                                runs.getKey().get(1)))
                .collect(Collectors.joining(" && "));
    }

    /** Recall by variant, task and length, as results of that name. */
    public ResultsFile table(String name, String command, String commit, Environment machine) {
        ResultsFile.Builder file =
                ResultsFile.builder()
                        .setName(name)
                        .setCommand(command)
                        .setEnvironment(machine)
                        .optCommit(commit)
                        .optDataHash(figures.get(0).dataHash())
                        .optSeeds(new TreeSet<>(figures.stream().map(f -> f.seed()).toList()));
        for (int length : lengths()) {
            file.addFigure(Figure.percent(column(length)));
        }
        byVariant()
                .forEach(
                        (variant, runs) -> {
                            for (RecallTask task : tasks(runs)) {
                                file.addRow(row(variant, task, asked(runs, task)));
                            }
                        });
        return file.build();
    }

    private ResultRow row(String variant, RecallTask task, List<RecallRun.Figures> runs) {
        ResultRow row =
                ResultRow.of("variant", variant)
                        .label("task", task.label())
                        .label("weights", "%,d".formatted(runs.get(0).parameters()))
                        .label("run on", runs.get(0).device() + " " + runs.get(0).precision());
        for (int length : lengths()) {
            double[] shares = shares(runs, task.label(), length);
            row = shares.length == 0 ? row : row.figure(column(length), shares);
        }
        return row;
    }

    private static String column(int length) {
        return "%,d".formatted(length);
    }

    /**
     * Recall by length, with standard deviations as bars: the mean over all tasks of each variant,
     * or each task if there is only one variant.
     */
    public BufferedImage picture() {
        LinePicture picture =
                new LinePicture(
                                "Trained up to %,d tokens, asked about more"
                                        .formatted(figures.get(0).trainLength()),
                                "length (tokens)",
                                "right answers (%)")
                        .logX()
                        .yRange(0, 105);
        Map<String, List<RecallRun.Figures>> rows = byVariant();
        rows.forEach(
                (variant, runs) -> {
                    if (rows.size() > 1) {
                        line(picture, variant, length -> means(runs, length));
                    } else {
                        for (RecallTask task : tasks(runs)) {
                            List<RecallRun.Figures> asked = asked(runs, task);
                            line(
                                    picture,
                                    task.label(),
                                    length -> shares(asked, task.label(), length));
                        }
                    }
                });
        return picture.size(1100, 640).draw();
    }

    private void line(LinePicture picture, String name, IntFunction<double[]> shares) {
        List<Integer> reached =
                lengths().stream().filter(length -> shares.apply(length).length > 0).toList();
        List<SeedSummary> summaries =
                reached.stream()
                        .map(length -> Arrays.stream(shares.apply(length)).map(m -> 100 * m))
                        .map(all -> SeedSummary.of(all.toArray()))
                        .toList();
        picture.line(
                name,
                reached.stream().mapToDouble(length -> length).toArray(),
                summaries.stream().mapToDouble(SeedSummary::mean).toArray(),
                summaries.stream().mapToDouble(SeedSummary::standardDeviation).toArray());
    }

    // The mean over all tasks of each run that was asked all of them at this length.
    private static double[] means(List<RecallRun.Figures> runs, int length) {
        return runs.stream()
                .map(run -> run.recall().values())
                .filter(tasks -> tasks.stream().allMatch(all -> all.containsKey(length)))
                .mapToDouble(
                        tasks ->
                                tasks.stream()
                                        .mapToDouble(all -> all.get(length))
                                        .average()
                                        .orElse(0))
                .toArray();
    }

    /** One heat map for each variant and task: lengths by the tenth in which the first fact is. */
    public Map<String, BufferedImage> heats() {
        Map<String, BufferedImage> pictures = new LinkedHashMap<>();
        byVariant()
                .forEach(
                        (variant, runs) -> {
                            for (RecallTask task : tasks(runs)) {
                                pictures.put(
                                        variant + "-" + task.label(),
                                        heat(variant, task, asked(runs, task)));
                            }
                        });
        return pictures;
    }

    /** The {@link #heats() heat maps} of all variants on one sheet for each task, two in a row. */
    public Map<String, BufferedImage> sheets() {
        Map<String, BufferedImage> heats = heats();
        Map<String, BufferedImage> sheets = new LinkedHashMap<>();
        for (RecallTask task : tasks(figures)) {
            List<BufferedImage> some =
                    byVariant().keySet().stream()
                            .map(variant -> heats.get(variant + "-" + task.label()))
                            .filter(Objects::nonNull)
                            .toList();
            sheets.put(task.label(), sheet(some));
        }
        return sheets;
    }

    private static BufferedImage sheet(List<BufferedImage> pictures) {
        int width = pictures.stream().mapToInt(BufferedImage::getWidth).max().orElse(1);
        int height = pictures.stream().mapToInt(BufferedImage::getHeight).max().orElse(1);
        int columns = Math.min(2, pictures.size());
        int rows = (pictures.size() + columns - 1) / columns;
        BufferedImage sheet =
                new BufferedImage(columns * width, rows * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        for (int i = 0; i < pictures.size(); i++) {
            int x = i % columns * width;
            graphics.drawImage(pictures.get(i), x, i / columns * height, null);
        }
        graphics.dispose();
        return sheet;
    }

    private BufferedImage heat(String variant, RecallTask task, List<RecallRun.Figures> runs) {
        List<Integer> lengths =
                lengths().stream()
                        .filter(length -> shares(runs, task.label(), length).length > 0)
                        .toList();
        double[][] shares = new double[lengths.size()][TENTHS];
        for (int row = 0; row < shares.length; row++) {
            for (int tenth = 0; tenth < TENTHS; tenth++) {
                shares[row][tenth] = share(runs, task.label(), lengths.get(row), tenth);
            }
        }
        return new HeatPicture(
                        "%s, %s: right answers".formatted(variant, task.label()),
                        "length (tokens)",
                        "where the first fact stands (% of the text)")
                .draw(
                        lengths.stream().map(RecallTable::column).toList(),
                        IntStream.range(0, TENTHS).mapToObj(i -> 10 * i + "-").toList(),
                        shares);
    }

    private static double share(List<RecallRun.Figures> runs, String task, int length, int tenth) {
        int right = 0;
        int all = 0;
        for (RecallRun.Figures run : runs) {
            List<Integer> counts = run.byDepth().get(task).get(length);
            if (counts != null) {
                right += counts.get(2 * tenth);
                all += counts.get(2 * tenth + 1);
            }
        }
        return all == 0 ? 0 : (double) right / all;
    }

    private List<Integer> lengths() {
        return figures.stream()
                .flatMap(f -> f.recall().values().stream())
                .flatMap(byLength -> byLength.keySet().stream())
                .distinct()
                .sorted()
                .toList();
    }

    private static double[] shares(List<RecallRun.Figures> runs, String task, int length) {
        return runs.stream()
                .map(run -> run.recall().get(task).get(length))
                .filter(Objects::nonNull)
                .mapToDouble(share -> share)
                .toArray();
    }

    // Those that any of the runs was asked.
    private static List<RecallTask> tasks(List<RecallRun.Figures> runs) {
        return Arrays.stream(RecallTask.values())
                .filter(task -> !asked(runs, task).isEmpty())
                .toList();
    }

    private static List<RecallRun.Figures> asked(List<RecallRun.Figures> runs, RecallTask task) {
        return runs.stream().filter(run -> run.recall().containsKey(task.label())).toList();
    }

    // In the order of the variants, whatever the order of the runs.
    private Map<String, List<RecallRun.Figures>> byVariant() {
        Map<String, List<RecallRun.Figures>> rows = new LinkedHashMap<>();
        for (RecallVariant variant : RecallVariant.values()) {
            figures.stream()
                    .filter(f -> f.variant().equals(variant.label()))
                    .forEach(f -> rows.computeIfAbsent(name(f), v -> new ArrayList<>()).add(f));
        }
        return rows;
    }

    private String name(RecallRun.Figures f) {
        return alike || aids(f).isEmpty() ? f.variant() : f.variant() + ", " + aids(f);
    }
}
