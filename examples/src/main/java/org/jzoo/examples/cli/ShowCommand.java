package org.jzoo.examples.cli;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.datasets.DataHash;
import org.jzoo.zoo.registry.ImageModelOption;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.ModelInfo;
import org.jzoo.zoo.registry.Pretrained;
import org.jzoo.zoo.registry.Shipped;
import org.jzoo.zoo.registry.TextModelOption;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.weights.Checksums;

/** {@code jzoo show}: everything about one model. */
final class ShowCommand implements Command {

    private static final String SOUND = "ok";

    @Override
    public String name() {
        return "show";
    }

    @Override
    public String summary() {
        return "Shows a model: numbers, task, labels, weights by part, files, checksums, card.";
    }

    @Override
    public String usage() {
        return "NAME|DIR [--config] [--json]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.flag("config", "prints the whole configuration too"));
        options.addOption(FineTuneOptions.flag("json", "prints everything as JSON"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo show minilm-l6", "jzoo show my-model --config");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        if (arguments.rest().size() != 1) {
            throw new UsageException(
                    "NAME or DIR must be one model, got " + arguments.rest() + "; see jzoo list");
        }
        String wanted = arguments.rest().get(0);
        Path folder = Path.of(wanted);
        Map<String, Object> facts =
                Files.isDirectory(folder) ? ofFolder(folder) : ofInfo(Zoo.info(wanted));
        if (arguments.has("json")) {
            terminal.json(facts);
        } else {
            print(facts, arguments.has("config"), terminal);
        }
        return SOUND.equals(facts.getOrDefault("checksums", SOUND)) ? Main.OK : Main.FAILED;
    }

    private static Map<String, Object> ofInfo(ModelInfo info)
            throws IOException, MalformedModelException {
        if (info.folder() != null) {
            return ofFolder(info.folder());
        }
        Optional<Shipped> shipped = Shipped.of(info.name());
        if (shipped.isPresent()) {
            return ofFolder(shipped.get().folder());
        }
        Map<String, Object> facts = ListCommand.json(info);
        if (!info.available()) {
            facts.put("advice", info.availability());
            return facts;
        }
        Pretrained pretrained = Pretrained.of(info.name()).orElseThrow();
        try (InputStream in = Pretrained.class.getResourceAsStream(pretrained.resource())) {
            String hash = DataHash.sha256(in);
            facts.put(
                    "checksums",
                    hash.equals(info.sha256())
                            ? SOUND
                            : "%s must have SHA-256 %s, got %s"
                                    .formatted(pretrained.resource(), info.sha256(), hash));
        }
        try (LoadedModel model = Zoo.load(info.name(), Device.cpu())) {
            addModel(facts, model);
        }
        return facts;
    }

    private static Map<String, Object> ofFolder(Path folder) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", folder.toAbsolutePath().normalize().getFileName().toString());
        facts.put("folder", folder.toString());
        facts.put("files", files(folder));
        facts.put("checksums", SOUND);
        try (LoadedModel model = Models.load(folder, Device.cpu())) {
            if (!Checksums.isPresent(folder)) {
                facts.put("origin", "published by others, without checksums");
            }
            addModel(facts, model);
        } catch (MalformedModelException e) {
            facts.put("checksums", e.getMessage());
        }
        Path card = folder.resolve(ModelFolder.CARD);
        if (Files.isRegularFile(card)) {
            facts.put("card", Files.readString(card));
        }
        return facts;
    }

    private static Map<String, Long> files(Path folder) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sizes.put(file.getFileName().toString(), Files.size(file));
            }
        }
        return sizes;
    }

    private static void addModel(Map<String, Object> facts, LoadedModel model) {
        ModelConfig config = model.config();
        facts.put("architecture", config.architecture());
        facts.put("task", TaskWords.of(config.task()));
        facts.put("labels", TaskWords.labels(config.task()));
        if (config.model() instanceof TextModelOption text) {
            facts.put("maxLength", text.maxLength());
        }
        if (config.model() instanceof ImageModelOption images) {
            facts.put(
                    "imageSize",
                    images.preprocessing().height() + "x" + images.preprocessing().width());
        }
        facts.put("parameters", model.numParameters());
        facts.put("parts", parts(model));
        facts.put("config", JsonParser.parseString(config.toJson()));
    }

    /** Weights by the first two names of their paths: encoder.tokens, encoder.transformer, head. */
    private static Map<String, Long> parts(LoadedModel model) {
        Map<String, Long> parts = new LinkedHashMap<>();
        ((Part) model.block())
                .parts()
                .forEach(
                        (name, block) -> {
                            if (name.equals("head") || !(block instanceof Part inner)) {
                                parts.put(name, PackedMaps.numWeights(block));
                                return;
                            }
                            inner.parts()
                                    .forEach(
                                            (below, child) ->
                                                    parts.put(
                                                            name + "." + below,
                                                            PackedMaps.numWeights(child)));
                        });
        return parts;
    }

    private static void print(Map<String, Object> facts, boolean config, Terminal terminal) {
        facts.forEach(
                (name, value) -> {
                    if (value instanceof Map<?, ?> sizes) {
                        terminal.print("%s", name);
                        sizes.forEach((k, v) -> terminal.print("    %-28s %14s", k, text(v)));
                    } else if (name.equals("card")) {
                        terminal.print("card%n%s", value.toString().strip().indent(4));
                    } else if (value != null && (config || !name.equals("config"))) {
                        terminal.print("%-14s%s", name, text(value));
                    }
                });
    }

    private static String text(Object value) {
        return value instanceof Number n ? "%,d".formatted(n.longValue()) : value.toString();
    }
}
