package org.jzoo.datasets.text;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A source seen through an operation on its stream. */
record DerivedSource(TextSource base, UnaryOperator<Stream<TextExample>> operation)
        implements TextSource {

    @Override
    public String name() {
        return base.name();
    }

    @Override
    public TargetKind target() {
        return base.target();
    }

    @Override
    public Stream<TextExample> stream() {
        return operation.apply(base.stream());
    }
}
