package org.jzoo.training.tuning;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jzoo.blocks.adapter.LoraConfig;

/**
 * What peft's {@code adapter_config.json} says, strictly: an option that would change the result
 * and is not supported is an error.
 *
 * @param lora the adapters' numbers
 * @param targets ends of module names, a regular expression over whole names, or all linear maps
 */
record PeftConfig(LoraConfig lora, JsonElement targets) {

    /** Options that say where an adapter comes from or how it was started. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "auto_mapping",
                    "base_model_name_or_path",
                    "revision",
                    "inference_mode",
                    "megatron_core",
                    "peft_version",
                    "qalora_group_size",
                    "task_type",
                    // Both are seen in the tensors that the file holds.
                    "modules_to_save",
                    "bias",
                    "runtime_config",
                    "layers_pattern");

    private static final Set<String> READ =
            Set.of(
                    "peft_type",
                    "r",
                    "lora_alpha",
                    "lora_dropout",
                    "use_rslora",
                    "target_modules",
                    "init_lora_weights");

    /** Starts that leave the pretrained weights as they are; the others change them. */
    private static final Set<String> STARTS =
            Set.of("null", "true", "false", "\"gaussian\"", "\"orthogonal\"", "\"eva\"");

    static PeftConfig read(JsonObject config) {
        if (!config.has("peft_type") || !config.get("peft_type").getAsString().equals("LORA")) {
            throw new IllegalArgumentException(
                    "peft_type must be LORA, got peft_type=" + config.get("peft_type"));
        }
        List<String> unsupported = new ArrayList<>();
        for (Map.Entry<String, JsonElement> option : config.entrySet()) {
            if (!READ.contains(option.getKey())
                    && !WITHOUT_EFFECT.contains(option.getKey())
                    && !isUnset(option.getValue())) {
                unsupported.add(option.getKey() + "=" + option.getValue());
            }
        }
        if (!STARTS.contains(String.valueOf(config.get("init_lora_weights")))) {
            unsupported.add("init_lora_weights=" + config.get("init_lora_weights"));
        }
        if (!unsupported.isEmpty()) {
            throw new IllegalArgumentException(
                    "adapter_config.json must leave out what is not supported, got "
                            + String.join(", ", unsupported));
        }
        for (String key : List.of("r", "lora_alpha", "target_modules")) {
            if (!config.has(key) || config.get(key).isJsonNull()) {
                throw new IllegalArgumentException("adapter_config.json must have " + key);
            }
        }
        boolean stabilized = config.has("use_rslora") && config.get("use_rslora").getAsBoolean();
        double dropout = config.has("lora_dropout") ? config.get("lora_dropout").getAsDouble() : 0;
        return new PeftConfig(
                new LoraConfig(
                        config.get("r").getAsInt(),
                        config.get("lora_alpha").getAsDouble(),
                        dropout,
                        stabilized),
                config.get("target_modules"));
    }

    /** The contents of {@code adapter_config.json} for these adapters. */
    static JsonObject write(
            LoraConfig lora,
            Collection<String> targets,
            Collection<String> saved,
            String base,
            String task) {
        JsonObject config = new JsonObject();
        config.addProperty("base_model_name_or_path", base);
        config.addProperty("bias", "none");
        config.addProperty("fan_in_fan_out", false);
        config.addProperty("inference_mode", true);
        config.addProperty("init_lora_weights", true);
        config.add("lora_alpha", number(lora.alpha()));
        config.addProperty("lora_dropout", lora.dropout());
        config.add("modules_to_save", saved.isEmpty() ? JsonNull.INSTANCE : array(saved));
        config.addProperty("peft_type", "LORA");
        config.addProperty("r", lora.rank());
        config.add("target_modules", array(targets));
        config.addProperty("task_type", task);
        config.addProperty("use_rslora", lora.rankStabilized());
        return config;
    }

    // peft's own files hold whole numbers as such.
    private static JsonPrimitive number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? new JsonPrimitive((long) value)
                : new JsonPrimitive(value);
    }

    private static JsonArray array(Collection<String> words) {
        JsonArray array = new JsonArray();
        words.forEach(array::add);
        return array;
    }

    /** Null, false, and empty collections switch an option off. */
    private static boolean isUnset(JsonElement value) {
        return value instanceof JsonNull
                || (value instanceof JsonPrimitive p && p.isBoolean() && !p.getAsBoolean())
                || (value instanceof JsonArray array && array.isEmpty())
                || (value instanceof JsonObject object && object.isEmpty());
    }

    /**
     * Fails if an adapted module is none that the configuration names.
     *
     * @param module as in "encoder.layer.0.attention.self.query"
     */
    void checkTarget(String module) {
        boolean named;
        if (targets instanceof JsonArray ends) {
            named =
                    ends.asList().stream()
                            .map(JsonElement::getAsString)
                            .anyMatch(end -> module.equals(end) || module.endsWith("." + end));
        } else {
            String expression = targets.getAsString();
            named = expression.equals("all-linear") || module.matches(expression);
        }
        if (!named) {
            throw new IllegalArgumentException(
                    "an adapted module must be among target_modules, got module=%s, target_modules=%s"
                            .formatted(module, targets));
        }
    }
}
