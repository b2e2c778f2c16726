package org.jzoo.examples.tagging;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.examples.tagging.TagBatches.Excerpt;
import org.jzoo.training.loop.Evaluation;
import org.jzoo.training.metric.Entity;
import org.jzoo.training.metric.EntityF1;
import org.jzoo.zoo.document.LabelJoining;
import org.jzoo.zoo.document.TokenChunk;

/**
 * Compares the stretches that a model labels in whole texts with the true ones, by {@link
 * EntityF1}. A text that is longer than the model's window is read in windows of which each begins
 * in the middle of the one before; a token has the label of the window in which it is farther from
 * an end.
 */
public final class TagJudge implements Evaluation {

    private static final long CPU_TOKENS = 1 << 14; // of a batch
    private static final long GPU_TOKENS = 1 << 17;

    private final List<TagExample> examples;
    private final List<String> labels;
    private final TagReading reading;
    private final Device device;

    /**
     * A window of a text, of which the tokens {@code keepFrom … keepTo - 1} count. Their logits go
     * to the rows (N, labels) of the text, which its windows share.
     */
    private record Window(Excerpt excerpt, int keepFrom, int keepTo, float[][] rows) {}

    /**
     * Prepares a judge.
     *
     * @param labels of the model, in the order of its outputs
     * @param device of the model
     */
    public TagJudge(
            List<TagExample> examples, List<String> labels, TagReading reading, Device device) {
        // By length: batches are padded little, and the windows of a text stay together.
        this.examples =
                examples.stream().sorted(Comparator.comparingInt(TagExample::length)).toList();
        this.labels = List.copyOf(labels);
        this.reading = reading;
        this.device = device;
    }

    @Override
    public Map<String, Double> evaluate(Block model, Precision precision) {
        return metrics(judge(model, precision));
    }

    /** F1, precision and recall by name. */
    public static Map<String, Double> metrics(EntityF1 judged) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(judged.name(), judged.value());
        metrics.put("entityPrecision", judged.all().precision());
        metrics.put("entityRecall", judged.all().recall());
        return metrics;
    }

    /** The same as counts, also by label. */
    public EntityF1 judge(Block model, Precision precision) {
        EntityF1 metric = new EntityF1();
        List<Window> batch = new ArrayList<>();
        long most = device.isGpu() ? GPU_TOKENS : CPU_TOKENS;
        for (TagExample example : examples) {
            if (example.length() == 0) {
                metric.add(List.of(List.of()), List.of(example.entities()));
            }
            for (Window window : windows(example)) {
                int width = window.excerpt().length() + reading.around().length();
                if (!batch.isEmpty() && (batch.size() + 1L) * width > most) {
                    read(batch, model, precision, metric);
                }
                batch.add(window);
            }
        }
        if (!batch.isEmpty()) {
            read(batch, model, precision, metric);
        }
        return metric;
    }

    private List<Window> windows(TagExample example) {
        int all = example.length();
        int length = Math.min(all, reading.window());
        List<Window> windows = new ArrayList<>();
        float[][] rows = new float[all][];
        int keepFrom = 0;
        for (int from = 0; keepFrom < all; ) {
            int next = Math.min(all - length, from + Math.max(1, length / 2));
            int keepTo = from + length == all ? all : (next + from + length) / 2;
            windows.add(
                    new Window(new Excerpt(example, from, from + length), keepFrom, keepTo, rows));
            keepFrom = keepTo;
            from = next;
        }
        return windows;
    }

    /** Reads a batch, leaves it empty, and judges the texts whose last window was in it. */
    private void read(List<Window> batch, Block model, Precision precision, EntityF1 metric) {
        try (NDManager manager = PyTorch.engine().newBaseManager(device);
                GradientMode off = GradientMode.off()) {
            NDArray logits = // (B, T, labels)
                    model.forward(
                                    new ParameterStore(manager, false),
                                    TagBatches.inputs(
                                            batch.stream().map(Window::excerpt).toList(),
                                            reading,
                                            manager),
                                    false,
                                    new ForwardContext().withPrecision(precision).asParams())
                            .singletonOrThrow();
            int width = Math.toIntExact(logits.getShape().get(1));
            float[] flat = logits.toFloatArray();
            for (int b = 0; b < batch.size(); b++) {
                Window window = batch.get(b);
                TagExample example = window.excerpt().example();
                int first = b * width + reading.around().before().length;
                for (int t = window.keepFrom(); t < window.keepTo(); t++) {
                    int at = (first + t - window.excerpt().from()) * labels.size();
                    window.rows()[t] = Arrays.copyOfRange(flat, at, at + labels.size());
                }
                if (window.keepTo() == example.length()) {
                    metric.add(List.of(found(example, window.rows())), List.of(example.entities()));
                }
            }
        }
        batch.clear();
    }

    private List<Entity> found(TagExample example, float[][] rows) {
        List<Entity> found = new ArrayList<>();
        LabelJoining joining =
                new LabelJoining(labels, l -> found.add(new Entity(l.label(), l.start(), l.end())));
        TokenChunk chunk = example.chunk();
        for (int t = 0; t < rows.length; t++) {
            joining.add(chunk, t, rows[t]);
        }
        joining.finish();
        return found;
    }
}
