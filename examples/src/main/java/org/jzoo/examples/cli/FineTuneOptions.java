package org.jzoo.examples.cli;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.jzoo.blocks.adapter.LoraConfig;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.Regularization;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.tuning.FrozenLayers;
import org.jzoo.training.tuning.LoraTuning;
import org.jzoo.training.tuning.Tuning;

/** The options that say how to fine-tune, one for each component of {@link FineTuneConfig}. */
final class FineTuneOptions {

    /** The numbers of matrix products, as users name them. */
    private enum Numbers {
        AUTO,
        FLOAT32,
        BFLOAT16;

        Precision on(Device device) {
            return this == AUTO ? Precision.suiting(device) : Precision.valueOf(name());
        }
    }

    /** What learns. */
    enum Kind {
        FULL,
        HEAD,
        LORA
    }

    private static final double FULL_RATE = 5e-5;
    private static final double LORA_RATE = 1e-3;
    private static final double WEIGHT_DECAY = 0.01;
    private static final int BASE_GROUP = 64;

    private FineTuneOptions() {}

    static Options options() {
        return options(USUAL);
    }

    /** The options, whose descriptions name these defaults. */
    static Options options(Defaults defaults) {
        Options options = new Options();
        options.addOption(
                valued(
                        "model",
                        "NAME",
                        "pretrained model or model folder, also one that was tuned to other labels:"
                                + " its head starts anew [minilm-l6]"));
        options.addOption(
                valued(
                        "tuning",
                        "KIND",
                        "what learns: full, lora or head [%s]"
                                .formatted(defaults.tuning().name().toLowerCase(Locale.ROOT))));
        options.addOption(valued("lora-rank", "R", "rank of the adapters [16]"));
        options.addOption(valued("lora-alpha", "A", "scale of the adapters [twice the rank]"));
        options.addOption(valued("lora-dropout", "P", "dropout before the adapters [0]"));
        options.addOption(
                valued(
                        "lora-targets",
                        "PATTERNS",
                        "comma-separated paths of the maps that get adapters, or all [%s]"
                                .formatted(defaults.loraTargets())));
        options.addOption(
                valued(
                        "base-bits",
                        "N",
                        "lora: packs the frozen maps into 2 to 8 bits a weight [none]"));
        options.addOption(
                valued(
                        "base-group",
                        "N",
                        "their weights that share a scale [%d]".formatted(BASE_GROUP)));
        options.addOption(flag("rslora", "scales adapters by alpha / sqrt(rank)"));
        options.addOption(
                valued(
                        "frozen-layers",
                        "N",
                        "lower layers that stay as they are, and run once for all epochs [%d]"
                                .formatted(defaults.frozenLayers())));
        options.addOption(
                valued(
                        "epochs",
                        "N",
                        "passes over the training data [%d]".formatted(defaults.epochs())));
        options.addOption(
                valued("batch-size", "N", "texts of a batch [%d]".formatted(defaults.batchSize())));
        options.addOption(valued("accumulation", "N", "batches of an optimizer step [1]"));
        options.addOption(
                valued(
                        "max-length",
                        "N",
                        "tokens of the longest text [%d]".formatted(defaults.maxLength())));
        options.addOption(
                valued(
                        "learning-rate",
                        "X",
                        "highest learning rate [%s for lora, else %s]"
                                .formatted(defaults.loraRate(), defaults.fullRate())));
        options.addOption(
                valued("layer-decay", "X", "factor of the rate from a layer to the one below [1]"));
        options.addOption(
                valued(
                        "weight-decay",
                        "X",
                        "decay of matrices [%s]".formatted(defaults.weightDecay())));
        options.addOption(valued("warmup", "X", "share of steps with a rising rate [0.06]"));
        options.addOption(
                valued("evaluate-every", "N", "steps between evaluations [end of each epoch]"));
        options.addOption(
                valued("patience", "N", "evaluations without gain before stopping; 0 never [0]"));
        options.addOption(
                valued(
                        "precision",
                        "NAME",
                        "of matrix products: float32, bfloat16, or auto: bfloat16 where the device"
                                + " has units for it [auto]"));
        options.addOption(flag("checkpointing", "saves memory by computing activations twice"));
        options.addOption(valued("seed", "N", "seed of weights, order and dropout [17]"));
        options.addOption(valued("device", "NAME", "cpu or gpu [gpu if there is one]"));
        options.addOption(valued("threads", "N", "threads of an operator [all processors]"));
        return options;
    }

    /** The options of {@link #regularization(Arguments)}. */
    static List<Option> regularization() {
        return List.of(
                valued("smoothing", "X", "share of a label that is spread over all labels [0]"),
                valued(
                        "averaging",
                        "D",
                        "decay of an average of the weights, which is what is kept, such as 0.999"
                                + " [0: none]"),
                valued(
                        "agreement",
                        "A",
                        "R-Drop: how much two dropouts of a text must agree, such as 1 [0]"),
                valued(
                        "perturbation",
                        "E",
                        "how far word embeddings, which must learn, are moved against the model,"
                                + " such as 1; takes twice the time [0]"));
    }

    /** Reads what keeps a model from learning texts by heart. */
    static Regularization regularization(Arguments arguments) {
        return new Regularization(
                arguments.number("smoothing", 0, 0, 0.99),
                arguments.number("averaging", 0, 0, 0.999999),
                arguments.number("agreement", 0, 0, 1e3),
                arguments.number("perturbation", 0, 0, 1e3));
    }

    static Option valued(String name, String argument, String description) {
        return Option.builder().longOpt(name).hasArg().argName(argument).desc(description).get();
    }

    static Option flag(String name, String description) {
        return Option.builder().longOpt(name).desc(description).get();
    }

    /** What a command takes where the user says nothing. */
    record Defaults(
            Kind tuning,
            int epochs,
            int batchSize,
            int maxLength,
            double loraRate,
            double fullRate,
            double weightDecay,
            String loraTargets,
            int frozenLayers) {

        /** The maps whose adapters learn where the user names none. */
        static final String QUERY_AND_VALUE = String.join(",", LoraTuning.QUERY_AND_VALUE);

        /** For texts, with adapters. */
        static Defaults texts(int epochs, int batchSize, int maxLength, double loraRate) {
            return new Defaults(
                    Kind.LORA,
                    epochs,
                    batchSize,
                    maxLength,
                    loraRate,
                    FULL_RATE,
                    WEIGHT_DECAY,
                    QUERY_AND_VALUE,
                    0);
        }

        /** For texts, all of whose weights learn. */
        static Defaults full(
                int epochs, int batchSize, int maxLength, double fullRate, double weightDecay) {
            return new Defaults(
                    Kind.FULL,
                    epochs,
                    batchSize,
                    maxLength,
                    LORA_RATE,
                    fullRate,
                    weightDecay,
                    QUERY_AND_VALUE,
                    0);
        }

        /** The same, for the upper layers only, whose targets are these. */
        Defaults above(int newFrozenLayers, String newLoraTargets) {
            return new Defaults(
                    tuning,
                    epochs,
                    batchSize,
                    maxLength,
                    loraRate,
                    fullRate,
                    weightDecay,
                    newLoraTargets,
                    newFrozenLayers);
        }
    }

    /** For texts of any kind. */
    static final Defaults USUAL = Defaults.texts(3, 32, 128, LORA_RATE);

    /** Reads the options; {@code work} is the folder of checkpoints and logs. */
    static FineTuneConfig config(
            Arguments arguments, Defaults defaults, Path work, boolean resume) {
        if (resume && !TrainingLoop.hasCheckpoint(work)) {
            throw new UsageException(
                    "--resume must find a checkpoint, there is none in %s; leave it out to begin"
                            .formatted(work));
        }
        return anyStepOf(arguments, defaults, work, resume);
    }

    /** The same of several steps, of which the first need not have come to a checkpoint. */
    static FineTuneConfig anyStepOf(
            Arguments arguments, Defaults defaults, Path work, boolean resume) {
        Kind kind = arguments.choice("tuning", Kind.class, defaults.tuning());
        Regularization regularization = regularization(arguments);
        if (regularization.perturbation() > 0
                && (kind != Kind.FULL || frozen(arguments, defaults) > 0)) {
            throw new UsageException(
                    "--perturbation must come with --tuning full and without --frozen-layers: it"
                            + " moves word embeddings that learn, got --tuning "
                            + kind.name().toLowerCase(Locale.ROOT)
                            + " --frozen-layers "
                            + frozen(arguments, defaults));
        }
        Device device = device(arguments);
        int threads = arguments.integer("threads", 0, 1);
        if (threads > 0) {
            PyTorch.setThreads(threads);
        }
        return FineTuneConfig.builder()
                .optModel(arguments.text("model", "minilm-l6"))
                .optTuning(tuning(kind, arguments, defaults))
                .optEpochs(arguments.integer("epochs", defaults.epochs(), 1))
                .optBatchSize(arguments.integer("batch-size", defaults.batchSize(), 1))
                .optAccumulation(arguments.integer("accumulation", 1, 1))
                .optMaxLength(arguments.integer("max-length", defaults.maxLength(), 3))
                .optLearningRate(
                        arguments.number(
                                "learning-rate",
                                kind == Kind.LORA ? defaults.loraRate() : defaults.fullRate(),
                                1e-9,
                                1))
                .optLayerDecay(arguments.number("layer-decay", 1, 0.01, 1))
                .optWeightDecay(arguments.number("weight-decay", defaults.weightDecay(), 0, 1))
                .optWarmupShare(arguments.number("warmup", 0.06, 0, 0.99))
                .optRegularization(regularization)
                .optEvaluateEvery(arguments.integer("evaluate-every", 0, 0))
                .optPatience(arguments.integer("patience", 0, 0))
                .optPrecision(arguments.choice("precision", Numbers.class, Numbers.AUTO).on(device))
                .optCheckpointing(arguments.has("checkpointing"))
                .optSeed(arguments.integer("seed", 17, 0))
                .optDevice(device)
                .optWork(work)
                .optResume(resume)
                .build();
    }

    /** The device that was asked for, or the best there is. */
    static Device device(Arguments arguments) {
        String name = arguments.text("device", null);
        if (name == null) {
            return PyTorch.engine().getGpuCount() > 0 ? Device.gpu() : Device.cpu();
        }
        // DJL reads "gpu" as device -1, which equals no array's device.
        Device device = name.equals("gpu") ? Device.gpu() : Device.fromName(name);
        if (!device.isGpu() && !device.equals(Device.cpu())) {
            throw new UsageException("--device must be cpu, gpu or gpu1, gpu2, ..., got " + name);
        }
        if (device.isGpu() && device.getDeviceId() >= PyTorch.engine().getGpuCount()) {
            throw new UsageException(
                    "--device must be one of this machine's (%d GPUs), got %s"
                            .formatted(PyTorch.engine().getGpuCount(), name));
        }
        return device;
    }

    private static Tuning tuning(Kind kind, Arguments arguments, Defaults defaults) {
        if (kind != Kind.LORA && arguments.has("base-bits")) {
            throw new UsageException(
                    "--base-bits must come with --tuning lora: packed maps do not learn, got"
                            + " --tuning "
                            + kind.name().toLowerCase(Locale.ROOT));
        }
        Tuning tuning =
                switch (kind) {
                    case FULL -> Tuning.full();
                    case HEAD -> Tuning.headOnly();
                    case LORA -> lora(arguments, defaults);
                };
        int frozen = frozen(arguments, defaults);
        return frozen == 0 ? tuning : new FrozenLayers(tuning, frozen);
    }

    private static int frozen(Arguments arguments, Defaults defaults) {
        return arguments.integer("frozen-layers", defaults.frozenLayers(), 0);
    }

    private static Tuning lora(Arguments arguments, Defaults defaults) {
        int rank = arguments.integer("lora-rank", 16, 1);
        LoraConfig config =
                new LoraConfig(
                        rank,
                        arguments.number("lora-alpha", 2.0 * rank, 1e-6, 1e6),
                        arguments.number("lora-dropout", 0, 0, 0.99),
                        arguments.has("rslora"));
        String targets = arguments.text("lora-targets", defaults.loraTargets());
        List<String> patterns =
                targets.equals("all") ? LoraTuning.ALL_LINEAR : Arrays.asList(targets.split(","));
        return new LoraTuning(config, patterns, List.of("head.*"), base(arguments));
    }

    private static WeightGrid base(Arguments arguments) {
        if (!arguments.has("base-bits")) {
            return null;
        }
        int bits = arguments.integer("base-bits", 4, 2);
        if (bits > 8) {
            throw new UsageException("--base-bits must be in [2, 8], got " + bits);
        }
        return WeightGrid.perGroup(bits, arguments.integer("base-group", BASE_GROUP, 1));
    }
}
