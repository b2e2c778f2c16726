package org.jzoo.examples.mixture;

import ai.djl.Device;
import com.google.gson.Gson;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.picture.HeatPicture;

/** All learners with several seeds: figures as JSON lines, a table and a picture of them. */
public final class MixtureRuns {

    private static final Gson GSON = new Gson();
    private static final String UNEXPLAINED = "unexplained variance";
    private static final String SPECIALISATION = "kind known from expert";

    private MixtureRuns() {}

    /**
     * Makes every run that a file does not hold, or a part of them.
     *
     * @param shard the first run to make, from 0, and how many runs further the next ones are
     * @param file of JSON lines, created if missing
     * @param progress told a line a run
     */
    public static void run(
            List<Long> seeds,
            int steps,
            Path file,
            Device device,
            int[] shard,
            Consumer<String> progress)
            throws IOException {
        Set<MixtureRun> done = new HashSet<>();
        for (MixtureRun.Figures figures : read(file)) {
            done.add(new MixtureRun(figures.learner(), figures.seed(), figures.steps()));
        }
        int index = 0;
        for (long seed : seeds) {
            for (MixtureLearner learner : MixtureLearner.values()) {
                MixtureRun run = new MixtureRun(learner.label(), seed, steps);
                if (index++ % shard[1] != shard[0] || done.contains(run)) {
                    continue;
                }
                MixtureRun.Figures figures = run.run(device);
                Files.writeString(
                        file,
                        GSON.toJson(figures) + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                progress.accept(
                        "%s, seed %d: %.1f %% unexplained in %.0f s"
                                .formatted(
                                        run.learner(),
                                        seed,
                                        100 * figures.unexplained(),
                                        figures.seconds()));
            }
        }
    }

    /** The figures that a file holds; empty if there is no file. */
    public static List<MixtureRun.Figures> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<MixtureRun.Figures> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                all.add(GSON.fromJson(line, MixtureRun.Figures.class));
            }
        }
        return all;
    }

    /**
     * A row for each learner.
     *
     * @param command what measured them
     * @param commit the source code that did
     * @throws IllegalArgumentException if there are no figures or not all of the same steps
     */
    public static ResultsFile table(
            List<MixtureRun.Figures> figures, String command, String commit, Environment machine) {
        requireAlike(figures);
        ResultsFile.Builder file =
                ResultsFile.builder()
                        .setName("experts-mixture")
                        .setCommand(command)
                        .setEnvironment(machine)
                        .optCommit(commit)
                        .optSeeds(new TreeSet<>(figures.stream().map(f -> f.seed()).toList()))
                        .addFigure(Figure.plain("weights", "", 0))
                        .addFigure(Figure.plain("active width", "", 0))
                        .addFigure(Figure.percent(UNEXPLAINED))
                        .addFigure(Figure.percent(SPECIALISATION));
        Set<String> learners = new LinkedHashSet<>();
        figures.forEach(f -> learners.add(f.learner()));
        for (String learner : learners) {
            List<MixtureRun.Figures> runs =
                    figures.stream().filter(f -> f.learner().equals(learner)).toList();
            ResultRow row =
                    ResultRow.of("feed-forward", learner)
                            .figure("weights", (double) runs.get(0).parameters())
                            .figure("active width", runs.get(0).activeWidth())
                            .figure(UNEXPLAINED, all(runs, MixtureRun.Figures::unexplained));
            file.addRow(
                    runs.get(0).load() == null
                            ? row
                            : row.figure(
                                    SPECIALISATION, all(runs, MixtureRun.Figures::specialisation)));
        }
        return file.build();
    }

    private static void requireAlike(List<MixtureRun.Figures> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        Set<Integer> steps = new TreeSet<>(figures.stream().map(f -> f.steps()).toList());
        if (steps.size() > 1) {
            throw new IllegalArgumentException(
                    "figures must come of runs with the same steps, got " + steps);
        }
    }

    private static double[] all(
            List<MixtureRun.Figures> runs, ToDoubleFunction<MixtureRun.Figures> figure) {
        return runs.stream().mapToDouble(figure).toArray();
    }

    /** Which kinds of tokens the experts of the first run with one expert a token got. */
    public static BufferedImage picture(List<MixtureRun.Figures> figures) {
        requireAlike(figures);
        MixtureRun.Figures first =
                figures.stream()
                        .filter(f -> f.learner().equals(MixtureLearner.TOP_ONE.label()))
                        .findFirst()
                        .orElseThrow();
        int[][] load = first.load();
        double[][] shares = new double[load.length][];
        for (int t = 0; t < load.length; t++) {
            double row = Math.max(1, IntStream.of(load[t]).sum());
            shares[t] = IntStream.of(load[t]).mapToDouble(count -> count / row).toArray();
        }
        return new HeatPicture(
                        "Where %s sends each kind of token (seed %d)"
                                .formatted(first.learner(), first.seed()),
                        "hidden kind",
                        "expert")
                .draw(numbers(load.length), numbers(load[0].length), shares);
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
