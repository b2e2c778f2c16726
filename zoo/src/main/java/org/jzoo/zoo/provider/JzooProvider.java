package org.jzoo.zoo.provider;

import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooProvider;
import java.util.List;
import org.jzoo.blocks.kernel.Telemetry;

/**
 * Puts {@link JzooModels} among DJL's model zoos.
 *
 * <p>DJL's tokenizers bring zoos that fetch an index of models whenever anybody lists or searches
 * models, and warn when they cannot. Each is replaced by an {@link OnDemandZoo}. The service file
 * names their providers before ours, so that they are there when ours runs; a service loader skips
 * the second mention of a provider. A program that adds DJL's ONNX Runtime engine, which brings
 * such a zoo too, names its provider in a service file of its own, as the examples do.
 */
public final class JzooProvider implements ZooProvider {

    private static final List<String> FETCHING =
            List.of(
                    "ai.djl.huggingface.pytorch",
                    "ai.djl.huggingface.rust",
                    "ai.djl.huggingface.onnxruntime");

    /** Called by the service loader. */
    public JzooProvider() {}

    @Override
    public ModelZoo getModelZoo() {
        Telemetry.optOut();
        if (!Boolean.getBoolean(OnDemandZoo.PROPERTY)) {
            FETCHING.forEach(JzooProvider::replace);
        }
        return new JzooModels();
    }

    private static void replace(String group) {
        ModelZoo fetching = ModelZoo.getModelZoo(group);
        if (fetching != null && !(fetching instanceof OnDemandZoo)) {
            ModelZoo.registerModelZoo(() -> new OnDemandZoo(fetching));
        }
    }
}
