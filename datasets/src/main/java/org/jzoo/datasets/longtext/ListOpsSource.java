package org.jzoo.datasets.longtext;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/**
 * Nested list operations as texts to be classified by their value, "0" to "9".
 *
 * @param name what errors call them
 * @param examples such as {@link ListOps#train}
 */
public record ListOpsSource(String name, List<ListOpsExample> examples) implements TextSource {

    private static final LabelSet LABELS =
            LabelSet.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    /** Checks that nothing is missing; the examples are not copied, as they are made when asked. */
    public ListOpsSource {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(examples, "examples");
    }

    /** The ten digits, each with itself as id. */
    public static LabelSet labels() {
        return LABELS;
    }

    @Override
    public TargetKind target() {
        return TargetKind.CLASS;
    }

    @Override
    public Stream<TextExample> stream() {
        return IntStream.range(0, examples.size()).mapToObj(this::example);
    }

    private TextExample example(int index) {
        ListOpsExample example = examples.get(index);
        return TextExample.of(index + 1L, example.text(), Integer.toString(example.answer()));
    }
}
