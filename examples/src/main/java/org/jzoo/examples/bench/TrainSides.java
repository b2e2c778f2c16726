package org.jzoo.examples.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.Batchifier;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamW;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;

/** Who makes a step in {@link TrainBench}: each has a model and a batch of its own. */
final class TrainSides {

    private static final double RATE = 2e-5;

    private final TrainBench.Config config;

    TrainSides(TrainBench.Config config) {
        this.config = config;
    }

    /** One of those that are compared. */
    interface Side extends AutoCloseable {

        String name();

        void step();

        default double millis() throws IOException {
            long start = System.nanoTime();
            step();
            return (System.nanoTime() - start) / 1e6;
        }

        @Override
        void close();
    }

    /** DJL's own training. */
    Side djl(NDManager manager) {
        return new DjlSide(manager);
    }

    /** Ours. */
    Side own(NDManager manager, Precision precision) {
        return new OwnSide(manager, precision);
    }

    /** Python's; closing it leaves the process. */
    static Side python(PythonPeer peer, Precision precision) {
        return new PythonSide(peer, precision);
    }

    private Block model(NDManager manager) {
        Block block =
                new PostNormEncoder(30_522, 384, 6, 12, 1536, Activation.GELU, 0.1, 0.1, 1e-12)
                        .config(new LearnedPositionOption(512), 512, 2, 0, false)
                        .create(
                                new ClassificationTask(
                                        List.of("no", "yes"), false, HeadOption.MEAN));
        PyTorch.seed(17);
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        return block;
    }

    private NDList inputs(NDManager manager) {
        Shape shape = new Shape(config.rows(), config.tokens());
        long[] ids = new SplittableRandom(1).longs(shape.size(), 1000, 20_000).toArray();
        return new NDList(
                manager.create(ids, shape), manager.create(new long[ids.length], shape)); // (B, T)
    }

    private NDArray labels(NDManager manager) {
        long[] labels = new long[config.rows()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 2;
        }
        return manager.create(labels); // (B)
    }

    /** A small parameter: reading it waits for a step's end, on a GPU too. */
    private static NDArray small(Block block) {
        return ParameterPaths.of(block).values().stream()
                .map(Parameter::getArray)
                .reduce((a, b) -> a.size() <= b.size() ? a : b)
                .orElseThrow();
    }

    private static String label(Precision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }

    private record PythonSide(PythonPeer peer, Precision precision) implements Side {

        @Override
        public String name() {
            return "PyTorch %s in Python, %s".formatted(peer.version(), label(precision));
        }

        @Override
        public void step() {
            throw new UnsupportedOperationException("Python times itself");
        }

        @Override
        public double millis() throws IOException {
            return peer.step(precision);
        }

        @Override
        public void close() {}
    }

    private final class OwnSide implements Side {

        private final Precision precision;
        private final NDManager manager;
        private final Block block;
        private final ParameterStore store;
        private final AdamW optimizer;
        private final NDArray small;

        OwnSide(NDManager parent, Precision precision) {
            this.precision = precision;
            manager = parent.newSubManager();
            block = model(manager);
            small = small(block);
            store = new ParameterStore(manager, false);
            Map<String, NDArray> weights = new LinkedHashMap<>();
            ParameterPaths.of(block)
                    .forEach(
                            (path, parameter) -> {
                                parameter
                                        .getArray()
                                        .setRequiresGradient(parameter.requiresGradient());
                                if (parameter.requiresGradient()) {
                                    weights.put(path, parameter.getArray());
                                }
                            });
            optimizer = new AdamW(weights, AdamWConfig.builder().setLearningRate(RATE).build());
        }

        @Override
        public String name() {
            return "jzoo " + label(precision);
        }

        @Override
        public void step() {
            try (NDManager scope = manager.newSubManager()) {
                ForwardContext context = new ForwardContext().withPrecision(precision);
                try (GradientMode on = GradientMode.on()) {
                    NDList outputs = block.forward(store, inputs(scope), true, context.asParams());
                    NDArray loss =
                            new CrossEntropy().compute(outputs, new NDList(labels(scope)), context);
                    optimizer.backward(loss);
                }
                NDArray norm = optimizer.clipGradients(1, scope);
                optimizer.step(1);
                optimizer.zeroGradients();
                norm.toFloatArray();
            }
            small.toFloatArray();
        }

        @Override
        public void close() {
            optimizer.close();
            manager.close();
        }
    }

    private final class DjlSide implements Side {

        private final NDManager manager;
        private final Model model;
        private final Block block;
        private final Trainer trainer;
        private final NDArray small;

        DjlSide(NDManager parent) {
            manager = parent.newSubManager();
            block = model(manager);
            model = Model.newInstance("bench", config.device(), "PyTorch");
            model.setBlock(block);
            trainer =
                    model.newTrainer(
                            new DefaultTrainingConfig(new SoftmaxCrossEntropyLoss())
                                    .optDevices(new Device[] {config.device()})
                                    .optOptimizer(
                                            ai.djl.training.optimizer.Optimizer.adamW()
                                                    .optLearningRateTracker(
                                                            Tracker.fixed((float) RATE))
                                                    .build()));
            Shape shape = new Shape(config.rows(), config.tokens());
            trainer.initialize(shape, shape);
            small = small(block);
        }

        @Override
        public String name() {
            return "DJL EasyTrain";
        }

        @Override
        public void step() {
            try (NDManager scope = manager.newSubManager();
                    Batch batch =
                            new Batch(
                                    scope,
                                    inputs(scope),
                                    new NDList(labels(scope)),
                                    config.rows(),
                                    Batchifier.STACK,
                                    Batchifier.STACK,
                                    0,
                                    1)) {
                EasyTrain.trainBatch(trainer, batch);
                trainer.step();
            }
            small.toFloatArray();
        }

        @Override
        public void close() {
            trainer.close();
            model.close();
            manager.close();
        }
    }
}
