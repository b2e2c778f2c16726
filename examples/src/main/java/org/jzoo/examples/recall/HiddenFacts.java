package org.jzoo.examples.recall;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jzoo.datasets.Seeds;
import org.jzoo.datasets.longtext.Filler;
import org.jzoo.datasets.longtext.Haystack;
import org.jzoo.datasets.longtext.LongExample;
import org.jzoo.datasets.speech.Speech;

/**
 * Questions whose answers stand in a text among sentences of speeches: rows for {@code jzoo
 * finetune --task long-qa}. Speeches of the years that end in 5 are for tests.
 *
 * @param tasks what is hidden, one after another; their answers must stand in the text
 * @param words of a text
 * @param seed of the facts and their places
 */
public record HiddenFacts(List<RecallTask> tasks, int words, long seed) {

    /**
     * One row.
     *
     * @param document the text
     * @param question the question
     * @param answer words of the text
     */
    public record Row(String document, String question, String answer) {}

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there is no task, or one whose answer is not a number
     *     that stands in the text
     */
    public HiddenFacts {
        tasks = List.copyOf(tasks);
        boolean known =
                tasks.stream().allMatch(t -> t == RecallTask.PASSKEY || t == RecallTask.KEY_VALUES);
        if (tasks.isEmpty() || !known) {
            throw new IllegalArgumentException(
                    "tasks must be some of passkey, key-values, got "
                            + tasks.stream().map(RecallTask::label).toList());
        }
    }

    /** Rows of training or test speeches, each made when it is asked for. */
    public Stream<Row> rows(List<Speech> speeches, boolean test, int size) {
        List<String> texts = new ArrayList<>();
        for (Speech speech : speeches) {
            if (RecallText.isTest(speech) == test) {
                texts.add(speech.text());
            }
        }
        Haystack haystack =
                new Haystack(Filler.of(String.join("\n", texts)), words, Haystack.WORDS);
        long draws = Seeds.random(seed, test ? 1 : 0).nextLong();
        List<List<LongExample>> examples =
                tasks.stream().map(t -> haystack.examples(t.task(), size, draws)).toList();
        return Stream.iterate(0, i -> i + 1)
                .limit(size)
                .map(i -> examples.get(i % examples.size()).get(i))
                .map(e -> new Row(e.text(), e.question(), e.answer()));
    }
}
