package org.jzoo.blocks.feedforward.experts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.ExpertKernel;
import org.jzoo.blocks.kernel.RouterKernel;

/** Tokens choose experts; see {@link TopKRouterOption}. */
final class TopKRouter extends Router {

    private final TopKRouterOption option;

    TopKRouter(int dim, ExpertsOption experts, TopKRouterOption option) {
        super(dim, experts, option.bias(), option.noisy(), option.jitter());
        this.option = option;
    }

    @Override
    NDArray[] route(
            NDArray x,
            NDArray mask,
            RouterKernel.Scoring scoring,
            int numGroups,
            boolean training) {
        Shape shape = x.getShape();
        long groupSize = shape.get(0) * shape.get(1) / numGroups;
        int places =
                option.capacity() == null
                        ? 0
                        : option.capacity()
                                .places(option.topK(), groupSize, experts().numExperts());
        return RouterKernel.topK(
                x,
                mask,
                scoring,
                new RouterKernel.Choice(
                        option.topK(),
                        option.normalized(),
                        training && option.secondAtRandom(),
                        numGroups,
                        places));
    }

    @Override
    NDArray apply(NDArray x, Routing routing, ExpertKernel.Maps maps, ExpertKernel.Mode mode) {
        return ExpertKernel.apply(x, routing.weights(), routing.choices(), maps, mode);
    }

    @Override
    NDArray load(Routing routing) {
        return RouterKernel.load(routing.choices(), experts().numExperts());
    }

    @Override
    Shape choices(Shape x) {
        return new Shape(option.topK(), x.get(0) * x.get(1));
    }
}
