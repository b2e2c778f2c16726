package org.jzoo.zoo.testing;

import ai.djl.Device;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TextTokenizer;

/** Models with fresh weights, small enough for any test, and a real tokenizer. */
public final class TinyModels {

    /** Rows of the token table of {@link #tokenizer(int)}. */
    public static final int VOCABULARY = 30522;

    /** Tokens of the longest input. */
    public static final int MAX_LENGTH = 24;

    private TinyModels() {}

    /** The English tokenizer on the class path. */
    public static TextTokenizer tokenizer(int maxLength) {
        try (InputStream in =
                TinyModels.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            return TextTokenizer.of(in.readAllBytes(), maxLength);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A two-layer encoder of width 8 for a task; the same weights at every call. */
    public static LoadedModel of(Task task) {
        EncoderConfig encoder =
                new PostNormEncoder(VOCABULARY, 8, 2, 2, 20, Activation.GELU, 0.1, 0.1, 1e-12)
                        .config(new LearnedPositionOption(MAX_LENGTH), MAX_LENGTH, 2, 0, false);
        return LoadedModel.fresh(
                "tiny",
                ModelConfig.of("bert", encoder, task),
                tokenizer(MAX_LENGTH),
                5,
                Device.cpu());
    }

    /** Embeddings by the mean. */
    public static EmbeddingTask embeddings() {
        return new EmbeddingTask(Pooling.MEAN, true);
    }

    /** Three labels. */
    public static ClassificationTask labels(boolean pair) {
        return new ClassificationTask(List.of("bad", "so-so", "good"), pair, HeadOption.MEAN);
    }
}
