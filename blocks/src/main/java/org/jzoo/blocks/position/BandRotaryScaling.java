package org.jzoo.blocks.position;

/**
 * Chooses Llama 3.1's scheme: with {@code turns} those of a pair within the trained length, a pair
 * with more than {@code highTurns} stays, one with less than {@code lowTurns} is interpolated by
 * {@code factor}, and between them the share that stays grows linearly with the turns.
 *
 * @param factor how much longer than in training, at least 1; 8 in Llama 3.1
 * @param trainedLength positions of the training, at least 1; 8,192 in Llama 3.1
 * @param lowTurns above 0; 1 in Llama 3.1
 * @param highTurns above {@code lowTurns}; 4 in Llama 3.1
 * @see <a href="https://arxiv.org/abs/2407.21783">Llama Team 2024, The Llama 3 Herd of Models</a>
 */
public record BandRotaryScaling(double factor, int trainedLength, double lowTurns, double highTurns)
        implements RotaryScaling {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public BandRotaryScaling {
        RotaryScaling.checkFactor(factor);
        RotaryScaling.checkTrainedLength(trainedLength);
        if (!(lowTurns > 0 && highTurns > lowTurns)) {
            throw new IllegalArgumentException(
                    "lowTurns must be in (0, highTurns), got lowTurns=%s, highTurns=%s"
                            .formatted(lowTurns, highTurns));
        }
    }

    @Override
    public double[] frequencies(double base, int dim) {
        double[] radians = RotaryScaling.unscaled(base, dim);
        for (int i = 0; i < radians.length; i++) {
            double turns = trainedLength * radians[i] / (2 * Math.PI);
            double kept = Math.min(Math.max((turns - lowTurns) / (highTurns - lowTurns), 0), 1);
            radians[i] *= kept + (1 - kept) / factor;
        }
        return radians;
    }
}
