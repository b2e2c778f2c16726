package org.jzoo.examples.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import java.util.List;
import java.util.Locale;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.report.GpuMemory;

/**
 * What {@link TrainBench} starts in a JVM of its own: makes a few steps and prints as JSON what
 * memory of the card that takes.
 */
public final class TrainProbe {

    /** The sides that are measured so. */
    static final List<String> SIDES = List.of("djl", "float32", "bfloat16");

    /** Steps before memory is read: the optimizer's is there after the first. */
    static final int STEPS = 3;

    /**
     * What a side takes.
     *
     * @param name the side's, for tables
     * @param gpuMegabytes that the process holds; 0 on CPU or where the driver does not say
     */
    public record Memory(String name, double gpuMegabytes) {}

    private TrainProbe() {}

    /** Runs with one of the sides, rows, tokens, threads and "cpu" or "gpu". */
    public static void main(String[] args) {
        int threads = Integer.parseInt(args[3]);
        PyTorch.setThreads(threads);
        TrainBench.Config config =
                new TrainBench.Config(
                        Integer.parseInt(args[1]),
                        Integer.parseInt(args[2]),
                        1,
                        0,
                        args[4].equals("gpu") ? Device.gpu() : Device.cpu(),
                        threads,
                        null);
        System.out.println(new Gson().toJson(measure(config, args[0])));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /** Measures in this JVM. */
    static Memory measure(TrainBench.Config config, String name) {
        TrainSides sides = new TrainSides(config);
        try (NDManager manager = PyTorch.engine().newBaseManager(config.device());
                TrainSides.Side side =
                        name.equals("djl")
                                ? sides.djl(manager)
                                : sides.own(
                                        manager,
                                        Precision.valueOf(name.toUpperCase(Locale.ROOT)))) {
            for (int i = 0; i < STEPS; i++) {
                side.step();
            }
            return new Memory(
                    side.name(),
                    new GpuMemory()
                            .held(config.device())
                            .map(held -> held.bytes() / 1e6)
                            .orElse(0.0));
        }
    }
}
