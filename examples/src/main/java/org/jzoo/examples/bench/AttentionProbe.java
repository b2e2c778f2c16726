package org.jzoo.examples.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import com.google.gson.Gson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.training.report.GpuMemory;
import org.jzoo.training.report.ResourceMeter;

/**
 * Measures one mixer at one length, in float32 and one row: forward and backward with respect to
 * its weights and its input. What {@link AttentionBench} starts in a JVM of its own.
 */
public final class AttentionProbe {

    // A step this long needs no warming up and no repetition.
    private static final double LONG_MILLIS = 4000;
    private static final int WARM = 256;

    private final AttentionMixer mixer;
    private final int length;
    private final Device device;

    /**
     * What came out.
     *
     * @param forwardMillis median time of the forward pass, with what backward needs recorded
     * @param backwardMillis median time of the backward pass
     * @param peakMegabytes memory that the first step took beyond weights and input: resident
     *     memory on CPU, what PyTorch took from the GPU there
     */
    public record Point(double forwardMillis, double backwardMillis, double peakMegabytes) {

        /** Both passes in milliseconds. */
        public double millis() {
            return forwardMillis + backwardMillis;
        }
    }

    private AttentionProbe(AttentionMixer mixer, int length, Device device) {
        this.mixer = mixer;
        this.length = length;
        this.device = device;
    }

    /** Runs with a mixer's name, a length, the number of rounds and of threads, and a device. */
    public static void main(String[] args) {
        PyTorch.setThreads(Integer.parseInt(args[3]));
        Point point =
                measure(
                        AttentionMixer.of(args[0]),
                        Integer.parseInt(args[1]),
                        Integer.parseInt(args[2]),
                        args[4].equals("gpu") ? Device.gpu() : Device.cpu());
        System.out.println(new Gson().toJson(point));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /**
     * Measures in this JVM.
     *
     * @param rounds steps after the first, which shows the memory; only the first if it takes long
     */
    static Point measure(AttentionMixer mixer, int length, int rounds, Device device) {
        return new AttentionProbe(mixer, length, device).measure(rounds);
    }

    private Point measure(int rounds) {
        try (NDManager manager = PyTorch.engine().newBaseManager(device)) {
            Block block = mixer.option().create(AttentionMixer.DIM);
            PyTorch.seed(1);
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, AttentionMixer.DIM));
            ParameterPaths.of(block).values().forEach(p -> p.getArray().setRequiresGradient(true));
            NDList segments = segments(manager, length);
            // Loads the engine's code, so that its memory does not count.
            step(block, segments(manager, WARM), new double[2]);
            double[] first = {0, 0};
            ResourceMeter meter = new ResourceMeter();
            long before = used();
            meter.resetPeak();
            step(block, segments, first);
            long most = device.isGpu() ? used() : meter.peakResidentBytes();
            double peak = (most - before) / 1e6;
            if (first[0] + first[1] > LONG_MILLIS) {
                return new Point(first[0], first[1], peak);
            }
            List<Double> forward = new ArrayList<>();
            List<Double> backward = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                double[] millis = {0, 0};
                step(block, segments, millis);
                forward.add(millis[0]);
                backward.add(millis[1]);
            }
            return new Point(median(forward), median(backward), peak);
        }
    }

    // PyTorch keeps what it once took from a GPU.
    private long used() {
        return device.isGpu()
                ? new GpuMemory().held(device).map(GpuMemory.Held::bytes).orElse(0L)
                : ResourceMeter.residentBytes();
    }

    // A GPU works on while Java goes ahead, until a number is read.
    private void await(NDArray result) {
        if (device.isGpu()) {
            try (NDArray sum = result.sum()) {
                sum.getFloat();
            }
        }
    }

    private static double median(List<Double> values) {
        return ResourceMeter.median(values.stream().mapToDouble(v -> v).toArray());
    }

    /** The input (1, T, D), or its segments in order. */
    private NDList segments(NDManager manager, int tokens) {
        int size = mixer.segment() == 0 ? tokens : Math.min(tokens, mixer.segment());
        NDList segments = new NDList();
        for (int start = 0; start < tokens; start += size) {
            int count = Math.min(size, tokens - start);
            segments.add(manager.randomNormal(new Shape(1, count, AttentionMixer.DIM)));
        }
        return segments;
    }

    // One step: segment after segment, each with its own backward pass and the memory before it.
    private void step(Block block, NDList segments, double[] millis) {
        try (NDManager memory = segments.head().getManager().newSubManager();
                GradientMode on = GradientMode.on()) {
            Map<String, Object> states = Map.of();
            for (NDArray segment : segments) {
                try (NDManager scope = memory.newSubManager()) {
                    NDArray x = segment.duplicate(); // what is computed from it goes with it
                    x.attach(scope);
                    x.setRequiresGradient(true);
                    ForwardContext context = context(x, scope);
                    if (mixer.segment() > 0) {
                        context.withStates(states).withMemory(memory);
                    }
                    await(x);
                    long start = System.nanoTime();
                    NDList input = new NDList(x);
                    NDArray y =
                            block.forward(
                                            new ParameterStore(scope, false),
                                            input,
                                            true,
                                            context.asParams())
                                    .singletonOrThrow();
                    await(y);
                    long middle = System.nanoTime();
                    GradientMode.backward(y);
                    await(x.getGradient());
                    millis[0] += (middle - start) / 1e6;
                    millis[1] += (System.nanoTime() - middle) / 1e6;
                    states = context.states();
                }
            }
        }
    }

    private static ForwardContext context(NDArray x, NDManager scope) {
        int tokens = (int) x.getShape().get(1);
        boolean[] global = new boolean[tokens];
        for (int i = 0; i < Math.min(tokens, AttentionMixer.GLOBALS); i++) {
            global[i] = true;
        }
        return new ForwardContext().withGlobalTokens(scope.create(global, new Shape(1, tokens)));
    }
}
