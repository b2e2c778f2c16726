package org.jzoo.zoo.huggingface;

import ai.djl.MalformedModelException;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.ModelInfo;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.StrictLoader;
import org.jzoo.zoo.weights.TensorSource;

/**
 * Turns a folder in Hugging Face's layout into one of ours, without loading it: weights are mapped
 * files, renamed and turned one by one on their way from file to file, and keep their number type.
 */
public final class HuggingFaceImport {

    private final Path source;
    private final ModelConfig config;
    private final TensorSource weights;

    /**
     * Opens a folder and checks that it holds every weight of its configuration and no other.
     *
     * @throws java.nio.file.NoSuchFileException if a file is missing
     * @throws IllegalArgumentException if the configuration asks for something unsupported
     * @throws MalformedModelException if the weights are not those of the configuration
     */
    public HuggingFaceImport(Path source) throws IOException, MalformedModelException {
        this.source = source;
        config = HuggingFaceFolder.config(source);
        Architecture architecture = Architectures.of(config.architecture());
        TensorSource all = architecture.names(config).toOurs(Safetensors.open(source));
        Map<String, Parameter> parameters = ParameterPaths.of(config.model().create(config.task()));
        StrictLoader.into(parameters)
                .ignoring(architecture.unused(config.task()).toArray(new String[0]))
                .check(all);
        weights = all.only(parameters.keySet());
    }

    /** What the folder is a model of. */
    public ModelConfig config() {
        return config;
    }

    /** Bytes of the weights. */
    public long bytes() {
        return weights.entries().values().stream().mapToLong(e -> e.byteSize()).sum();
    }

    /**
     * Writes our folder, whole or not at all; what was there before is replaced.
     *
     * @param folder where to
     * @param progress hears of bytes as they are written
     * @throws IOException if it cannot be written; the old folder is then untouched
     */
    public void writeTo(Path folder, LongConsumer progress) throws IOException {
        Path tokenizer = source.resolve(ModelFolder.TOKENIZER);
        ModelFolder.write(
                folder,
                config,
                weights.heard(progress),
                Files.exists(tokenizer) ? Files.readAllBytes(tokenizer) : null,
                card(folder.getFileName().toString()));
    }

    private String card(String name) throws IOException {
        String licence = ModelInfo.UNKNOWN_LICENCE;
        Path card = source.resolve(ModelFolder.CARD);
        if (Files.isRegularFile(card)) {
            try (Stream<String> lines = Files.lines(card)) {
                licence =
                        lines.limit(40)
                                .filter(line -> line.startsWith("license:"))
                                .map(line -> line.substring("license:".length()).strip())
                                .findFirst()
                                .orElse(licence);
            }
        }
        return """
        ---
        license: %s
        ---
        # %s

        Imported from a published folder, "%s": architecture %s, %,d weights. Nothing was
        trained or measured here.
        """
                .formatted(
                        licence,
                        name,
                        source.toAbsolutePath().normalize().getFileName(),
                        config.architecture(),
                        weights.entries().values().stream().mapToLong(e -> e.size()).sum());
    }
}
