package org.jzoo.training.loop;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jzoo.blocks.part.PartJson;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;

/**
 * What must be the same for a resumed training to be the same training.
 *
 * @param training how it runs
 * @param optimizer the optimizer's numbers
 * @param schedule the learning rate's way
 * @param totalSteps which tells of the data's size
 * @param others what the loop does not see, by name
 */
record RunIdentity(
        TrainingConfig training,
        AdamWConfig optimizer,
        Schedule schedule,
        long totalSteps,
        Map<String, String> others) {

    /**
     * As JSON, without what may change between runs, how often checkpoints are made, and without
     * what is not used: checkpoints that are older than an option go on without it.
     */
    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.add("training", PartJson.toTree(training));
        json.add("optimizer", PartJson.toTree(optimizer));
        json.add("schedule", PartJson.toTree(schedule));
        json.addProperty("totalSteps", totalSteps);
        others.forEach(json::addProperty);
        JsonObject loop = json.getAsJsonObject("training");
        loop.remove("checkpointEvery");
        if (training.averaging() == 0) {
            loop.remove("averaging");
        }
        if (training.perturbation() == null) {
            loop.remove("perturbation");
        }
        return json;
    }

    /** What differs between two identities, such as "training.seed (3, now 4)". */
    static List<String> differences(JsonObject saved, JsonObject now) {
        List<String> found = new ArrayList<>();
        compare("", saved, now, found);
        return found;
    }

    private static void compare(String path, JsonElement a, JsonElement b, List<String> found) {
        if (a instanceof JsonObject x && b instanceof JsonObject y) {
            TreeSet<String> keys = new TreeSet<>(x.keySet());
            keys.addAll(y.keySet());
            keys.forEach(
                    key ->
                            compare(
                                    path.isEmpty() ? key : path + "." + key,
                                    x.get(key),
                                    y.get(key),
                                    found));
        } else if (!Objects.equals(text(a), text(b))) {
            found.add("%s (%s, now %s)".formatted(path, text(a), text(b)));
        }
    }

    // Numbers that were read compare by their text: 3 and 3.0 are written differently.
    private static String text(JsonElement element) {
        return element == null ? "none" : element.toString();
    }

    /** Metrics as texts. */
    static Map<String, String> texts(Map<String, Double> metrics) {
        Map<String, String> texts = new java.util.LinkedHashMap<>();
        metrics.forEach((name, value) -> texts.put(name, value.toString()));
        return texts;
    }

    /** Metrics from texts. */
    static Map<String, Double> values(Map<String, String> texts) {
        Map<String, Double> metrics = new java.util.LinkedHashMap<>();
        texts.forEach((name, text) -> metrics.put(name, Double.valueOf(text)));
        return metrics;
    }
}
