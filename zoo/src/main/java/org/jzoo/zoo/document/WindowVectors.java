package org.jzoo.zoo.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.EmbeddingTask;

/**
 * The vector of a document of any length by a model of short texts: the mean of the vectors of its
 * windows, one beside the other, each counted by its tokens, scaled to length 1 if the model's
 * vectors are. What one window says of another is lost; a J3 reads the whole, see {@link
 * LongReader#embed}.
 */
public final class WindowVectors implements DocumentVectors {

    private static final int BATCH = 16;
    private static final double SMALLEST = 1e-12;

    private final LoadedModel model;
    private final EmbeddingTask task;
    private final int window;
    private final BooleanSupplier cancelled;

    private WindowVectors(LoadedModel model, int window, BooleanSupplier cancelled) {
        this.model = model;
        this.window = window;
        this.cancelled = cancelled;
        task = (EmbeddingTask) model.config().task();
    }

    /**
     * Reads with a model, which stays open, in windows of the longest text that it takes.
     *
     * @throws IllegalArgumentException if the model gives no vectors of texts
     */
    public static WindowVectors of(LoadedModel model) {
        if (!(model.config().task() instanceof EmbeddingTask)) {
            throw new IllegalArgumentException(
                    "model must embed texts, got %s with the task %s"
                            .formatted(
                                    model.name(),
                                    model.config().task().getClass().getSimpleName()));
        }
        int frame = TextFrame.of(model.tokenizer()).length();
        return new WindowVectors(model, model.tokenizer().maxLength() - frame, () -> false);
    }

    /** The same, ending with a {@link ReadingCancelledException} once this is true. */
    public WindowVectors withCancelled(BooleanSupplier value) {
        return new WindowVectors(model, window, value);
    }

    @Override
    public float[] embed(LongText document) throws IOException {
        double[] sum = null;
        long tokens = 0;
        try (TokenChunks chunks =
                TokenChunks.builder()
                        .setSource(document)
                        .setTokens(TextTokens.of(model.tokenizer()))
                        .setSize(window)
                        .optCancelled(cancelled)
                        .build()) {
            while (chunks.hasNext()) {
                List<TokenChunk> some = new ArrayList<>();
                while (some.size() < BATCH && chunks.hasNext()) {
                    some.add(chunks.next());
                }
                sum = add(some, sum);
                tokens += some.stream().mapToLong(TokenChunk::length).sum();
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (sum == null) {
            throw new IllegalArgumentException(
                    "document must hold text, got none in " + document.name());
        }
        return scaled(sum, tokens);
    }

    private double[] add(List<TokenChunk> windows, double[] before) {
        float[][] vectors =
                model.embed(windows.stream().map(w -> w.text(w.start(), w.end())).toList());
        double[] sum = before == null ? new double[vectors[0].length] : before;
        for (int i = 0; i < vectors.length; i++) {
            for (int d = 0; d < sum.length; d++) {
                sum[d] += vectors[i][d] * (double) windows.get(i).length();
            }
        }
        return sum;
    }

    private float[] scaled(double[] sum, long tokens) {
        double square = 0;
        for (double value : sum) {
            square += value * value;
        }
        double scale = task.normalize() ? Math.max(SMALLEST, Math.sqrt(square)) : tokens;
        float[] vector = new float[sum.length];
        for (int d = 0; d < vector.length; d++) {
            vector[d] = (float) (sum[d] / scale);
        }
        return vector;
    }
}
