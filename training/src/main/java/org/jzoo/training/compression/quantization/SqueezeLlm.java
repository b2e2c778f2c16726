package org.jzoo.training.compression.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.quantization.CodebookCode;
import org.jzoo.blocks.quantization.GridFit;
import org.jzoo.blocks.quantization.PackedLinear;

/**
 * Each output has a table of 2^bits numbers of its own, the best for its weights when each counts
 * as much as the loss is sensitive to it (the Fisher information's diagonal); the weights with the
 * largest magnitudes stay as they are.
 *
 * <p>Without gradients a weight counts as much as its input's mean square, which is how the map's
 * output is sensitive to it.
 *
 * @param bits of a code, 2 to 8
 * @param outlierShare share of the weights that stay as they are, in [0, 0.1]
 * @see <a href="https://arxiv.org/abs/2306.07629">Kim et al. 2024, SqueezeLLM</a>, section 4
 */
public record SqueezeLlm(int bits, double outlierShare) implements WeightMethod {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public SqueezeLlm {
        if (bits < 2 || bits > 8) {
            throw new IllegalArgumentException("bits must be in [2, 8], got bits=" + bits);
        }
        if (!(outlierShare >= 0 && outlierShare <= 0.1)) {
            throw new IllegalArgumentException(
                    "outlierShare must be in [0, 0.1], got outlierShare=" + outlierShare);
        }
    }

    /** The paper's 0.45% of outliers. */
    public static SqueezeLlm of(int bits) {
        return new SqueezeLlm(bits, 0.0045);
    }

    @Override
    public boolean readsInputs() {
        return true;
    }

    @Override
    public boolean readsGradients() {
        return true;
    }

    @Override
    public PackedLinear pack(Linear base, InputStatistics statistics) {
        NDArray weight = base.weight().getArray();
        float[] weights = weight.toFloatArray();
        double[] sensitivity = sensitivity(base, statistics);
        int[] places = outliers(weights);
        float[] kept = new float[places.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = weights[places[i]];
            sensitivity[places[i]] = 0;
        }
        int entries = 1 << bits;
        float[] table = new float[base.out() * entries];
        byte[] codes = new byte[weights.length];
        IntStream.range(0, base.out())
                .parallel()
                .forEach(row -> fit(row, base.in(), weights, sensitivity, table, codes));
        try (NDManager scope = weight.getManager().newSubManager()) {
            return PackedLinear.of(
                    base,
                    new CodebookCode(bits, places.length),
                    GridFit.codes(scope, codes, base.out(), bits),
                    scope.create(table, new Shape(base.out(), entries)),
                    scope.create(places, new Shape(places.length)),
                    scope.create(kept, new Shape(places.length)));
        }
    }

    private void fit(
            int row, int in, float[] weights, double[] sensitivity, float[] table, byte[] codes) {
        double[] numbers =
                IntStream.range(row * in, (row + 1) * in).mapToDouble(i -> weights[i]).toArray();
        double[] counts = Arrays.copyOfRange(sensitivity, row * in, (row + 1) * in);
        LineClusters clusters = LineClusters.of(numbers, counts, 1 << bits);
        for (int c = 0; c < 1 << bits; c++) {
            table[(row << bits) + c] = (float) clusters.centres()[c];
        }
        for (int i = 0; i < in; i++) {
            codes[row * in + i] = (byte) clusters.codes()[i];
        }
    }

    private static double[] sensitivity(Linear base, InputStatistics statistics) {
        double[] result = new double[base.out() * base.in()];
        if (statistics.fisher() != null) {
            float[] fisher = statistics.fisher().toFloatArray();
            Arrays.setAll(result, i -> fisher[i]);
            return result;
        }
        double[] second = statistics.second().toDoubleArray();
        Arrays.setAll(result, i -> second[i % base.in() * (base.in() + 1)]);
        return result;
    }

    // The places of the largest magnitudes, ascending.
    private int[] outliers(float[] weights) {
        int count = (int) Math.round(outlierShare * weights.length);
        return IntStream.range(0, weights.length)
                .boxed()
                .sorted((a, b) -> Float.compare(Math.abs(weights[b]), Math.abs(weights[a])))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }
}
