package org.jzoo.blocks.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.part.ParameterPaths;

/**
 * How the weights of a stack's linear maps start, applied once to an initialized block: what is
 * saved of a model need not know it.
 *
 * <p>Every parameter of two axes whose path ends in "weight" and that lies in a layer is drawn
 * anew, from PyTorch's seed; a branch ends in its mixer's "output" or its feed-forward's "down".
 * Biases, norms and embeddings stay. D is the width, L the number of layers, In and Out a map's
 * features.
 */
public enum StackStart {
    /**
     * N(0, 0.02²), the ends of branches N(0, 0.02² / 2L): the residual stream does not grow with L.
     *
     * @see <a
     *     href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">Radford
     *     et al. 2019, GPT-2</a>, section 2.3
     */
    GPT2 {
        @Override
        double deviation(String path, long in, long out, TransformerConfig config) {
            return endsBranch(path) ? 0.02 / Math.sqrt(2.0 * config.numLayers()) : 0.02;
        }
    },
    /**
     * N(0, 2 / 5D): Xavier's start of the widest map, for all.
     *
     * @see <a href="https://arxiv.org/abs/1910.05895">Nguyen and Salazar 2019, Transformers without
     *     Tears</a>, section 3.2
     */
    SMALL {
        @Override
        double deviation(String path, long in, long out, TransformerConfig config) {
            return Math.sqrt(2.0 / (5.0 * config.dim()));
        }
    },
    /** N(0, 1 / In): every map keeps the size of its input; for narrow stacks of few layers. */
    FAN_IN {
        @Override
        double deviation(String path, long in, long out, TransformerConfig config) {
            return 1 / Math.sqrt((double) in);
        }
    },
    /**
     * Xavier's N(0, 2 / (In + Out)), values, outputs and feed-forwards scaled by β = (8L)^-¼; goes
     * with {@link NormPlacement#DEEP}.
     *
     * @see <a href="https://arxiv.org/abs/2203.00555">Wang et al. 2022, DeepNet</a>, section 4
     */
    DEEP_NORM {
        @Override
        double deviation(String path, long in, long out, TransformerConfig config) {
            boolean compares = path.endsWith("query.weight") || path.endsWith("key.weight");
            double beta = compares ? 1 : Math.pow(8.0 * config.numLayers(), -0.25);
            return beta * Math.sqrt(2.0 / (double) (in + out));
        }
    };

    /**
     * Draws the weights of all layers below {@code block} anew.
     *
     * @param block a stack, or a model around one, initialized
     * @param config the stack's
     * @throws IllegalArgumentException if there is no layer below the block
     */
    public void apply(Block block, TransformerConfig config) {
        boolean[] found = {false};
        try (GradientMode off = GradientMode.off()) {
            ParameterPaths.of(block)
                    .forEach(
                            (path, parameter) -> {
                                Shape shape = parameter.getArray().getShape();
                                if (("." + path).contains(".layers.")
                                        && path.endsWith("weight")
                                        && shape.dimension() == 2) {
                                    found[0] = true;
                                    draw(path, parameter.getArray(), config);
                                }
                            });
        }
        if (!found[0]) {
            throw new IllegalArgumentException("block must hold a stack, got no weight in layers");
        }
    }

    private void draw(String path, NDArray array, TransformerConfig config) {
        double deviation =
                deviation(path, array.getShape().get(1), array.getShape().get(0), config);
        try (NDArray fresh =
                array.getManager()
                        .randomNormal(
                                0, (float) deviation, array.getShape(), array.getDataType())) {
            OptimizerKernel.copy(new NDArray[] {fresh}, new NDArray[] {array});
        }
    }

    /** The standard deviation of one weight. */
    abstract double deviation(String path, long in, long out, TransformerConfig config);

    private static boolean endsBranch(String path) {
        return path.endsWith("output.weight") || path.endsWith("down.weight");
    }
}
