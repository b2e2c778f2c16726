package org.jzoo.examples.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.training.EasyTrain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.bench.TrainSides.Side;
import org.jzoo.training.report.GpuMemory;
import org.jzoo.training.report.ResourceMeter;

/**
 * Times one fine-tuning step of a model of MiniLM's shape: forward, backward, clipping by the
 * global norm and fused AdamW, against DJL's {@link EasyTrain} with its AdamW on the same block,
 * and against PyTorch in Python.
 *
 * <p>All learn all weights of a fresh model from a random batch, take turns, and each turn ends
 * when a number that depends on the step has been read. DJL's side does not clip: it has no
 * clipping by the global norm. On a GPU each also says what memory it takes, in a process of its
 * own.
 */
public final class TrainBench {

    private static final int CHILD_MINUTES = 5;

    /**
     * What is measured.
     *
     * @param rows B, at least 1
     * @param tokens T, 1 to 512
     * @param rounds measured turns of each side, at least 1
     * @param warmups turns before them, not negative
     * @param device where
     * @param threads of an operator
     * @param python an interpreter that has torch, to be measured too; null for none
     */
    public record Config(
            int rows,
            int tokens,
            int rounds,
            int warmups,
            Device device,
            int threads,
            String python) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a component is out of its range
         */
        public Config {
            if (rows < 1 || tokens < 1 || tokens > 512 || rounds < 1 || warmups < 0) {
                throw new IllegalArgumentException(
                        "rows and rounds must be >= 1, tokens in [1, 512] and warmups >= 0, got"
                                + " rows=%d, tokens=%d, rounds=%d, warmups=%d"
                                        .formatted(rows, tokens, rounds, warmups));
            }
        }

        /** The command that measures so. */
        public String command() {
            return "jzoo bench train --device %s --batch-size %d --length %d --threads %d --rounds %d%s"
                    .formatted(
                            device.getDeviceType(),
                            rows,
                            tokens,
                            threads,
                            rounds,
                            python == null ? "" : " --python " + python);
        }
    }

    /**
     * One side's times.
     *
     * @param name "DJL EasyTrain", or "jzoo" or "PyTorch" with the precision
     * @param millis of each measured step, in order
     * @param gpuMegabytes what a process of its own held on the card after a few steps; NaN on CPU
     *     and where it is not known
     */
    public record Row(String name, List<Double> millis, double gpuMegabytes) {

        /** The median time in milliseconds. */
        public double median() {
            return ResourceMeter.median(millis.stream().mapToDouble(m -> m).toArray());
        }
    }

    private final Config config;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param progress told a line per round
     */
    public TrainBench(Config config, Consumer<String> progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * Measures: DJL's side first, then ours in float32 and bfloat16, then Python's, if asked for.
     *
     * @throws IOException if Python fails
     */
    public List<Row> run() throws IOException {
        // First, while this process holds nothing: some drivers tell the whole card's memory only.
        Map<String, Double> megabytes = config.device().isGpu() ? gpuMegabytes() : Map.of();
        Map<String, List<Double>> millis = new LinkedHashMap<>();
        TrainSides all = new TrainSides(config);
        try (PythonPeer python = python();
                NDManager manager = PyTorch.engine().newBaseManager(config.device());
                Side djl = all.djl(manager);
                Side float32 = all.own(manager, Precision.FLOAT32);
                Side bfloat16 = all.own(manager, Precision.BFLOAT16)) {
            List<Side> sides = new ArrayList<>(List.of(djl, float32, bfloat16));
            if (python != null) {
                sides.add(TrainSides.python(python, Precision.FLOAT32));
                sides.add(TrainSides.python(python, Precision.BFLOAT16));
            }
            for (int round = -config.warmups(); round < config.rounds(); round++) {
                StringBuilder line = new StringBuilder("round " + round);
                for (Side side : sides) {
                    double time = side.millis();
                    line.append("  %s %.1f ms".formatted(side.name(), time));
                    if (round >= 0) {
                        millis.computeIfAbsent(side.name(), n -> new ArrayList<>()).add(time);
                    }
                }
                progress.accept(line.toString());
            }
        }
        List<Row> rows = new ArrayList<>();
        millis.forEach(
                (name, times) ->
                        rows.add(
                                new Row(
                                        name,
                                        List.copyOf(times),
                                        megabytes.getOrDefault(name, Double.NaN))));
        return rows;
    }

    private PythonPeer python() throws IOException {
        return config.python() == null
                ? null
                : new PythonPeer(config.python(), config, config.threads());
    }

    private Map<String, Double> gpuMegabytes() throws IOException {
        Map<String, Double> megabytes = new LinkedHashMap<>();
        for (String side : TrainProbe.SIDES) {
            TrainProbe.Memory memory = child(side);
            note(memory.name(), memory.gpuMegabytes(), megabytes);
        }
        if (config.python() != null) {
            for (Precision precision : Precision.values()) {
                try (PythonPeer python = python()) {
                    Side side = TrainSides.python(python, precision);
                    for (int i = 0; i < TrainProbe.STEPS; i++) {
                        side.millis();
                    }
                    new GpuMemory()
                            .held(config.device(), python.pid())
                            .ifPresent(held -> note(side.name(), held.bytes() / 1e6, megabytes));
                }
            }
        }
        return megabytes;
    }

    private TrainProbe.Memory child(String side) throws IOException {
        try {
            return ChildJvm.run(
                    TrainProbe.class,
                    CHILD_MINUTES,
                    TrainProbe.Memory.class,
                    side,
                    Integer.toString(config.rows()),
                    Integer.toString(config.tokens()),
                    Integer.toString(config.threads()),
                    config.device().getDeviceType());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("measuring memory must not be interrupted", e);
        }
    }

    private void note(String name, double value, Map<String, Double> megabytes) {
        if (value > 0) {
            megabytes.put(name, value);
            progress.accept("%s holds %.0f MB of the card".formatted(name, value));
        }
    }
}
