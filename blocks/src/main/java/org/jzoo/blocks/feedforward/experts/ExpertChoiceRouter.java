package org.jzoo.blocks.feedforward.experts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.ExpertKernel;
import org.jzoo.blocks.kernel.RouterKernel;

/** Experts choose tokens; see {@link ExpertChoiceRouterOption}. */
final class ExpertChoiceRouter extends Router {

    private final ExpertChoiceRouterOption option;

    ExpertChoiceRouter(int dim, ExpertsOption experts, ExpertChoiceRouterOption option) {
        super(dim, experts, option.bias(), false, option.jitter());
        this.option = option;
    }

    @Override
    NDArray[] route(
            NDArray x,
            NDArray mask,
            RouterKernel.Scoring scoring,
            int numGroups,
            boolean training) {
        return RouterKernel.expertChoice(
                x, mask, scoring, numGroups, places(x.getShape(), numGroups));
    }

    private int places(Shape x, int numGroups) {
        double groupSize = (double) x.get(0) * x.get(1) / numGroups;
        return (int) Math.ceil(option.factor() * groupSize / experts().numExperts());
    }

    @Override
    NDArray apply(NDArray x, Routing routing, ExpertKernel.Maps maps, ExpertKernel.Mode mode) {
        return ExpertKernel.applyChosen(x, routing.weights(), routing.choices(), maps, mode);
    }

    @Override
    NDArray load(Routing routing) {
        return routing.shares().mean(new int[] {0});
    }

    @Override
    Shape choices(Shape x) {
        int groups = numGroups(x);
        return new Shape(experts().numExperts(), (long) groups * places(x, groups));
    }
}
