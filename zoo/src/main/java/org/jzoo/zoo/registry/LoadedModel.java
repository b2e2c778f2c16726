package org.jzoo.zoo.registry;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.VisionLanguageInput;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.zoo.serving.Predictions;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.translator.Filling;
import org.jzoo.zoo.translator.TextPair;
import org.jzoo.zoo.translator.TokenLabel;

/**
 * A model in memory: its configuration, its block with weights, and its tokenizer. Closing it frees
 * the weights.
 */
public final class LoadedModel implements AutoCloseable {

    private final String name;
    private final ModelConfig config;
    private final Block block;
    private final TextTokenizer tokenizer;
    private final NDManager manager;
    private final Predictions predictions = new Predictions(this);

    /**
     * Takes over a block and its manager.
     *
     * @param name what the model is called in messages and cards
     * @param config what the block was built from
     * @param block with weights that belong to {@code manager}
     * @param tokenizer of the model, closed with it; null for models without text
     * @param manager owner of the weights, closed with the model
     */
    public LoadedModel(
            String name,
            ModelConfig config,
            Block block,
            TextTokenizer tokenizer,
            NDManager manager) {
        this.name = Objects.requireNonNull(name, "name");
        this.config = Objects.requireNonNull(config, "config");
        this.block = Objects.requireNonNull(block, "block");
        this.tokenizer = tokenizer;
        this.manager = Objects.requireNonNull(manager, "manager");
    }

    /**
     * Builds a model with fresh weights.
     *
     * @param seed of the weights
     * @param device where the weights live
     */
    public static LoadedModel fresh(
            String name, ModelConfig config, TextTokenizer tokenizer, long seed, Device device) {
        LoadedModel model = create(name, config, tokenizer, device);
        PyTorch.seed(seed);
        model.block.initialize(model.manager, DataType.FLOAT32, new Shape(1, 1));
        return model;
    }

    /** Builds a model without weights. */
    static LoadedModel create(
            String name, ModelConfig config, TextTokenizer tokenizer, Device device) {
        Block block = config.create();
        NDManager manager = PyTorch.engine().newBaseManager(device);
        return new LoadedModel(name, config, block, tokenizer, manager);
    }

    /** What the model is called. */
    public String name() {
        return name;
    }

    /** What the block was built from. */
    public ModelConfig config() {
        return config;
    }

    /** The block, with weights. */
    public Block block() {
        return block;
    }

    /** The tokenizer; null for models without text. */
    public TextTokenizer tokenizer() {
        return tokenizer;
    }

    /** The owner of the weights. */
    public NDManager manager() {
        return manager;
    }

    /** The weights by path. */
    public Map<String, Parameter> parameters() {
        return ParameterPaths.of(block);
    }

    /** The weights by path, those of the head left out. */
    Map<String, Parameter> body() {
        Map<String, Parameter> body = parameters();
        body.keySet().removeIf(path -> path.startsWith("head."));
        return body;
    }

    /** The number of weights; packed ones count one by one, their scales do not. */
    public long numParameters() {
        return PackedMaps.numWeights(block);
    }

    /**
     * Creates a predictor in float32, for as many threads as like; the caller closes it.
     *
     * @param input such as {@code String.class}, {@code TextPair.class} or {@code String[].class}
     * @param output what the task answers with; see {@link org.jzoo.zoo.translator.TaskTranslators}
     * @throws IllegalArgumentException if the task has no such types; the message names those it
     *     has
     */
    public <I, O> Predictor<I, O> predictor(Class<I> input, Class<O> output) {
        return predictor(input, output, Precision.FLOAT32);
    }

    /** As {@link #predictor(Class, Class)}, with matrix products in another precision. */
    public <I, O> Predictor<I, O> predictor(Class<I> input, Class<O> output, Precision precision) {
        return predictions.predictor(input, output, precision);
    }

    /**
     * The vector of a text (D).
     *
     * @throws IllegalArgumentException if the task is not embeddings, or the text is null
     */
    public float[] embed(String text) {
        return answer(text, float[].class);
    }

    /** The vectors of texts, (texts, D), computed in batches of similar length. */
    public float[][] embed(List<String> texts) {
        return answers(texts, float[].class).toArray(new float[0][]);
    }

    /**
     * The labels of a text with their probabilities.
     *
     * @throws IllegalArgumentException if the task is not classification, or the text is null
     */
    public Classifications classify(String text) {
        return answer(text, Classifications.class);
    }

    /** The labels of a pair of texts with their probabilities. */
    public Classifications classify(TextPair pair) {
        return answer(pair, Classifications.class);
    }

    /** The labels of texts, computed in batches of similar length. */
    public List<Classifications> classify(List<String> texts) {
        return answers(texts, Classifications.class);
    }

    /** The vector of a picture; see {@link org.jzoo.zoo.image.Pictures} for reading files. */
    public float[] embed(Image image) {
        return predictions.answer(Image.class, float[].class, Precision.FLOAT32, image);
    }

    /** The labels of a picture with their probabilities. */
    public Classifications classify(Image image) {
        return predictions.answer(Image.class, Classifications.class, Precision.FLOAT32, image);
    }

    /**
     * Which of some labels fits a picture, with probabilities, by a model of images and texts.
     *
     * @param labels in words, such as "a red square"; at least one
     */
    public Classifications classify(Image image, List<String> labels) {
        return predictions.answer(
                VisionLanguageInput.class,
                Classifications.class,
                Precision.FLOAT32,
                new VisionLanguageInput(image, labels.toArray(new String[0])));
    }

    /** The number that a regression model gives a text. */
    public float score(String text) {
        return answer(text, Float.class);
    }

    /** The number that a regression model gives a pair of texts. */
    public float score(TextPair pair) {
        return answer(pair, Float.class);
    }

    /** The labelled stretches of a text, by a token classification model. */
    public List<TokenLabel> label(String text) {
        return List.of(answer(text, TokenLabel[].class));
    }

    /** The best words for the mask in a text, by a masked word model. */
    public List<Filling> fill(String text) {
        return List.of(answer(text, Filling[].class));
    }

    private <O> O answer(String text, Class<O> output) {
        return predictions.answer(String.class, output, Precision.FLOAT32, text);
    }

    private <O> O answer(TextPair pair, Class<O> output) {
        return predictions.answer(TextPair.class, output, Precision.FLOAT32, pair);
    }

    private <O> List<O> answers(List<String> texts, Class<O> output) {
        return predictions.answers(String.class, output, Precision.FLOAT32, texts, String::length);
    }

    @Override
    public void close() {
        predictions.close();
        manager.close();
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
