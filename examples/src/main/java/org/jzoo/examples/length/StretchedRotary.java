package org.jzoo.examples.length;

import ai.djl.ndarray.NDArray;
import java.util.Objects;
import org.jzoo.blocks.kernel.RotaryKernel;
import org.jzoo.blocks.position.QueryKeyPosition;
import org.jzoo.blocks.position.RotaryPositionOption;

/**
 * Rotary positions that a model trained at one length is given at a longer one.
 *
 * @param rotary the trained positions
 * @param kind how frequencies change
 * @param trained the trained length
 * @param factor how much longer the input is, at least 1
 * @see <a href="https://arxiv.org/abs/2306.15595">Chen et al. 2023, position interpolation</a>
 * @see <a href="https://arxiv.org/abs/2309.00071">Peng et al. 2023, YaRN</a>, sections 3.2 and 3.4
 */
record StretchedRotary(RotaryPositionOption rotary, Kind kind, int trained, double factor)
        implements QueryKeyPosition {

    /** A rule for the frequencies. */
    enum Kind {
        /** All divided by the factor: no position is farther than the trained ones. */
        LINEAR,
        /**
         * Those that turn once or less within the trained length divided, those that turn 32 times
         * kept, a ramp between; scores become sharper by (0.1 ln factor + 1)².
         */
        YARN
    }

    private static final double SLOWEST = 1;
    private static final double FASTEST = 32;

    StretchedRotary {
        Objects.requireNonNull(rotary, "rotary");
        Objects.requireNonNull(kind, "kind");
        if (trained < 1 || !(factor >= 1)) {
            throw new IllegalArgumentException(
                    "trained and factor must be >= 1, got trained=%d, factor=%s"
                            .formatted(trained, factor));
        }
    }

    /** Radians per position for each pair of features. */
    double[] frequencies() {
        double[] radians = rotary.frequencies();
        for (int i = 0; i < radians.length; i++) {
            double turns = trained * radians[i] / (2 * Math.PI);
            double ramp = (turns - SLOWEST) / (FASTEST - SLOWEST);
            double kept = kind == Kind.LINEAR ? 0 : Math.min(1, Math.max(0, ramp));
            radians[i] *= kept + (1 - kept) / factor;
        }
        return radians;
    }

    /** The factor of queries and of keys. */
    double magnitude() {
        return kind == Kind.LINEAR ? 1 : 0.1 * Math.log(factor) + 1;
    }

    @Override
    public NDArray encode(NDArray x, NDArray positions) {
        return RotaryKernel.rotate(x, positions, frequencies(), rotary.interleaved(), magnitude());
    }
}
