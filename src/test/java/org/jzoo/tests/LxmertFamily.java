package org.jzoo.tests;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.zoo.lxmert.LxmertConfig;
import org.jzoo.zoo.lxmert.RegionTextTask;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.task.Task;

/** LXMERT: texts, and regions with features and places. */
record LxmertFamily(LxmertConfig config) implements Family {

    private static final int N = 5;

    @Override
    public List<Task> tasks(Architecture architecture) {
        return List.of(new RegionTextTask());
    }

    @Override
    public NDList inputs(NDManager manager, int rows) {
        NDList texts = new TextEncoderFamily().inputs(manager, rows);
        return new NDList(
                texts.get(0),
                texts.get(2),
                random(manager, 11, new Shape(rows, N, config.featureDim())),
                random(manager, 12, new Shape(rows, N, config.boxDim())));
    }

    private static NDArray random(NDManager manager, long seed, Shape shape) {
        Random random = new Random(seed);
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return manager.create(values, shape);
    }

    /**
     * The pooled vector shall be far on one side in half of the rows, on the other in the others.
     */
    @Override
    public NDArray loss(NDList inputs, NDList outputs) {
        NDArray pooled = FusionKernel.part(outputs.singletonOrThrow(), 0, 1); // (B, 1, D)
        float[] wanted = new float[(int) pooled.size()];
        int dim = wanted.length / LEARNT;
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = i / dim % 2 == 0 ? 0.8f : -0.8f;
        }
        return LossKernel.meanSquaredError(
                pooled, pooled.getManager().create(wanted, pooled.getShape()));
    }
}
