package org.jzoo.examples.bench;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooModel;
import com.google.gson.Gson;

/**
 * What {@link StartBench} starts in a JVM of its own: what a user's program does that has one text
 * classified by a model of the zoo. It prints a {@link Start} as JSON.
 */
public final class StartProbe {

    private static final String TEXT = "a gripping film, and funnier than it has any right to be";

    /**
     * One start.
     *
     * @param firstSeconds from the start of the process until the first answer is there
     * @param loadSeconds of them, until the model is loaded, from the call that loads it
     * @param secondSeconds for the second answer
     * @param label of the answer
     */
    public record Start(
            double firstSeconds, double loadSeconds, double secondSeconds, String label) {}

    private StartProbe() {}

    /** Runs with a model's name, and the time at which the process was started, in ms. */
    public static void main(String[] args) throws Exception {
        long begin = System.nanoTime();
        Criteria<String, Classifications> criteria =
                Criteria.builder()
                        .setTypes(String.class, Classifications.class)
                        .optGroupId("org.jzoo")
                        .optArtifactId(args[0])
                        .build();
        try (ZooModel<String, Classifications> model = ModelZoo.loadModel(criteria);
                Predictor<String, Classifications> predictor = model.newPredictor()) {
            double load = (System.nanoTime() - begin) / 1e9;
            String label = predictor.predict(TEXT).best().getClassName();
            double first = (System.currentTimeMillis() - Long.parseLong(args[1])) / 1e3;
            long second = System.nanoTime();
            predictor.predict(TEXT);
            double again = (System.nanoTime() - second) / 1e9;
            System.out.println(new Gson().toJson(new Start(first, load, again, label)));
        }
    }
}
