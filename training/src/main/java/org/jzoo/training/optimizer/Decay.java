package org.jzoo.training.optimizer;

/** How the learning rate falls from the end of the warm-up to the end of training. */
public enum Decay {
    /** Not at all. */
    CONSTANT {
        @Override
        double factor(double done) {
            return 1;
        }
    },
    /** In a straight line to 0. */
    LINEAR {
        @Override
        double factor(double done) {
            return 1 - done;
        }
    },
    /** Along half a cosine to 0. */
    COSINE {
        @Override
        double factor(double done) {
            return 0.5 * (1 + Math.cos(Math.PI * done));
        }
    };

    /** The factor when that share of the decay, in [0, 1], is done. */
    abstract double factor(double done);
}
