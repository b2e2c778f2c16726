package org.jzoo.zoo.j1;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordTokenizer;
import org.jzoo.zoo.weights.StrictLoader;
import org.jzoo.zoo.weights.TensorSource;

/**
 * A J1 to be trained. Its texts are read by a fresh encoder, whose tokens are the words of the
 * training texts, or by a text encoder of the zoo with its weights and its tokenizer.
 *
 * <pre>{@code
 * LoadedModel model = FreshJ1.builder()
 *         .optSize(J1Size.SMALL)
 *         .optText("minilm-l6")
 *         .build()
 *         .create("my-model", new AnswerTask(List.of("yes", "no"), 0.1), List.of(), 17, device);
 * }</pre>
 *
 * @param size widths and layers
 * @param fusion what lets text and image know of each other
 * @param feedForward of the fusion's layers, such as {@link J1Size#experts(int)}; null for the
 *     size's dense one
 * @param text name or folder of a text encoder to start from; null for a fresh one
 * @param maxLength tokens of the longest text, at least 3
 * @param maxWords words that a fresh encoder knows at most, at least 1
 */
public record FreshJ1(
        J1Size size,
        J1Fusion fusion,
        FeedForwardOption feedForward,
        String text,
        int maxLength,
        int maxWords) {

    /** Paths of the text encoder's weights in a J1 begin with it. */
    public static final String TEXT = "text.";

    private static final String ENCODER = "encoder.";

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public FreshJ1 {
        Objects.requireNonNull(size, "size");
        Objects.requireNonNull(fusion, "fusion");
        if (maxLength < 3 || maxWords < 1) {
            throw new IllegalArgumentException(
                    "maxLength must be >= 3 and maxWords >= 1, got maxLength=%d, maxWords=%d"
                            .formatted(maxLength, maxWords));
        }
    }

    /** A tiny one with joint attention, of texts of 64 tokens and 10,000 words. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes the model.
     *
     * @param name what it is called
     * @param task one of J1's
     * @param texts whose words a fresh text encoder shall know; not looked at with another encoder
     * @param seed of the fresh weights
     * @param device where the weights live
     * @throws IllegalArgumentException if {@link #text()} names no text encoder
     * @throws IOException if the encoder cannot be read
     * @throws MalformedModelException if its files are damaged
     */
    public LoadedModel create(
            String name, Task task, Iterable<String> texts, long seed, Device device)
            throws IOException, MalformedModelException {
        if (text != null) {
            return withEncoder(name, task, seed, device);
        }
        List<String> words = WordTokenizer.words(texts, maxWords);
        J1Config config =
                numbers(
                        size.config(
                                WordTokenizer.size(words), maxLength, WordTokenizer.PADDING_ID));
        return LoadedModel.fresh(
                name,
                ModelConfig.of("j1", config, task),
                TextTokenizer.of(WordTokenizer.json(words), maxLength),
                seed,
                device);
    }

    /**
     * Makes a model that writes captions of the words of training captions: the size's image
     * encoder before a fresh decoder. Fusion, feed-forward and text encoder have no part in it.
     *
     * @param name what it is called
     * @param texts whose words it shall write
     * @param seed of the weights
     * @param device where they live
     */
    public LoadedModel createCaptioner(
            String name, Iterable<String> texts, long seed, Device device) {
        List<String> words = WordTokenizer.words(texts, maxWords);
        CaptionTask task =
                new CaptionTask(
                        size.decoder(WordTokenizer.size(words), maxLength),
                        WordTokenizer.FIRST_ID,
                        List.of((long) WordTokenizer.PADDING_ID));
        return LoadedModel.fresh(
                name,
                ModelConfig.of("j1", size.config(1, 1, 0).imageOnly(), task),
                TextTokenizer.of(WordTokenizer.json(words), maxLength),
                seed,
                device);
    }

    private J1Config numbers(J1Config config) {
        J1Config fused = config.withFusion(fusion.of(size));
        return feedForward == null ? fused : fused.withFusionFeedForward(feedForward);
    }

    private LoadedModel withEncoder(String name, Task task, long seed, Device device)
            throws IOException, MalformedModelException {
        try (LoadedModel encoder = Zoo.load(text, device)) {
            if (!(encoder.config().model() instanceof EncoderConfig numbers)) {
                throw new IllegalArgumentException(
                        "text must name a text encoder, got text=%s, of the architecture %s"
                                .formatted(text, encoder.config().architecture()));
            }
            J1Config config = numbers(size.config(1, maxLength, 0).withText(numbers));
            int limit = Math.min(maxLength, numbers.maxLength());
            LoadedModel made =
                    LoadedModel.fresh(
                            name,
                            ModelConfig.of("j1", config, task),
                            encoder.tokenizer().withMaxLength(limit),
                            seed,
                            device);
            try {
                StrictLoader.into(below(TEXT, made))
                        .load(
                                TensorSource.ofParameters(text, below(ENCODER, encoder)),
                                made.manager());
                return made;
            } catch (MalformedModelException | RuntimeException e) {
                made.close();
                throw e;
            }
        }
    }

    private static Map<String, Parameter> below(String prefix, LoadedModel model) {
        Map<String, Parameter> part = new LinkedHashMap<>();
        model.parameters()
                .forEach(
                        (path, parameter) -> {
                            if (path.startsWith(prefix)) {
                                part.put(path.substring(prefix.length()), parameter);
                            }
                        });
        return part;
    }

    /** Collects the components. */
    public static final class Builder {

        private J1Size size = J1Size.TINY;
        private J1Fusion fusion = J1Fusion.JOINT;
        private FeedForwardOption feedForward;
        private String text;
        private int maxLength = 64;
        private int maxWords = 10_000;

        private Builder() {}

        /** Sets widths and layers. */
        public Builder optSize(J1Size value) {
            size = value;
            return this;
        }

        /** Sets what lets text and image know of each other. */
        public Builder optFusion(J1Fusion value) {
            fusion = value;
            return this;
        }

        /** Sets the feed-forward of the fusion's layers; null for the size's. */
        public Builder optFeedForward(FeedForwardOption value) {
            feedForward = value;
            return this;
        }

        /** Sets the text encoder to start from; null for a fresh one. */
        public Builder optText(String nameOrFolder) {
            text = nameOrFolder;
            return this;
        }

        /** Sets the tokens of the longest text. */
        public Builder optMaxLength(int value) {
            maxLength = value;
            return this;
        }

        /** Sets how many words a fresh encoder knows at most. */
        public Builder optMaxWords(int value) {
            maxWords = value;
            return this;
        }

        /** Validates and builds. */
        public FreshJ1 build() {
            return new FreshJ1(size, fusion, feedForward, text, maxLength, maxWords);
        }
    }
}
