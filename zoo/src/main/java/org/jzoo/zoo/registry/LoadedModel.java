package org.jzoo.zoo.registry;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.Map;
import java.util.Objects;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.zoo.text.TextTokenizer;

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
        NDManager manager = PyTorch.engine().newBaseManager(device);
        Block block = config.model().create(config.task());
        PyTorch.seed(seed);
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
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

    /** The number of weights. */
    public long numParameters() {
        return parameters().values().stream()
                .distinct()
                .mapToLong(p -> p.getArray().getShape().size())
                .sum();
    }

    @Override
    public void close() {
        manager.close();
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
