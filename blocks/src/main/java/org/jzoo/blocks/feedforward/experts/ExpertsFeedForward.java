package org.jzoo.blocks.feedforward.experts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jzoo.blocks.kernel.ExpertKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.RouterKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * A router and E experts: {@code Σ_j w_j · expert_j(x)} over the few experts j that a token is sent
 * to, plus a shared expert that computes every token.
 *
 * <p>Shapes: input and output {@code (B, T, D)}, output float32; router {@code (E, D)}; up and gate
 * {@code (E, F, D)}, down {@code (E, D, F)}. A token that no expert takes gets zeros, so that it
 * passes through the layer's residual connection.
 *
 * <p>Asked for the captures, it leaves {@link #LOAD} {@code (E)} and {@link #PROBABILITIES} {@code
 * (B, T, E)}. Losses are left as {@link RouterLoss} says.
 *
 * @see <a href="https://arxiv.org/abs/2401.04088">Jiang et al. 2024, Mixtral of Experts</a>,
 *     section 2.1
 * @see <a href="https://arxiv.org/abs/2401.06066">Dai et al. 2024, DeepSeekMoE</a>, section 3.2,
 *     for the shared expert
 */
public final class ExpertsFeedForward extends Part {

    /** The capture of the share of all tokens that each expert computes. */
    public static final String LOAD = "expertLoad";

    /** The capture of the router's probabilities. */
    public static final String PROBABILITIES = "routerProbabilities";

    private final ExpertsOption option;

    ExpertsFeedForward(int dim, ExpertsOption option) {
        this.option = option;
        int e = option.numExperts();
        child("router", option.router().create(dim, option));
        if (option.gated()) {
            child("gate", new StackedLinear(e, dim, option.width(), option.bias()));
        }
        child("up", new StackedLinear(e, dim, option.width(), option.bias()));
        child("down", new StackedLinear(e, option.width(), dim, option.bias()));
        if (option.shared() != null) {
            child("shared", option.shared().create(dim));
        }
        if (option.sharedGate()) {
            child("sharedGate", new Linear(dim, 1, false));
        }
    }

    /** What this mixture was built from. */
    public ExpertsOption option() {
        return option;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        Router router = (Router) part("router");
        Router.Routing routing = Router.Routing.of(pass.run(router, new NDList(x)));
        NDArray y = router.apply(x, routing, maps(x, pass), mode(pass)); // (B, T, D)
        ForwardContext context = pass.context();
        context.capture(PROBABILITIES, routing.probabilities());
        if (context.captures(LOAD)) {
            context.capture(LOAD, router.load(routing));
        }
        addLosses(context, routing);
        return list(option.shared() == null ? y : addShared(y, x, pass));
    }

    private ExpertKernel.Maps maps(NDArray x, Pass pass) {
        StackedLinear gate = option.gated() ? (StackedLinear) part("gate") : null;
        StackedLinear up = (StackedLinear) part("up");
        StackedLinear down = (StackedLinear) part("down");
        return new ExpertKernel.Maps(
                pass.value(up.weight(), x),
                pass.value(up.bias(), x),
                gate == null ? null : pass.value(gate.weight(), x),
                gate == null ? null : pass.value(gate.bias(), x),
                pass.value(down.weight(), x),
                pass.value(down.bias(), x));
    }

    private ExpertKernel.Mode mode(Pass pass) {
        return new ExpertKernel.Mode(
                option.activation().name().toLowerCase(Locale.ROOT),
                pass.training() ? option.dropout() : 0,
                pass.precision());
    }

    private NDArray addShared(NDArray y, NDArray x, Pass pass) {
        NDArray shared = pass.run(part("shared"), x); // (B, T, D)
        return option.sharedGate()
                ? ExpertKernel.addGated(y, shared, pass.run(part("sharedGate"), x))
                : LinearKernel.add(y, shared);
    }

    private void addLosses(ForwardContext context, Router.Routing routing) {
        RouterLoss loss = option.loss();
        if (loss == null) {
            return;
        }
        StackStatistics.Layer own =
                new StackStatistics.Layer(routing.shares(), routing.importance(), routing.z());
        if (loss.scope() == RouterLoss.Scope.LAYER) {
            addLosses(context, List.of(own));
            return;
        }
        StackStatistics statistics = StackStatistics.of(context, option.numExperts());
        List<StackStatistics.Layer> layers = statistics.with(context, own);
        // Each layer of the stack replaces the loss by one that includes itself.
        String scope = context.enter(StackStatistics.stackOf(context));
        addLosses(context, layers);
        context.enter(scope);
    }

    private void addLosses(ForwardContext context, List<StackStatistics.Layer> layers) {
        RouterLoss loss = option.loss();
        if (loss.balance() > 0) {
            NDArray[] shares = all(layers, StackStatistics.Layer::shares);
            NDArray[] importance = all(layers, StackStatistics.Layer::importance);
            context.addLoss(
                    RouterLoss.BALANCE, RouterKernel.balance(shares, importance, loss.balance()));
        }
        if (loss.z() > 0) {
            context.addLoss(
                    RouterLoss.Z,
                    RouterKernel.scaledMean(all(layers, StackStatistics.Layer::z), loss.z()));
        }
    }

    private static NDArray[] all(
            List<StackStatistics.Layer> layers, Function<StackStatistics.Layer, NDArray> what) {
        return layers.stream().map(what).toArray(NDArray[]::new);
    }
}
