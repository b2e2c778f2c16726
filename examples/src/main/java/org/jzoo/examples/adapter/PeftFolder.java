package org.jzoo.examples.adapter;

import ai.djl.nn.Parameter;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.tuning.Adapters;
import org.jzoo.training.tuning.LoraTuning;
import org.jzoo.training.tuning.PeftAdapter;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;
import org.jzoo.zoo.weights.AtomicFolder;
import org.jzoo.zoo.weights.NameTable;
import org.jzoo.zoo.weights.SafetensorsWriter;
import org.jzoo.zoo.weights.TensorSource;
import org.jzoo.zoo.weights.TensorType;

/**
 * An adapter's folder as the Python library peft writes it, for programs that read those; {@link
 * AdapterFolder#load} does too.
 *
 * @see <a href="https://github.com/huggingface/peft">peft</a>
 */
public final class PeftFolder {

    private static final Gson JSON =
            new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

    private PeftFolder() {}

    /**
     * Saves what was trained, whole or not at all.
     *
     * @param folder where to; what was there before is replaced
     * @param model with adapters, of an architecture with published names
     * @param base the name or folder of the published model
     * @param tuning that was applied to it
     * @param card the text of the model card
     * @throws IllegalArgumentException if something that was trained has no place in the published
     *     model: a weight that it names otherwise or not at all, or a head that reads other tokens
     */
    public static void save(
            Path folder, LoadedModel model, String base, LoraTuning tuning, String card)
            throws IOException {
        requirePublishedHead(model.config());
        Part block = (Part) model.block();
        UnaryOperator<String> modules = modules(model.config());
        Map<String, Parameter> state = Adapters.state(block);
        PeftAdapter adapter = PeftAdapter.of(tuning, state.keySet(), modules);
        Map<String, Parameter> named = new TreeMap<>();
        adapter.paths().forEach((tensor, path) -> named.put(tensor, state.get(path)));
        Collection<String> others =
                Adapters.linearPaths(block).stream().map(modules).filter(Objects::nonNull).toList();
        JsonObject config = adapter.config(base, word(model.config().task()), others);
        AtomicFolder.write(
                folder,
                staging -> {
                    Files.writeString(
                            staging.resolve(AdapterFolder.CONFIG), JSON.toJson(config) + "\n");
                    Files.writeString(staging.resolve(ModelFolder.CARD), card);
                    SafetensorsWriter.write(
                            staging.resolve(AdapterFolder.WEIGHTS),
                            TensorSource.ofParameters(model.name(), named),
                            Map.of("format", "pt"),
                            TensorType.F32);
                });
    }

    private static void requirePublishedHead(ModelConfig config) {
        HeadOption head = head(config.task());
        HeadOption published = Architectures.of(config.architecture()).head();
        if (head != null
                && (head.pooling() != published.pooling() || head.dense() != published.dense())) {
            throw new IllegalArgumentException(
                    "head must be the published one of %s (%s tokens, %s map) to be read by peft, got %s tokens, %s map"
                            .formatted(
                                    config.architecture(),
                                    published.pooling(),
                                    published.dense(),
                                    head.pooling(),
                                    head.dense()));
        }
    }

    private static HeadOption head(Task task) {
        if (task instanceof ClassificationTask classes) {
            return classes.head();
        }
        return task instanceof RegressionTask regression ? regression.head() : null;
    }

    /** peft's word for a task; null for none. */
    private static String word(Task task) {
        if (task instanceof ClassificationTask || task instanceof RegressionTask) {
            return "SEQ_CLS";
        }
        if (task instanceof TokenClassificationTask) {
            return "TOKEN_CLS";
        }
        if (task instanceof EmbeddingTask) {
            return "FEATURE_EXTRACTION";
        }
        return task instanceof CausalLanguageTask ? "CAUSAL_LM" : null;
    }

    /** The published name of the module at one of our paths. */
    private static UnaryOperator<String> modules(ModelConfig config) {
        NameTable names = Architectures.of(config.architecture()).names(config);
        return path -> {
            String weight = names.foreignName(path + ".weight");
            return weight == null
                    ? null
                    : weight.substring(0, weight.length() - ".weight".length());
        };
    }
}
