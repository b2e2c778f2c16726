package org.jzoo.examples.lite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.datasets.imdb.ImdbReviews;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.examples.recipe.GlueTexts;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordPieceVocabulary;

/** The texts that students see, and the tokens that stay for them. */
final class LiteTexts {

    /** The tasks of the claim; all lend their texts, whichever are run. */
    static final List<GlueTask> TASKS =
            List.of(GlueTask.MRPC, GlueTask.RTE, GlueTask.STSB, GlueTask.COLA, GlueTask.SST2);

    private final LiteConfig config;

    LiteTexts(LiteConfig config) {
        this.config = config;
    }

    TextData data(GlueTask task) {
        return GlueTexts.of(config.glue(), task, config.limit());
    }

    private TextSource train(GlueTask task) {
        return task.train(config.glue()).first(config.limit());
    }

    /** Texts and pairs of all tasks, and passages of the reviews. */
    TextSource all() {
        List<Supplier<Stream<TextExample>>> parts = new ArrayList<>();
        TASKS.forEach(task -> parts.add(JoinedTexts.pairsAndTexts(train(task))));
        if (config.reviews() != null) {
            TextSource reviews = ImdbReviews.open(config.reviews()).train();
            parts.add(JoinedTexts.passages(reviews.first(config.limit())));
        }
        return new JoinedTexts("texts of all tasks", parts);
    }

    /** Pairs of the other tasks of pairs, or texts of the other tasks. */
    TextSource others(GlueTask own) {
        List<Supplier<Stream<TextExample>>> parts = new ArrayList<>();
        for (GlueTask task : TASKS) {
            if (task != own && task.pair() == own.pair()) {
                parts.add(() -> train(task).stream());
            } else if (task != own && !own.pair()) {
                parts.add(
                        () ->
                                train(task).stream()
                                        .flatMap(
                                                e ->
                                                        Stream.of(
                                                                TextExample.of(1, e.text(), null),
                                                                TextExample.of(
                                                                        1, e.pair(), null))));
            }
        }
        return new JoinedTexts("texts of other tasks", parts);
    }

    /**
     * A smaller tokenizer and how often its tokens occur.
     *
     * @param counts by new id
     */
    @SuppressWarnings("ArrayRecordComponent") // Tables: equality is never asked for.
    record Tokens(WordPieceVocabulary.Reduced reduced, long[] counts) {

        /** The new ids of what stands around texts, and of padding: no change may touch them. */
        long[] fixed(TextTokenizer tokenizer, int padding) {
            long[] framed = tokenizer.encode("a").ids();
            return new long[] {framed[0], framed[framed.length - 1], Math.max(0, padding)};
        }
    }

    /** Keeps the tokens of all tasks' training texts. */
    Tokens tokens(TextTokenizer whole, int vocabularySize) {
        long[] counts = new long[vocabularySize];
        BitSet used = new BitSet();
        try (TextTokenizer tokenizer = whole.withMaxLength(LiteConfig.MAX_LENGTH)) {
            for (GlueTask task : TASKS) {
                try (Stream<TextExample> examples = train(task).stream()) {
                    examples.forEach(
                            e -> {
                                for (long id : tokenizer.encode(e.text(), e.pair()).ids()) {
                                    used.set((int) id);
                                    counts[(int) id]++;
                                }
                            });
                }
            }
        }
        WordPieceVocabulary.Reduced reduced = WordPieceVocabulary.keep(whole.json(), used);
        long[] kept = Arrays.stream(reduced.rows()).mapToLong(row -> counts[row]).toArray();
        return new Tokens(reduced, kept);
    }
}
