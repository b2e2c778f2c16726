package org.jzoo.examples.arena;

import java.nio.file.Path;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.imdb.ImdbReviews;
import org.jzoo.datasets.longtext.ListOps;
import org.jzoo.datasets.longtext.ListOpsConfig;
import org.jzoo.datasets.text.TextEncoding;
import org.jzoo.datasets.text.TextSource;

/**
 * A task's examples as tokens; all runs have the same ones. Close it to give its files back.
 *
 * @param task what they are of
 * @param train learned from
 * @param test judged once at the end
 * @param hash of what they were made from
 */
public record ArenaData(ArenaTask task, EncodedDataset train, EncodedDataset test, String hash)
        implements AutoCloseable {

    private static final long SEED = 2011;

    /**
     * Expressions of the published form.
     *
     * @param examples how many are learned from, at most 96,000
     * @param tests how many are judged, at most 2,000
     */
    public static ArenaData listOps(int examples, int tests) {
        var train = ListOps.train(SEED);
        var test = ListOps.test(SEED);
        return of(
                ArenaTask.LISTOPS,
                new ListOpsSource(train.subList(0, Math.min(examples, train.size()))),
                new ListOpsSource(test.subList(0, Math.min(tests, test.size()))),
                new ListOpsEncoding(),
                DataHash.sha256("%s seed %d".formatted(ListOpsConfig.published(), SEED)));
    }

    /**
     * Film reviews.
     *
     * @param file as {@link ImdbReviews} reads it
     * @param tests how many of the 25,000 are judged, of both classes alike
     */
    public static ArenaData reviews(Path file, int tests) {
        ImdbReviews reviews = ImdbReviews.open(file);
        return reviews(reviews.train(), reviews.test(), tests, DataHash.sha256(file));
    }

    /** Reviews from elsewhere; every n-th is judged so that there are no more than that. */
    static ArenaData reviews(TextSource train, TextSource test, int tests, String hash) {
        long each = Math.max(1, (test.count() + tests - 1) / tests);
        return of(
                ArenaTask.TEXT,
                train,
                each == 1 ? test : test.where(example -> example.row() % each == 0),
                new ByteEncoding(ArenaTask.TEXT.maxLength()),
                hash);
    }

    /** The examples of two sources. */
    static ArenaData of(
            ArenaTask task, TextSource train, TextSource test, TextEncoding encoding, String hash) {
        EncodedDataset lessons = EncodedDataset.classification(train, encoding, task.labels());
        try {
            EncodedDataset exam = EncodedDataset.classification(test, encoding, task.labels());
            return new ArenaData(task, lessons, exam, hash);
        } catch (RuntimeException e) {
            lessons.close();
            throw e;
        }
    }

    @Override
    public void close() {
        train.close();
        test.close();
    }
}
