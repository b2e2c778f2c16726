package org.jzoo.examples.recipe;

import java.util.Map;
import java.util.TreeMap;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingCallback;

/** Mean losses of stretches of a training, told on the way. */
public final class LossCurve implements TrainingCallback {

    private static final int STRETCHES = 40;

    private final Map<Integer, Double> losses = new TreeMap<>();
    private final String name;
    private final int stretch;
    private double sum;
    private double auxiliary;
    private int count;

    /**
     * A curve of forty points.
     *
     * @param name what messages call the run
     * @param steps of the whole training
     */
    public LossCurve(String name, int steps) {
        this.name = name;
        stretch = Math.max(1, steps / STRETCHES);
    }

    /** The mean losses since the last start, by the last step of their stretch. */
    public Map<Integer, Double> losses() {
        return losses;
    }

    @Override
    public void onStep(StepReport step) {
        sum += step.loss();
        auxiliary += step.auxiliaryLoss();
        count++;
        if (step.step() % stretch == 0) {
            losses.put((int) step.step(), sum / count);
            System.err.printf(
                    "%s step %d: loss %.3f%s, %.0f tokens/s%n",
                    name,
                    step.step(),
                    sum / count,
                    auxiliary == 0 ? "" : ", auxiliary %.3f of it".formatted(auxiliary / count),
                    step.tokens() / step.seconds());
            sum = 0;
            auxiliary = 0;
            count = 0;
        }
    }
}
