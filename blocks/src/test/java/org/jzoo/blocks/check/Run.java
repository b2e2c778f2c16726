package org.jzoo.blocks.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;

/** Runs blocks as a trainer or a predictor would. */
public final class Run {

    private Run() {}

    /** Initializes a block with weights of that seed, every one of them random. */
    public static <B extends Block> B initialized(B block, NDManager manager, long seed) {
        PyTorch.seed(seed);
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 1));
        Random random = new Random(seed);
        for (Parameter parameter : ParameterPaths.of(block).values()) {
            NDArray array = parameter.getArray();
            set(array, random.doubles(array.size(), -0.6, 0.9).toArray());
        }
        return block;
    }

    /** Overwrites an array's values. */
    public static void set(NDArray array, double... values) {
        try (GradientMode off = GradientMode.off()) {
            float[] narrow = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                narrow[i] = (float) values[i];
            }
            array.set(narrow);
        }
    }

    /** Uniform numbers in [-1, 1), float32. */
    public static NDArray random(NDManager manager, long seed, long... shape) {
        Shape s = new Shape(shape);
        float[] values = new float[(int) s.size()];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return manager.create(values, s);
    }

    /** Uniform numbers in [-1, 1), float64. */
    public static NDArray randomWide(NDManager manager, long seed, long... shape) {
        Shape s = new Shape(shape);
        return manager.create(new Random(seed).doubles(s.size(), -1, 1).toArray(), s);
    }

    /** True with that probability; true in the first column of the last axis. */
    public static NDArray randomMask(
            NDManager manager, long seed, double probability, long... shape) {
        Shape s = new Shape(shape);
        boolean[] values = new boolean[(int) s.size()];
        Random random = new Random(seed);
        int row = (int) s.tail();
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextDouble() < probability || i % row == 0;
        }
        return manager.create(values, s);
    }

    /** One forward pass without gradients. */
    public static NDArray infer(Block block, NDArray x, ForwardContext context) {
        try (GradientMode off = GradientMode.off()) {
            return forward(block, x, false, context);
        }
    }

    /** One forward pass in the thread's gradient mode. */
    public static NDArray forward(
            Block block, NDArray x, boolean training, ForwardContext context) {
        ParameterStore store = new ParameterStore(x.getManager(), false);
        return block.forward(store, new NDList(x), training, context.asParams()).singletonOrThrow();
    }

    /** The gradient of every trainable parameter by path, copied; null where there is none. */
    public static Map<String, float[]> gradients(Block block) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        ParameterPaths.of(block)
                .forEach(
                        (path, parameter) -> {
                            NDArray array = parameter.getArray();
                            if (!array.hasGradient()) {
                                gradients.put(path, null);
                                return;
                            }
                            try (NDArray gradient = array.getGradient()) {
                                gradients.put(
                                        path, gradient == null ? null : gradient.toFloatArray());
                            }
                        });
        return gradients;
    }

    /** Clears all gradients. */
    public static void zeroGradients(Block block) {
        for (Parameter parameter : ParameterPaths.of(block).values()) {
            NDArray array = parameter.getArray();
            if (array.hasGradient()) {
                try (NDArray gradient = array.getGradient()) {
                    if (gradient != null) {
                        gradient.set(new float[(int) gradient.size()]);
                    }
                }
            }
        }
    }

    /** The largest magnitude. */
    public static double largest(float[] values) {
        double largest = 0;
        for (float v : values) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }
}
