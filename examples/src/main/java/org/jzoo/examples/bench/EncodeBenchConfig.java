package org.jzoo.examples.bench;

import java.util.List;
import java.util.Objects;
import org.jzoo.blocks.packed.PackedMode;

/**
 * What {@link EncodeBench} measures.
 *
 * @param model the zoo's name of a pretrained encoder
 * @param shapes batches
 * @param modes packed modes to compare with ONNX Runtime
 * @param threads threads of each engine, at least 1
 * @param secondsPerShape how long each batch is measured, over all candidates, positive
 */
public record EncodeBenchConfig(
        String model,
        List<BatchShape> shapes,
        List<PackedMode> modes,
        int threads,
        double secondsPerShape) {

    /** From one short query to long documents. */
    public static final List<BatchShape> USUAL_SHAPES =
            List.of(
                    new BatchShape(1, 16),
                    new BatchShape(1, 128),
                    new BatchShape(8, 128),
                    new BatchShape(32, 64),
                    new BatchShape(8, 512));

    /** Each mode that stands for itself. */
    public static final List<PackedMode> MODES =
            List.of(PackedMode.FLOAT32, PackedMode.BFLOAT16, PackedMode.INT8, PackedMode.FASTEST);

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public EncodeBenchConfig {
        Objects.requireNonNull(model, "model");
        shapes = List.copyOf(shapes);
        modes = List.copyOf(modes);
        if (shapes.isEmpty() || threads < 1 || !(secondsPerShape > 0)) {
            throw new IllegalArgumentException(
                    "shapes must not be empty, threads must be >= 1 and secondsPerShape > 0, got"
                            + " shapes=%s, threads=%d, secondsPerShape=%s"
                                    .formatted(shapes, threads, secondsPerShape));
        }
    }

    /** MiniLM at the usual shapes with every mode. */
    public static EncodeBenchConfig usual(int threads, double secondsPerShape) {
        return new EncodeBenchConfig("minilm-l6", USUAL_SHAPES, MODES, threads, secondsPerShape);
    }

    /**
     * A batch without padding.
     *
     * @param rows B, at least 1
     * @param tokens T, at least 1
     */
    public record BatchShape(int rows, int tokens) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a size is below 1
         */
        public BatchShape {
            if (rows < 1 || tokens < 1) {
                throw new IllegalArgumentException(
                        "rows and tokens must be >= 1, got rows=%d, tokens=%d"
                                .formatted(rows, tokens));
            }
        }

        @Override
        public String toString() {
            return rows + "x" + tokens;
        }
    }
}
