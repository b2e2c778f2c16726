package org.jzoo.blocks.fusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Weighs text against image for each example: {@code g = softmax(score([mean text; mean image]))},
 * {@code g₀ · mean text + g₁ · mean image}. With a weight per token, {@code a = softmax} over the
 * scores of all tokens of both streams, the result is {@code Σ a · x}, and g₀ and g₁ are the sums
 * of {@code a} over the text's and the image's tokens.
 *
 * <p>Inputs: text {@code (B, T, D)}, image {@code (B, N, D)}, their boolean masks {@code (B, T)}
 * and {@code (B, N)}, true means a token, and present {@code (B, 2)} boolean, whether there is a
 * text and an image; the last three are left out where all of it is there. Outputs: the vector
 * {@code (B, D)} and g {@code (B, 2)} in float32. A modality that is not there weighs exactly 0.
 * Score {@code (2, 2D)}, or text and image {@code (1, D)} for tokens.
 *
 * <p>While training it adds {@code balance · Σ m log 2m} to the context's losses, where m is the
 * mean of g over the batch's examples with both: 0 as long as both count alike, log 2 when one of
 * them has taken over. Asked for the capture "gate", it leaves g there; for "tokenGate", the
 * tokens' weights {@code (B, T + N)}.
 */
public final class ModalityGate extends Part {

    /** The capture under which the examples' weights are left. */
    public static final String WEIGHTS = "gate";

    /** The capture under which the tokens' weights are left. */
    public static final String TOKEN_WEIGHTS = "tokenGate";

    private final GateOption option;

    ModalityGate(int dim, GateOption option) {
        this.option = option;
        if (option.perToken()) {
            child("text", new Linear(dim, 1, true));
            child("image", new Linear(dim, 1, true));
        } else {
            child("score", new Linear(2 * dim, 2, true));
        }
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        boolean whole = inputs.size() == 2;
        NDList outputs;
        if (option.perToken()) {
            outputs = tokens(whole ? masked(inputs) : inputs, pass);
        } else {
            outputs = whole ? whole(inputs, pass) : examples(inputs, pass);
        }
        NDArray weights = outputs.get(1); // (B, 2)
        pass.context().capture(WEIGHTS, weights);
        if (pass.training() && option.balance() > 0) {
            NDArray present = whole ? FusionKernel.allTrue(weights, 2) : inputs.get(4); // (B, 2)
            pass.context()
                    .addLoss(
                            "gateBalance",
                            FusionKernel.imbalance(weights, present, option.balance()));
        }
        return outputs;
    }

    private static NDList masked(NDList inputs) {
        NDArray text = inputs.get(0); // (B, T, D)
        NDArray image = inputs.get(1); // (B, N, D)
        return new NDList(
                text,
                image,
                FusionKernel.allTrue(text, text.getShape().get(1)),
                FusionKernel.allTrue(image, image.getShape().get(1)),
                FusionKernel.allTrue(text, 2));
    }

    private NDList whole(NDList inputs, Pass pass) {
        NDArray text = inputs.get(0); // (B, T, D)
        NDArray image = inputs.get(1); // (B, N, D)
        if (!(part("score") instanceof Linear score)) {
            return examples(masked(inputs), pass); // such as one with an adapter
        }
        return new NDList(
                FusionKernel.gate(
                        text,
                        image,
                        pass.value(score.weight(), text),
                        pass.value(score.bias(), text)));
    }

    private NDList examples(NDList inputs, Pass pass) {
        NDArray text = EmbeddingKernel.meanPool(inputs.get(0), inputs.get(2)); // (B, D)
        NDArray image = EmbeddingKernel.meanPool(inputs.get(1), inputs.get(3)); // (B, D)
        NDArray scores = pass.run(part("score"), FusionKernel.concatenate(text, image)); // (B, 2)
        NDArray weights = FusionKernel.maskedSoftmax(scores, inputs.get(4));
        return new NDList(FusionKernel.weigh(text, image, weights), weights);
    }

    private NDList tokens(NDList inputs, Pass pass) {
        NDArray text = inputs.get(0); // (B, T, D)
        NDArray image = inputs.get(1); // (B, N, D)
        long length = text.getShape().get(1);
        NDArray scores =
                FusionKernel.scoreTokens(
                        pass.run(part("text"), text), pass.run(part("image"), image));
        NDArray mask = FusionKernel.tokenMask(inputs.get(2), inputs.get(3), inputs.get(4));
        NDArray weights = FusionKernel.maskedSoftmax(scores, mask); // (B, T + N)
        pass.context().capture(TOKEN_WEIGHTS, weights);
        NDArray both = FusionKernel.joinMasks(text, image); // (B, T + N, D)
        return new NDList(
                FusionKernel.weightedSum(both, weights), FusionKernel.shares(weights, length));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape text = inputShapes[0];
        return new Shape[] {new Shape(text.get(0), text.get(2)), new Shape(text.get(0), 2)};
    }
}
