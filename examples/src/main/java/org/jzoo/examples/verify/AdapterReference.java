package org.jzoo.examples.verify;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jzoo.examples.adapter.AdapterFolder;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.verify.Reference;
import org.jzoo.zoo.verify.Verification;
import org.jzoo.zoo.verify.VerificationReport;

/**
 * A published adapter: a {@link Reference} of a classifier under peft's names, pretrained weights
 * and learned ones together, with peft's own folder "adapter" beside it.
 */
final class AdapterReference {

    private static final String PREFIX = "base_model.model.";
    private static final String ADAPTER = "adapter";

    private AdapterReference() {}

    /** Whether a folder holds one. */
    static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(ADAPTER).resolve(AdapterFolder.CONFIG));
    }

    /** Puts the adapter beside the pretrained weights, and compares. */
    static VerificationReport verify(Path folder, Device device)
            throws IOException, MalformedModelException {
        try (LoadedModel model =
                Reference.open(folder, AdapterReference::pretrained).load(device)) {
            AdapterFolder.load(folder.resolve(ADAPTER), model);
            ModelConfig config = model.config();
            Architecture architecture = Architectures.of(config.architecture());
            return Verification.run(
                    Reference.open(folder, name -> learned(architecture, config, name)), model);
        }
    }

    /** The plain model's name of a pretrained weight; null for what was learned. */
    private static String pretrained(String name) {
        return !name.startsWith(PREFIX)
                        || name.contains(".lora_")
                        || name.contains(".modules_to_save.")
                ? null
                : name.substring(PREFIX.length())
                        .replace(".base_layer.", ".")
                        .replace(".original_module.", ".");
    }

    /** Our path of an adapter's matrix, or the plain model's name of a head's weight; else null. */
    private static String learned(Architecture architecture, ModelConfig config, String name) {
        int matrix = name.indexOf(".lora_");
        if (matrix > 0) {
            String module = name.substring(PREFIX.length(), matrix);
            String path = architecture.names(config).ourName(module + ".weight");
            return path == null
                    ? name
                    : path.replaceFirst("weight$", "lora" + name.charAt(matrix + 6));
        }
        return name.contains(".modules_to_save.")
                ? name.substring(PREFIX.length()).replaceFirst("\\.modules_to_save\\.\\w+", "")
                : null;
    }
}
