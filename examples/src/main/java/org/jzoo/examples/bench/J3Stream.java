package org.jzoo.examples.bench;

import ai.djl.ndarray.NDManager;
import java.util.SplittableRandom;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.J3Reader;

/** A text without end that is read a chunk at a time. */
final class J3Stream implements AutoCloseable {

    private final J3Reader reader;
    private final SplittableRandom random = new SplittableRandom(3);
    private final int vocabulary;

    J3Stream(J3Model model, NDManager manager, Precision precision, int vocabulary) {
        this.vocabulary = vocabulary;
        reader = new J3Reader(model, manager, precision, new long[] {1, 2, 3});
    }

    void next() {
        reader.read(random.longs(reader.chunkLength(), 0, vocabulary).toArray());
    }

    long tokens() {
        return reader.tokens();
    }

    @Override
    public void close() {
        reader.close();
    }
}
