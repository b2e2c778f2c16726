package org.jzoo.blocks.part;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.MixerOption;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Stacks;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

class CheckpointsTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** A linear map below two stacks, so that gradients have to pass through the first segment. */
    private static final class Model extends Part {
        Model(TransformerConfig config) {
            child("below", new Linear(Stacks.DIM, Stacks.DIM, true));
            child("first", new Transformer(config));
            child("second", new Transformer(config));
            child("above", new Linear(Stacks.DIM, 2, true));
        }

        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            NDArray x = inputs.singletonOrThrow();
            for (String name : parts().keySet()) {
                String before = pass.context().enter(name + ".");
                x = pass.run(part(name), x);
                pass.context().enter(before);
            }
            return list(x);
        }
    }

    /** A linear map that adds an auxiliary loss. */
    private record CostlyOption() implements MixerOption {
        @Override
        public Part create(int dim) {
            return new Costly(dim);
        }
    }

    private static final class Costly extends Part {
        Costly(int dim) {
            child("map", new Linear(dim, dim, true));
        }

        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            NDArray y = pass.run(part("map"), inputs.singletonOrThrow());
            pass.context().addLoss("cost", LossKernel.meanSquaredError(y, y.zerosLike()));
            return list(y);
        }
    }

    private Map<String, float[]> gradients(TransformerConfig config, boolean checkpointed) {
        Model model = Run.initialized(new Model(config), manager, 1);
        try (NDManager scope = manager.newSubManager();
                GradientMode on = GradientMode.on()) {
            NDArray x = Run.random(scope, 2, 2, 5, Stacks.DIM);
            ForwardContext context = new ForwardContext();
            Checkpoints checkpoints = new Checkpoints(11, context);
            if (checkpointed) {
                context.withCheckpoints(checkpoints);
            }
            PyTorch.seed(0);
            NDArray y = Run.forward(model, x, true, context);
            if (!checkpointed) {
                for (NDArray loss : context.losses().values()) {
                    GradientMode.backwardKeepingGraph(loss);
                }
            }
            GradientMode.backward(y, Run.random(scope, 3, 2, 5, 2));
            checkpoints.backward();
            return new LinkedHashMap<>(Run.gradients(model));
        }
    }

    private static void assertSameGradients(
            Map<String, float[]> expected, Map<String, float[]> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach(
                (path, gradient) -> {
                    float scale = (float) Math.max(1e-3, Run.largest(gradient));
                    assertArrayEquals(gradient, actual.get(path), 1e-5f * scale, path);
                });
    }

    @Test
    void gradientsEqualThoseWithoutCheckpoints() {
        for (TransformerConfig config :
                new TransformerConfig[] {Stacks.post(0), Stacks.preCausal(0), Stacks.rotary()}) {
            assertSameGradients(gradients(config, false), gradients(config, true));
        }
    }

    @Test
    void auxiliaryLossesTakePart() {
        LayerConfig layer = Stacks.post(0).layers().get(0);
        LayerConfig costly =
                new LayerConfig(
                        new CostlyOption(),
                        layer.feedForward(),
                        layer.norm(),
                        NormPlacement.POST,
                        0);
        TransformerConfig config = TransformerConfig.uniform(Stacks.DIM, 2, costly, null);
        assertSameGradients(gradients(config, false), gradients(config, true));
    }

    @Test
    void dropoutRepeatsInTheSecondRun() {
        // The output of the checkpointed pass is a function of the parameters with that dropout:
        // its gradient has to agree with differences of the output itself.
        Model model = Run.initialized(new Model(Stacks.post(0.2)), manager, 1);
        NDArray bias =
                ParameterPaths.of(model).get("first.layers.1.feedForward.up.bias").getArray();
        double[] start = new double[(int) bias.size()];
        for (int i = 0; i < start.length; i++) {
            start[i] = bias.getFloat(i);
        }
        double[] gradient = new double[start.length];
        sum(model, gradient);
        for (int i = 0; i < 4; i++) {
            double[] moved = Arrays.copyOf(start, start.length);
            double step = 1e-2;
            moved[i] = start[i] + step;
            Run.set(bias, moved);
            double up = sum(model, null);
            moved[i] = start[i] - step;
            Run.set(bias, moved);
            double down = sum(model, null);
            assertEquals((up - down) / (2 * step), gradient[i], 2e-2 * (1 + Math.abs(gradient[i])));
        }
        assertNotEquals(0, gradient[0]);
    }

    private double sum(Model model, double[] gradient) {
        try (NDManager scope = manager.newSubManager();
                GradientMode on = GradientMode.on()) {
            NDArray x = Run.random(scope, 2, 2, 5, Stacks.DIM);
            ForwardContext context = new ForwardContext();
            Checkpoints checkpoints = new Checkpoints(11, context);
            NDArray y = Run.forward(model, x, true, context.withCheckpoints(checkpoints));
            NDArray weights = Run.random(scope, 3, 2, 5, 2);
            if (gradient != null) {
                GradientMode.backward(y, weights);
                checkpoints.backward();
                float[] found = Run.gradients(model).get("first.layers.1.feedForward.up.bias");
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] = found[i];
                }
            }
            double[] a = org.jzoo.blocks.check.Close.values(y);
            double[] b = org.jzoo.blocks.check.Close.values(weights);
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }
    }

    @Test
    void aCheckpointedPassKeepsLessThanHalfTheMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        Assumptions.assumeTrue(Files.exists(status), "only Linux tells the resident memory");
        Assumptions.assumeTrue(
                manager.getDevice().equals(Device.cpu()), "it is not where a GPU's arrays lie");
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder().setHeads(2, 128).build(),
                        new DenseFeedForwardOption(512, Activation.GELU, true, 0),
                        new LayerNormOption(1e-5),
                        NormPlacement.PRE,
                        0);
        Transformer stack =
                Run.initialized(
                        new Transformer(TransformerConfig.uniform(128, 10, layer, null)),
                        manager,
                        1);
        long before = resident(status);
        long checkpointed = residentAfterForward(stack, true, status) - before;
        long plain = residentAfterForward(stack, false, status) - before;
        assertTrue(
                2 * checkpointed < plain,
                () -> "checkpointed %d kB, plain %d kB".formatted(checkpointed, plain));
    }

    private long residentAfterForward(Transformer stack, boolean checkpointed, Path status)
            throws IOException {
        try (NDManager scope = manager.newSubManager();
                GradientMode on = GradientMode.on()) {
            ForwardContext context = new ForwardContext();
            if (checkpointed) {
                context.withCheckpoints(new Checkpoints(1, context));
            }
            NDArray y = Run.forward(stack, Run.random(scope, 2, 4, 1024, 128), true, context);
            long after = resident(status);
            y.close();
            return after;
        }
    }

    private static long resident(Path status) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
