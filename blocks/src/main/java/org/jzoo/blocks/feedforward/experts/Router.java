package org.jzoo.blocks.feedforward.experts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.kernel.ExpertKernel;
import org.jzoo.blocks.kernel.RouterKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Scores experts for each token, in float32 whatever the pass's precision.
 *
 * <p>Shapes: input {@code (B, T, D)}; weight {@code (E, D)}, bias {@code (E)}, noise {@code (E,
 * D)}. Outputs the arrays of a {@link Routing}, in its order.
 */
public abstract sealed class Router extends Part permits TopKRouter, ExpertChoiceRouter {

    private static final float INITIAL_DEVIATION = 0.02f;

    private final ExpertsOption experts;
    private final double jitter;
    private final Parameter weight;
    private final Parameter bias;
    private final Parameter noise;

    Router(int dim, ExpertsOption experts, boolean bias, boolean noisy, double jitter) {
        this.experts = experts;
        this.jitter = jitter;
        int e = experts.numExperts();
        weight = declare("weight", new NormalInitializer(INITIAL_DEVIATION), e, dim);
        this.bias = bias ? declare("bias", Initializer.ZEROS, e) : null;
        noise = noisy ? declare("noise", Initializer.ZEROS, e, dim) : null;
    }

    /**
     * What a router decided. N = B·T tokens, k choices of each, G groups, M tokens an expert chose.
     *
     * @param weights of the choices, (k, N) or (E, M)
     * @param choices which experts (k, N), E for none; or which tokens (E, M)
     * @param probabilities (B, T, E)
     * @param shares of each group's tokens that chose each expert, (G, E)
     * @param importance mean probability in each group, (G, E)
     * @param z mean of {@code logsumexp²} of the logits, a scalar
     */
    record Routing(
            NDArray weights,
            NDArray choices,
            NDArray probabilities,
            NDArray shares,
            NDArray importance,
            NDArray z) {

        static Routing of(NDList arrays) {
            return new Routing(
                    arrays.get(0),
                    arrays.get(1),
                    arrays.get(2),
                    arrays.get(3),
                    arrays.get(4),
                    arrays.get(5));
        }
    }

    /** Decides for (B, T, D), drawing at random where {@code training}. */
    abstract NDArray[] route(
            NDArray x, NDArray mask, RouterKernel.Scoring scoring, int numGroups, boolean training);

    /** Lets the experts compute what they were given. */
    abstract NDArray apply(
            NDArray x, Routing routing, ExpertKernel.Maps maps, ExpertKernel.Mode mode);

    /** The share of all tokens that each expert computes, (E). */
    abstract NDArray load(Routing routing);

    final ExpertsOption experts() {
        return experts;
    }

    @Override
    protected final NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        NDArray mask = pass.context().mask();
        // A mask of pairs says nothing about single tokens.
        boolean ignores = experts.ignorePadding() && mask != null;
        NDArray tokens = ignores && mask.getShape().dimension() == 2 ? mask : null; // (B, S)
        RouterKernel.Scoring scoring =
                new RouterKernel.Scoring(
                        pass.value(weight, x),
                        pass.value(bias, x),
                        pass.training() ? pass.value(noise, x) : null,
                        pass.training() ? jitter : 0);
        return new NDList(route(x, tokens, scoring, numGroups(x.getShape()), pass.training()));
    }

    @Override
    public final Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape x = inputShapes[0];
        Shape choices = choices(x);
        Shape groups = new Shape(numGroups(x), experts.numExperts());
        Shape probabilities = new Shape(x.get(0), x.get(1), experts.numExperts());
        return new Shape[] {choices, choices, probabilities, groups, groups, new Shape()};
    }

    /** The shape of the choices for (B, T, D). */
    abstract Shape choices(Shape x);

    final int numGroups(Shape x) {
        long tokens = x.get(0) * x.get(1);
        int groups = experts.numGroups() == 0 ? (int) x.get(0) : experts.numGroups();
        if (groups == 0 || tokens % groups != 0) {
            throw new IllegalArgumentException(
                    "numGroups must divide B·T, got numGroups=%d, B=%d, T=%d"
                            .formatted(groups, x.get(0), x.get(1)));
        }
        return groups;
    }
}
