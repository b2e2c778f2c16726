package org.jzoo.examples.arena;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jzoo.datasets.longtext.ListOpsExample;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/** Expressions with their values as labels, made by all processors as they are read. */
record ListOpsSource(List<ListOpsExample> expressions) implements TextSource {

    private static final int AT_ONCE = 1024;

    @Override
    public String name() {
        return "ListOps";
    }

    @Override
    public TargetKind target() {
        return TargetKind.CLASS;
    }

    @Override
    public Stream<TextExample> stream() {
        int size = expressions.size();
        return IntStream.iterate(0, from -> from < size, from -> from + AT_ONCE)
                .mapToObj(from -> made(from, Math.min(size, from + AT_ONCE)))
                .flatMap(List::stream);
    }

    private List<TextExample> made(int from, int to) {
        return IntStream.range(from, to).parallel().mapToObj(this::example).toList();
    }

    private TextExample example(int index) {
        ListOpsExample made = expressions.get(index);
        return TextExample.of(index + 1L, made.text(), Integer.toString(made.answer()));
    }
}
