package org.jzoo.blocks.feedforward.experts;

import java.util.Objects;

/**
 * What the router adds to the training loss, through the context.
 *
 * <p>Balance is {@code balance · E · Σ_e f_e · P_e}, where f_e is the share of tokens that choose
 * expert e, summed over their k choices and counted before capacity drops any, and P_e the mean
 * probability of e: k at best, larger the more both lean to the same experts. With groups it is the
 * mean over them. Z is {@code z ·} the mean of {@code (log Σ exp logits)²}, which keeps logits
 * small.
 *
 * @param balance coefficient of the load-balance loss, at least 0; 0.01 in Switch
 * @param z coefficient of the z-loss, at least 0; 0.001 in ST-MoE
 * @param scope over what the means are taken
 * @see <a href="https://arxiv.org/abs/2101.03961">Fedus et al. 2021, Switch Transformers</a>,
 *     section 2.2
 * @see <a href="https://arxiv.org/abs/2202.08906">Zoph et al. 2022, ST-MoE</a>, section 3.1
 */
public record RouterLoss(double balance, double z, Scope scope) {

    /** The name under which the load-balance loss is left. */
    public static final String BALANCE = "expertBalance";

    /** The name under which the z-loss is left. */
    public static final String Z = "routerZ";

    /** Over what the losses' means are taken. */
    public enum Scope {
        /** Each layer adds losses of its own: the form of the papers. */
        LAYER,
        /**
         * The tokens of all layers of a stack together make one loss, as in the published Mixtral
         * and Switch code; a layer may lean to experts that another avoids.
         */
        STACK
    }

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a coefficient is negative
     */
    public RouterLoss {
        Objects.requireNonNull(scope, "scope");
        if (!(balance >= 0 && z >= 0 && Double.isFinite(balance + z))) {
            throw new IllegalArgumentException(
                    "balance and z must be >= 0 and finite, got balance=%s, z=%s"
                            .formatted(balance, z));
        }
    }
}
