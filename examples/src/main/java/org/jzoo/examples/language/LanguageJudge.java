package org.jzoo.examples.language;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.loop.Evaluation;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.metric.Perplexity;

/**
 * How well a model foretells a text, each token but the first once: {@code loss}, the mean of -ln p
 * of a token; {@code perplexity}, e to that; and {@code bitsPerByte}, the sum of -log2 p divided by
 * the text's bytes in UTF-8, which compares models with different tokenizers and is 8 where all
 * bytes are held equally likely. Tokenizers that lose case or spaces flatter it.
 *
 * <p>The text is read in windows one beside the other. A model knows nothing of earlier windows, so
 * that longer ones give better figures.
 */
final class LanguageJudge implements Evaluation {

    static final String LOSS = "loss";

    private final LanguageTokens text;
    private final int length;
    private final int batchSize;
    private final Device device;

    /**
     * Prepares a judge.
     *
     * @param text of at least two tokens
     * @param length tokens of a window
     * @param batchSize windows that are read at once
     * @param device of the model
     */
    LanguageJudge(LanguageTokens text, int length, int batchSize, Device device) {
        this.text = text;
        this.length = length;
        this.batchSize = batchSize;
        this.device = device;
    }

    @Override
    public List<String> metricNames() {
        return List.of(LOSS, "perplexity", "bitsPerByte");
    }

    @Override
    public Map<String, Double> evaluate(Block model, Precision precision) {
        Perplexity perplexity = new Perplexity();
        int asked = text.size() - 1;
        int whole = asked / length;
        for (int first = 0; first < whole; first += batchSize) {
            int[] places =
                    IntStream.range(first, Math.min(whole, first + batchSize))
                            .map(i -> i * length)
                            .toArray();
            add(model, precision, places, length, perplexity);
        }
        if (asked % length > 0) {
            add(model, precision, new int[] {whole * length}, asked % length, perplexity);
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(LOSS, perplexity.meanLoss());
        metrics.put(perplexity.name(), perplexity.value());
        metrics.put("bitsPerByte", perplexity.meanLoss() * asked / Math.log(2) / text.foretold());
        return metrics;
    }

    private void add(
            Block model, Precision precision, int[] places, int window, Perplexity perplexity) {
        try (NDManager manager = PyTorch.engine().newBaseManager(device);
                GradientMode off = GradientMode.off()) {
            TrainingBatch batch = LanguageBatches.batch(text.ids(), places, window, manager);
            NDArray logits = // (B, T, V)
                    model.forward(
                                    new ParameterStore(manager, false),
                                    batch.inputs(),
                                    false,
                                    batch.context(precision).asParams())
                            .singletonOrThrow();
            NDArray loss = LossKernel.crossEntropy(logits, batch.labels().head(), null, 0);
            perplexity.add(loss.toFloatArray()[0] * (double) batch.tokens(), batch.tokens());
        }
    }
}
