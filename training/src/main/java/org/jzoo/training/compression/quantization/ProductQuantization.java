package org.jzoo.training.compression.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import org.jzoo.blocks.kernel.PostTrainingKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.quantization.GridFit;
import org.jzoo.blocks.quantization.PackedLinear;
import org.jzoo.blocks.quantization.ProductCode;

/**
 * Neighbouring weights of a row become one entry of a table that the matrix shares, fitted by
 * k-means in which a weight counts as much as its input's mean square.
 *
 * @param length neighbours that share a code, at least 1
 * @param bits of a code, 2 to 8; bits/length a weight
 * @param seed of the entries that k-means starts from
 * @see <a href="https://arxiv.org/abs/1907.05686">Stock et al. 2020, And the Bit Goes Down</a>
 */
public record ProductQuantization(int length, int bits, long seed) implements WeightMethod {

    private static final int ROUNDS = 20;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public ProductQuantization {
        // The code validates; nothing is kept.
        new ProductCode(length, bits).bits();
    }

    /**
     * The longest runs that codes of up to 8 bits allow.
     *
     * @param bitsPerWeight 1 to 8: runs of 2 up to 4 bits, single weights beyond
     */
    public static ProductQuantization of(int bitsPerWeight, long seed) {
        return bitsPerWeight <= 4
                ? new ProductQuantization(2, 2 * bitsPerWeight, seed)
                : new ProductQuantization(1, bitsPerWeight, seed);
    }

    @Override
    public boolean readsInputs() {
        return true;
    }

    @Override
    public boolean readsGradients() {
        return false;
    }

    @Override
    public PackedLinear pack(Linear base, InputStatistics statistics) {
        ProductCode code = new ProductCode(length, bits);
        code.tables(base.out(), base.in());
        NDArray weight = base.weight().getArray();
        Shape runs = new Shape((long) base.out() * base.in() / length, length);
        try (NDManager scope = weight.getManager().newSubManager()) {
            float[] weights = weight.toFloatArray();
            NDArray vectors = scope.create(weights, runs); // (N, d)
            NDArray importance = scope.create(importance(base, statistics), runs); // (N, d)
            NDArray start = start(scope, weights, runs.get(0));
            NDArray[] fitted = PostTrainingKernel.productFit(vectors, importance, start, ROUNDS);
            return PackedLinear.of(
                    base,
                    code,
                    GridFit.codes(scope, fitted[1].toByteArray(), base.out(), bits),
                    fitted[0]);
        }
    }

    private float[] importance(Linear base, InputStatistics statistics) {
        double[] second = statistics.second().toDoubleArray();
        double mean = 0;
        for (int c = 0; c < base.in(); c++) {
            mean += second[c * (base.in() + 1)] / base.in();
        }
        float[] result = new float[base.out() * base.in()];
        for (int i = 0; i < result.length; i++) {
            double own = second[i % base.in() * (base.in() + 1)];
            result[i] = (float) (mean > 0 ? own / mean + 1e-6 : 1);
        }
        return result;
    }

    private NDArray start(NDManager scope, float[] weights, long count) {
        Random random = new Random(seed);
        int entries = 1 << bits;
        float[] table = new float[entries * length];
        for (int e = 0; e < entries; e++) {
            int vector = random.nextInt((int) count);
            System.arraycopy(weights, vector * length, table, e * length, length);
        }
        return scope.create(table, new Shape(entries, length));
    }
}
