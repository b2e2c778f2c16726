package org.jzoo.examples.recall;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.task.MaskedWordsTask;

/** A J3 that is asked at the end: inputs of {@link J3Model} to logits of the slots (B, S, V). */
final class RecallModel extends Part {

    private static final MaskedWordsTask SLOTS = new MaskedWordsTask(Activation.GELU, 1e-6);

    private final J3Model model;

    private RecallModel(J3Config config) {
        model = child("model", new J3Model(config, SLOTS));
    }

    /** A fresh model of a variant; what it lacks of J3's weights, its feed-forwards get. */
    static RecallModel fresh(
            RecallVariant variant, J3Size size, int vocabulary, long seed, NDManager manager) {
        long wanted = new RecallModel(RecallVariant.J3.model(size, vocabulary)).size();
        long lacks = wanted - new RecallModel(variant.model(size, vocabulary)).size();
        long each = 3L * size.dim() * size.numLayers(); // three maps in every layer
        int wider = Math.toIntExact(Math.round((double) lacks / each));
        J3Size fitted = size.withFeedForward(size.feedForward() + wider);
        PyTorch.seed(seed);
        RecallModel model = new RecallModel(variant.model(fitted, vocabulary));
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        return model;
    }

    /** The number of weights. */
    long size() {
        return ParameterPaths.of(this).values().stream()
                .mapToLong(parameter -> parameter.getShape().size())
                .sum();
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        return list(model.outputs(slots(model.hidden(inputs, pass)), pass));
    }

    /** The same without gradients, in memory that does not grow with the length. */
    NDArray answer(NDList inputs, ForwardContext context) {
        ParameterStore store = new ParameterStore(inputs.head().getManager(), false);
        return model.outputs(slots(model.readToEnd(store, inputs, context)), context);
    }

    private static NDArray slots(NDArray hidden) {
        int length = Math.toIntExact(hidden.getShape().get(1));
        int from = length - RecallExample.SLOTS;
        return ChunkKernel.part(hidden, 1, from, RecallExample.SLOTS);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        long rows = inputShapes[0].get(0);
        return new Shape[] {new Shape(rows, RecallExample.SLOTS, model.config().vocabularySize())};
    }
}
