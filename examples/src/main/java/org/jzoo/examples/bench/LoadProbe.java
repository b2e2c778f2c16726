package org.jzoo.examples.bench;

import ai.djl.Device;
import com.google.gson.Gson;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import org.jzoo.examples.bench.EncodeBenchConfig.BatchShape;
import org.jzoo.training.report.ResourceMeter;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Pretrained;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.TokenizedText;

/**
 * What {@link LoadBench} starts in a JVM of its own: loads a model once, embeds one sentence, and
 * prints a {@link Start} as JSON.
 */
public final class LoadProbe {

    private static final String SENTENCE = "The build on the release branch fails since noon.";
    private static final int MAX_LENGTH = 512;

    /**
     * One start.
     *
     * @param loadSeconds from the call that loads until the model is ready
     * @param readySeconds from the start of the JVM until the first vector is there
     * @param residentMegabytes of the process after the first vector
     * @param peakMegabytes the most there was until then
     * @param first the first number of the vector, whose length is 1; the sides must agree on it
     */
    public record Start(
            double loadSeconds,
            double readySeconds,
            double residentMegabytes,
            double peakMegabytes,
            double first) {}

    private LoadProbe() {}

    /** Runs with "jzoo" or "onnxruntime" and a model's name. */
    public static void main(String[] args) throws Exception {
        ResourceMeter meter = new ResourceMeter();
        Pretrained model = Pretrained.of(args[1]).orElseThrow();
        long start = System.nanoTime();
        Start result =
                args[0].equals("jzoo") ? own(args[1], start, meter) : onnx(model, start, meter);
        System.out.println(new Gson().toJson(result));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static Start own(String name, long start, ResourceMeter meter) throws Exception {
        try (LoadedModel model = Zoo.load(name, Device.cpu())) {
            double load = (System.nanoTime() - start) / 1e9;
            float[] vector = model.embed(SENTENCE);
            return finish(load, vector, meter);
        }
    }

    private static Start onnx(Pretrained model, long start, ResourceMeter meter) throws Exception {
        byte[] json;
        try (InputStream in = Pretrained.class.getResourceAsStream(model.tokenizerResource())) {
            json = in.readAllBytes();
        }
        int threads = Runtime.getRuntime().availableProcessors();
        try (TextTokenizer tokenizer = TextTokenizer.of(json, MAX_LENGTH);
                OnnxRuntimeCandidate session =
                        OnnxRuntimeCandidate.float32(model.resource(), threads)) {
            double load = (System.nanoTime() - start) / 1e9;
            TokenizedText tokens = tokenizer.encode(SENTENCE);
            int length = tokens.ids().length;
            float[] states = session.hiddenState(tokens.ids(), new BatchShape(1, length));
            return finish(load, pool(states, length, model), meter);
        }
    }

    private static float[] pool(float[] states, int length, Pretrained model) {
        int dim = states.length / length;
        float[] vector = new float[dim];
        int used = model.pooling() == org.jzoo.zoo.task.Pooling.MEAN ? length : 1;
        for (int i = 0; i < used * dim; i++) {
            vector[i % dim] += states[i] / used;
        }
        double norm = 0;
        for (float x : vector) {
            norm += (double) x * x;
        }
        for (int d = 0; d < dim; d++) {
            vector[d] = (float) (vector[d] / Math.sqrt(norm));
        }
        return vector;
    }

    private static Start finish(double load, float[] vector, ResourceMeter meter) {
        long sinceJvm =
                System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
        return new Start(
                load,
                sinceJvm / 1e3,
                ResourceMeter.residentBytes() / 1e6,
                meter.peakResidentBytes() / 1e6,
                vector[0]);
    }
}
