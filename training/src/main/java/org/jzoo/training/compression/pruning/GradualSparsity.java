package org.jzoo.training.compression.pruning;

import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingCallback;

/**
 * Weights become 0 little by little while the model trains and recovers: {@code s(t) = end · (1 -
 * (1 - t / n)³)} at every so many steps, fast at first, when many weights can be spared.
 *
 * @see <a href="https://arxiv.org/abs/1710.01878">Zhu and Gupta 2017, To Prune, or Not to
 *     Prune</a>, equation 1
 */
public final class GradualSparsity implements TrainingCallback {

    private final SparseWeights weights;
    private final double end;
    private final long steps;
    private final long every;

    /**
     * Plans.
     *
     * @param weights that become 0; pruned by nothing yet
     * @param end the share that is 0 in the end, in (0, 1)
     * @param steps until then (n), at least 1
     * @param every steps between choices, at least 1
     * @throws IllegalArgumentException if a number is out of its range
     */
    public GradualSparsity(SparseWeights weights, double end, long steps, long every) {
        if (!(end > 0 && end < 1) || steps < 1 || every < 1) {
            throw new IllegalArgumentException(
                    "end must be in (0, 1), steps and every >= 1, got end=%s, steps=%d, every=%d"
                            .formatted(end, steps, every));
        }
        this.weights = weights;
        this.end = end;
        this.steps = steps;
        this.every = every;
    }

    /** The share that is 0 after so many steps. */
    public double at(long step) {
        double left = 1 - Math.min(1, step / (double) steps);
        return end * (1 - left * left * left);
    }

    @Override
    public void onStep(StepReport report) {
        if (report.step() == steps || (report.step() < steps && report.step() % every == 0)) {
            weights.prune(new SparsityRule.Magnitude(at(report.step())));
        } else {
            weights.apply();
        }
    }
}
