package org.jzoo.training.tuning;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An adapter folder of the Python library peft, as a tuning of ours and a table of names.
 *
 * @param tuning the same adapters on the same maps
 * @param paths our parameter path for each tensor of {@code adapter_model.safetensors}
 * @see <a href="https://github.com/huggingface/peft">peft</a>
 */
public record PeftAdapter(LoraTuning tuning, Map<String, String> paths) {

    private static final String PREFIX = "base_model.model.";
    private static final Pattern OWN =
            Pattern.compile("(.+?)\\.(loraA|loraB|base\\.weight|base\\.bias|weight|bias)");
    private static final Pattern ADAPTED = Pattern.compile("(.+)\\.lora_([AB])\\.weight");
    private static final Pattern BASE = Pattern.compile("(.+)\\.base_layer\\.(weight|bias)");
    private static final Pattern PLAIN = Pattern.compile("(.+)\\.(weight|bias)");

    /** Creates the pair. */
    public PeftAdapter {
        paths = Map.copyOf(paths);
    }

    /**
     * Translates an adapter.
     *
     * @param config the contents of {@code adapter_config.json}
     * @param tensors the names in {@code adapter_model.safetensors}
     * @param modulePath our path for a module name of the published model
     *     ("bert.encoder.layer.0.attention.self.query"); null if there is none
     * @throws IllegalArgumentException if the configuration asks for something that is not
     *     supported, or a tensor has no place in the model; the message names it
     */
    public static PeftAdapter read(
            JsonObject config, Collection<String> tensors, UnaryOperator<String> modulePath) {
        PeftConfig options = PeftConfig.read(config);
        Map<String, String> paths = new LinkedHashMap<>();
        Set<String> targets = new LinkedHashSet<>();
        Set<String> trainable = new LinkedHashSet<>();
        for (String tensor : tensors.stream().sorted().toList()) {
            if (!tensor.startsWith(PREFIX)) {
                throw unknown(tensor);
            }
            String name = tensor.substring(PREFIX.length());
            Matcher adapted = ADAPTED.matcher(name);
            Matcher base = BASE.matcher(name);
            Matcher plain = PLAIN.matcher(name);
            if (adapted.matches()) {
                options.checkTarget(adapted.group(1));
                String path = path(tensor, adapted.group(1), modulePath);
                targets.add(path);
                paths.put(tensor, path + ".lora" + adapted.group(2));
            } else if (base.matches()) {
                String path = path(tensor, base.group(1), modulePath);
                paths.put(tensor, path + ".base." + base.group(2));
                trainable.add(path + ".base." + base.group(2));
            } else if (plain.matches()) {
                String path = path(tensor, plain.group(1), modulePath) + "." + plain.group(2);
                paths.put(tensor, path);
                trainable.add(path);
            } else {
                throw unknown(tensor);
            }
        }
        if (targets.isEmpty()) {
            throw new IllegalArgumentException(
                    "the adapter must have tensors named *.lora_A.weight, got " + tensors);
        }
        return new PeftAdapter(
                new LoraTuning(
                        options.lora(), new ArrayList<>(targets), new ArrayList<>(trainable), null),
                paths);
    }

    /**
     * Names adapters of ours as peft does: the inverse of {@link #read}.
     *
     * @param tuning that was applied
     * @param state the paths of what it trained, as {@link Adapters#state} gives them
     * @param moduleName the published name of the module at one of our paths; null if there is none
     * @throws IllegalArgumentException if a path has no published name; the message has it
     */
    public static PeftAdapter of(
            LoraTuning tuning, Collection<String> state, UnaryOperator<String> moduleName) {
        Map<String, String> paths = new LinkedHashMap<>();
        for (String path : state) {
            Matcher own = OWN.matcher(path);
            String module = own.matches() ? moduleName.apply(own.group(1)) : null;
            if (module == null) {
                throw new IllegalArgumentException(
                        "what was trained must have a name in the published model, got " + path);
            }
            String ending =
                    switch (own.group(2)) {
                        case "loraA" -> "lora_A.weight";
                        case "loraB" -> "lora_B.weight";
                        case "base.weight", "base.bias" ->
                                "base_layer." + own.group(2).substring(5);
                        default -> own.group(2);
                    };
            paths.put(PREFIX + module + "." + ending, path);
        }
        return new PeftAdapter(tuning, paths);
    }

    /**
     * The contents of {@code adapter_config.json}.
     *
     * @param base the name or folder of the pretrained model
     * @param task peft's word for the task, such as SEQ_CLS; null for none
     * @param others the published names of the linear maps that have no adapter
     */
    public JsonObject config(String base, String task, Collection<String> others) {
        Set<String> adapted = new TreeSet<>();
        Set<String> saved = new TreeSet<>();
        for (String tensor : paths.keySet()) {
            String name = tensor.substring(PREFIX.length());
            Matcher lora = ADAPTED.matcher(name);
            Matcher plain = PLAIN.matcher(name);
            if (lora.matches()) {
                adapted.add(lora.group(1));
            } else if (!BASE.matcher(name).matches() && plain.matches()) {
                saved.add(plain.group(1));
            }
        }
        return PeftConfig.write(tuning.lora(), ends(adapted, others), saved, base, task);
    }

    /** Last words ("query") where they name just these modules, else whole names. */
    private static Set<String> ends(Set<String> modules, Collection<String> others) {
        Set<String> ends = new TreeSet<>();
        modules.forEach(module -> ends.add(lastWord(module)));
        return others.stream().map(PeftAdapter::lastWord).noneMatch(ends::contains)
                ? ends
                : modules;
    }

    private static String lastWord(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }

    private static String path(String tensor, String module, UnaryOperator<String> modulePath) {
        String path = modulePath.apply(module);
        if (path == null) {
            throw unknown(tensor);
        }
        return path;
    }

    private static IllegalArgumentException unknown(String tensor) {
        return new IllegalArgumentException(
                "tensor must belong to an adapted or saved module of the model, got tensor="
                        + tensor);
    }
}
