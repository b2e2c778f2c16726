package org.jzoo.examples.cli;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.cli.Options;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.LocalModels;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.ModelInfo;
import org.jzoo.zoo.registry.Shipped;
import org.jzoo.zoo.weights.TensorType;

/** {@code jzoo publish}: a model folder in the form in which it ships on the class path. */
final class PublishCommand implements Command {

    private static final int PROBES = 16;
    private static final int MOST_TOKENS = 12;

    /** How weights are stored. */
    private enum Stored {
        FP16(TensorType.F16),
        FP32(TensorType.F32);

        private final TensorType type;

        Stored(TensorType type) {
            this.type = type;
        }
    }

    @Override
    public String name() {
        return "publish";
    }

    @Override
    public String summary() {
        return "Puts a model where it ships with a jar, so that the zoo knows it by name.";
    }

    @Override
    public String usage() {
        return "DIR --name NAME [--into FOLDER] [options]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.valued("name", "NAME", "what the zoo shall call it"));
        options.addOption(
                FineTuneOptions.valued(
                        "into",
                        "FOLDER",
                        "META-INF/jzoo of a jar's resources"
                                + " [zoo/src/main/resources/META-INF/jzoo]"));
        options.addOption(
                FineTuneOptions.valued("precision", "NAME", "of the weights: fp16 or fp32 [fp16]"));
        options.addOption(
                FineTuneOptions.valued(
                        "description", "TEXT", "one line for lists and its card [the card's]"));
        options.addOption(FineTuneOptions.valued("card", "FILE", "its card [README.md of DIR]"));
        options.addOption(
                FineTuneOptions.valued(
                        "licence", "NAME", "of the weights, for lists and its card [the card's]"));
        options.addOption(FineTuneOptions.flag("json", "prints the result as JSON"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo publish models/j1-full-17 --name j1-tiny");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        if (arguments.rest().size() != 1) {
            throw new UsageException("DIR must be one model folder, got " + arguments.rest());
        }
        String name = arguments.text("name");
        Path into =
                arguments.path(
                        "into", Path.of("zoo", "src", "main", "resources", "META-INF", "jzoo"));
        Stored stored = arguments.choice("precision", Stored.class, Stored.FP16);
        Path from = Path.of(arguments.rest().get(0));
        Path to = into.resolve("models").resolve(name);
        Map<String, Object> result = new LinkedHashMap<>();
        try (LoadedModel model = ModelFolder.load(from, Device.cpu())) {
            Path file =
                    arguments.has("card")
                            ? arguments.existing("card")
                            : from.resolve(ModelFolder.CARD);
            PublishedCard card = card(file, name);
            String licence = arguments.text("licence", LocalModels.of(from).licence());
            if (licence.equals(ModelInfo.UNKNOWN_LICENCE)) {
                throw new UsageException("--licence must be given: the card does not name one");
            }
            if (arguments.has("licence")) {
                card = card.licensed(licence);
            }
            String description = arguments.text("description", card.summary());
            if (arguments.has("description")) {
                card = card.saying(description);
            }
            Shipped shipped =
                    Shipped.publish(
                            into,
                            name,
                            model,
                            description == null ? name : description,
                            licence,
                            card.text(),
                            stored.type);
            result.put("folder", to.toString());
            result.put("weights", shipped.parameters());
            result.put("bytes", shipped.bytes());
            result.put("sha256", shipped.sha256());
            try (LoadedModel copy = ModelFolder.load(to, Device.cpu())) {
                if (model.config().model() instanceof J1Config config) {
                    result.put("differsBy", difference(model, copy, config));
                }
            }
        }
        if (arguments.has("json")) {
            terminal.json(result);
        } else {
            result.forEach((fact, value) -> terminal.print("%-10s %s", fact, value));
        }
        return Main.OK;
    }

    private static PublishedCard card(Path file, String name) throws IOException {
        String text = Files.isRegularFile(file) ? Files.readString(file) : "";
        return new PublishedCard(text).named(name);
    }

    /** The largest difference of what two models say of noise in pictures and words. */
    private static double difference(LoadedModel one, LoadedModel other, J1Config config) {
        Random random = new Random(7);
        try (NDManager manager = PyTorch.engine().newBaseManager(Device.cpu())) {
            NDList inputs = new NDList();
            if (config.text() != null) {
                int length = Math.min(MOST_TOKENS, config.maxLength());
                long[] ids =
                        random.longs((long) PROBES * length, 0, config.text().vocabularySize())
                                .toArray();
                inputs.add(manager.create(ids, new Shape(PROBES, length)));
            }
            if (config.image() != null) {
                int side = config.image().size();
                int channels = config.image().stem().channels();
                float[] pixels = new float[PROBES * channels * side * side];
                for (int i = 0; i < pixels.length; i++) {
                    pixels[i] = 2 * random.nextFloat() - 1;
                }
                inputs.add(manager.create(pixels, new Shape(PROBES, channels, side, side)));
            }
            ParameterStore store = new ParameterStore(manager, false);
            NDArray x = one.block().forward(store, inputs, false).head();
            NDArray y = other.block().forward(store, inputs, false).head();
            return x.sub(y).abs().max().getFloat();
        }
    }
}
