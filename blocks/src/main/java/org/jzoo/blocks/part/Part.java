package org.jzoo.blocks.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The base of every block here: a DJL block that knows its parameter shapes from construction,
 * names its children without DJL's numeric prefixes, and lets a child be replaced (by an adapter,
 * by a quantised form).
 *
 * <p>A subclass declares parameters and children in its constructor and implements {@link
 * #forward(NDList, Pass)}. It keeps no state between calls: what a pass needs beyond its inputs
 * comes in, and what it yields beyond its output goes out, through {@link ForwardContext}.
 */
public abstract class Part extends AbstractBlock {

    private static final byte VERSION = 1;

    private final Map<String, Block> parts = new LinkedHashMap<>();
    private volatile boolean initialized;

    /** Creates a part without parameters or children. */
    protected Part() {
        super(VERSION);
    }

    /**
     * Computes the outputs.
     *
     * @param inputs what the part's documentation says
     * @param pass the parameter values and the context of this pass
     * @return the outputs, attached to the manager of the first input
     */
    protected abstract NDList forward(NDList inputs, Pass pass);

    /** Declares a trainable parameter of a known shape. */
    protected final Parameter declare(String name, Initializer initializer, long... shape) {
        return declare(name, initializer, true, shape);
    }

    /** Declares a table that no optimizer touches. */
    protected final Parameter declareConstant(String name, Initializer initializer, long... shape) {
        return declare(name, initializer, false, shape);
    }

    // Type OTHER: a DJL trainer's WEIGHT initializer must not overwrite the part's own.
    private Parameter declare(
            String name, Initializer initializer, boolean trainable, long... shape) {
        return addParameter(
                Parameter.builder()
                        .setName(name)
                        .setType(Parameter.Type.OTHER)
                        .optShape(new Shape(shape))
                        .optInitializer(initializer)
                        .optRequiresGrad(trainable)
                        .build());
    }

    /**
     * Declares a child.
     *
     * @param name unique in this part, without dots
     * @throws IllegalArgumentException if the name is taken or contains a dot
     */
    protected final <B extends Block> B child(String name, B block) {
        if (name.contains(".") || parts.containsKey(name)) {
            throw new IllegalArgumentException(
                    "child name must be unique and without dots, got name=" + name);
        }
        parts.put(name, block);
        return addChildBlock(name, block);
    }

    /**
     * Returns the child of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public final Block part(String name) {
        Block block = parts.get(name);
        if (block == null) {
            throw new IllegalArgumentException(
                    "name must be a child of %s (%s), got name=%s"
                            .formatted(getClass().getSimpleName(), parts.keySet(), name));
        }
        return block;
    }

    /** The children by name, in order; a read-only view. */
    public final Map<String, Block> parts() {
        return Collections.unmodifiableMap(parts);
    }

    /**
     * Replaces descendants, for example each linear map by one with an adapter. Not to be called
     * while a forward pass runs.
     *
     * @param replacement gets the path of each descendant ("layers.0.mixer.query") and the block
     *     there, and returns the block to put in its place or the same block; a replaced block is
     *     not descended into
     */
    public final void replaceParts(BiFunction<String, Block, Block> replacement) {
        replaceParts("", replacement);
    }

    private void replaceParts(String prefix, BiFunction<String, Block, Block> replacement) {
        for (String name : new ArrayList<>(parts.keySet())) {
            Block old = parts.get(name);
            Block changed = replacement.apply(prefix + name, old);
            if (changed != old) {
                replace(name, old, changed);
            } else if (old instanceof Part part) {
                part.replaceParts(prefix + name + ".", replacement);
            }
        }
        initialized = false;
    }

    private void replace(String name, Block old, Block changed) {
        parts.put(name, changed);
        // The same order and the same DJL keys as before.
        BlockList kept = new BlockList();
        children.forEach(p -> kept.add(p.getKey(), p.getValue() == old ? changed : p.getValue()));
        children.clear();
        kept.forEach(p -> children.add(p.getKey(), p.getValue()));
    }

    @Override
    protected final NDList forwardInternal(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        return forward(inputs, Pass.of(store, training, params));
    }

    @Override
    protected final void initializeChildBlocks(
            NDManager manager, DataType dataType, Shape... inputShapes) {
        for (Block block : parts.values()) {
            block.initialize(manager, dataType, inputShapes);
        }
    }

    /** Whether all parameters have values; remembered, since DJL asks at every forward pass. */
    @Override
    public boolean isInitialized() {
        if (!initialized) {
            List<Parameter> all = getParameters().values();
            initialized = all.stream().allMatch(Parameter::isInitialized);
        }
        return initialized;
    }

    /** The input's own shapes: most parts map (B, T, D) to (B, T, D). */
    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return inputShapes;
    }

    /** Wraps one output. */
    protected static NDList list(NDArray output) {
        return new NDList(output);
    }
}
