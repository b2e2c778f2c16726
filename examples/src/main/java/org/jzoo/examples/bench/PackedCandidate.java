package org.jzoo.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.packed.PackedEncoder;
import org.jzoo.examples.bench.EncodeBenchConfig.BatchShape;

/** A packed encoder, which it closes. */
final class PackedCandidate implements EncodeTurns.Candidate {

    private final String name;
    private final PackedEncoder encoder;
    private final NDManager manager;

    PackedCandidate(String name, PackedEncoder encoder, NDManager manager) {
        this.name = name;
        this.encoder = encoder;
        this.manager = manager;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long vocabularySize() {
        return encoder.vocabularySize();
    }

    @Override
    public void run(long[] ids, BatchShape shape) {
        try (NDArray input = manager.create(ids, new Shape(shape.rows(), shape.tokens()));
                NDArray result = encoder.hiddenState(input, null, null)) {
            result.getShape();
        }
    }

    @Override
    public float[] hiddenState(long[] ids, BatchShape shape) {
        try (NDArray input = manager.create(ids, new Shape(shape.rows(), shape.tokens()));
                NDArray result = encoder.hiddenState(input, null, null)) {
            return result.toFloatArray();
        }
    }

    @Override
    public void close() {
        encoder.close();
    }
}
