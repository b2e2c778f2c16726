package org.jzoo.examples.recall;

import java.util.Arrays;
import java.util.Locale;
import org.jzoo.datasets.longtext.Counting;
import org.jzoo.datasets.longtext.FactChains;
import org.jzoo.datasets.longtext.KeyValues;
import org.jzoo.datasets.longtext.LongTask;
import org.jzoo.datasets.longtext.Passkey;

/** What is hidden and asked for. */
public enum RecallTask {
    /** One number of five digits. */
    PASSKEY(1),
    /** One of eight numbers of five digits, by its name. */
    KEY_VALUES(2),
    /** Where a thing is: who carries it, where they are; five such chains. */
    TWO_FACTS(2),
    /** The same, in a container: three facts; four chains. */
    THREE_FACTS(2),
    /** How often a sound is heard, up to ten times. */
    COUNTING(1);

    private static final int PAIRS = 8;
    private static final int DIGITS = 5;
    private static final int TIMES = 10;

    private final int weight;

    RecallTask(int weight) {
        this.weight = weight;
    }

    /** The facts. */
    LongTask task() {
        return switch (this) {
            case PASSKEY -> new Passkey(DIGITS);
            case KEY_VALUES -> new KeyValues(PAIRS, DIGITS);
            case TWO_FACTS -> new FactChains(2, 5);
            case THREE_FACTS -> new FactChains(3, 4);
            case COUNTING -> new Counting(TIMES);
        };
    }

    /**
     * The facts as they are learnt: of one to eight numbers, so that names come to matter; counts
     * up to one to ten, as small ones are what a chunk adds.
     */
    LongTask learnt() {
        return switch (this) {
            case KEY_VALUES ->
                    random -> new KeyValues(1 + random.nextInt(PAIRS), DIGITS).draw(random);
            case COUNTING -> random -> new Counting(1 + random.nextInt(TIMES)).draw(random);
            default -> task();
        };
    }

    /** Whether its facts are summed up in any order, instead of one leading to the next. */
    boolean sums() {
        return this == COUNTING;
    }

    /** How often it is drawn in training, against the others. */
    int weight() {
        return weight;
    }

    /**
     * What is equal for rows of a batch whose facts may answer each other's questions: never for
     * the made-up names of key-values, always for others of a task, and for chains of facts.
     */
    long kind(int row) {
        return switch (this) {
            case KEY_VALUES -> -1 - row;
            case PASSKEY -> 0;
            case TWO_FACTS, THREE_FACTS -> 1;
            case COUNTING -> 2;
        };
    }

    /** The name in commands and tables, such as "key-values". */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The task of that label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static RecallTask labelled(String label) {
        for (RecallTask task : values()) {
            if (task.label().equals(label)) {
                return task;
            }
        }
        throw new IllegalArgumentException(
                "task must be one of %s, got task=%s"
                        .formatted(
                                String.join(
                                        ", ",
                                        Arrays.stream(values()).map(RecallTask::label).toList()),
                                label));
    }
}
