package org.jzoo.examples.recall;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import org.jzoo.blocks.chunk.RetrievalGuide;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.examples.recipe.Weights;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.task.MaskedWordsTask;

/**
 * A J3 that is asked at the end: inputs of {@link J3Model} to logits of the slots (B, S, V). To
 * learn, it is also given the marks of the tokens, cut to chunks (B, n, C), which says how it reads
 * them, and the kinds of the rows (B); see {@link RetrievalGuide}.
 */
final class RecallModel extends Part {

    private static final MaskedWordsTask SLOTS = new MaskedWordsTask(Activation.GELU, 1e-6);

    private static final int ASKED = 5;

    private final J3Model model;
    private final double guidance;

    private RecallModel(J3Config config, double guidance) {
        this.guidance = guidance;
        model = child("model", new J3Model(config, SLOTS));
    }

    /** A fresh model of a variant; what it lacks of J3's weights, its feed-forwards get. */
    static RecallModel fresh(
            RecallVariant variant,
            RecallConfig config,
            int vocabulary,
            long seed,
            NDManager manager) {
        J3Size size = config.size();
        long wanted = Weights.count(new RecallModel(RecallVariant.J3.model(size, vocabulary), 0));
        J3Size fitted =
                Weights.fitted(
                        size, wanted, each -> new RecallModel(variant.model(each, vocabulary), 0));
        PyTorch.seed(seed);
        RecallModel model =
                new RecallModel(
                        variant.model(fitted, vocabulary), config.training().aids().guidance());
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        return model;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        return list(model.outputs(slots(hidden(inputs, pass)), pass));
    }

    private NDArray hidden(NDList inputs, Pass pass) {
        if (inputs.size() == ASKED) {
            return model.hidden(inputs, pass);
        }
        NDArray marks = inputs.get(ASKED); // (B, n, C)
        long rows = marks.getShape().get(0);
        if (guidance > 0) {
            new RetrievalGuide(marks.reshape(rows, -1), inputs.get(ASKED + 1), guidance)
                    .leave(pass.context());
        }
        int chunkLength = Math.toIntExact(marks.getShape().tail());
        return model.hidden(new NDList(inputs.subList(0, ASKED)), pass, chunkLength);
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
