package org.jzoo.zoo.image;

/**
 * How pixels are weighed when a picture is scaled. When it shrinks, the kernel grows with it, so
 * that every pixel counts.
 */
public enum Resampling {
    /** A triangle: neighbours by their distance. */
    BILINEAR(1) {
        @Override
        double weight(double x) {
            return Math.max(0, 1 - Math.abs(x));
        }
    },
    /** Keys' cubic with a = -1/2. */
    BICUBIC(2) {
        @Override
        double weight(double x) {
            double d = Math.abs(x);
            if (d < 1) {
                return (1.5 * d - 2.5) * d * d + 1;
            }
            return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
        }
    },
    /** A windowed sinc over three pixels to each side. */
    LANCZOS(3) {
        @Override
        double weight(double x) {
            return Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
        }
    };

    private final double support;

    Resampling(double support) {
        this.support = support;
    }

    /** The weight of a pixel at a distance of {@code x} pixels. */
    abstract double weight(double x);

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    /**
     * The weights with which the pixels of one axis make a pixel of the scaled axis.
     *
     * @param first the first pixel that counts
     * @param weights of it and those after it, in units of 2^-{@value #BITS}; their sum is 1
     */
    record Taps(int first, int[] weights) {

        /** Binary digits of weights: what 32 leave beside a pixel's 8 and two for sign and sum. */
        static final int BITS = 22;

        /** The pixel, 0 to 255, that a weighed sum of pixels is. */
        static int pixel(int sum) {
            return Math.min(255, Math.max(0, (sum + (1 << (BITS - 1))) >> BITS));
        }

        int end() {
            return first + weights.length;
        }
    }

    /** The weights for pixel {@code target} of an axis scaled from {@code from} to {@code to}. */
    Taps taps(int target, int from, int to) {
        double scale = (double) from / to;
        double stretch = Math.max(1, scale);
        double centre = (target + 0.5) * scale;
        int first = Math.max(0, (int) (centre - support * stretch + 0.5));
        int end = Math.min(from, (int) (centre + support * stretch + 0.5));
        double[] exact = new double[end - first];
        double sum = 0;
        for (int i = 0; i < exact.length; i++) {
            exact[i] = weight((first + i - centre + 0.5) / stretch);
            sum += exact[i];
        }
        int[] weights = new int[exact.length];
        for (int i = 0; i < weights.length; i++) {
            double weight = exact[i] / sum * (1 << Taps.BITS);
            weights[i] = (int) (weight + (weight < 0 ? -0.5 : 0.5));
        }
        return new Taps(first, weights);
    }
}
