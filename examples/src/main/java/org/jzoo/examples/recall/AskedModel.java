package org.jzoo.examples.recall;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jzoo.datasets.speech.Speech;
import org.jzoo.zoo.document.LongAnswer;
import org.jzoo.zoo.document.LongQuestion;
import org.jzoo.zoo.document.LongReader;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Zoo;

/**
 * A model of the zoo that is asked about hidden facts by the reader that applications use.
 *
 * @param model its name
 * @param facts what is hidden, and in how long a text
 * @param questions each about a text of its own, at least 1
 * @param chunk tokens that it reads at once; 0 for as many as it was trained with
 */
public record AskedModel(String model, HiddenFacts facts, int questions, int chunk) {

    /**
     * What came of it.
     *
     * @param words of a text
     * @param seed of facts and places
     * @param right answers that are the number that was hidden, digit for digit
     * @param tokens of a text, in the mean
     * @param seconds for all questions
     * @param chunk tokens read at once; 0 for as many as in training
     */
    public record Figures(
            String model,
            int words,
            long seed,
            int questions,
            int right,
            double tokens,
            double seconds,
            String device,
            String dataHash,
            int chunk) {}

    /** Checks the numbers. */
    public AskedModel {
        if (questions < 1 || chunk < 0) {
            throw new IllegalArgumentException(
                    "questions must be >= 1 and chunk >= 0, got questions=%d, chunk=%d"
                            .formatted(questions, chunk));
        }
    }

    /** Whether figures are of this run. */
    public boolean made(Figures figures) {
        return figures.model().equals(model)
                && figures.words() == facts.words()
                && figures.seed() == facts.seed()
                && figures.questions() == questions
                && figures.chunk() == chunk;
    }

    /**
     * Asks about test speeches.
     *
     * @param hash of the speeches, noted
     * @throws IllegalArgumentException if the model does not answer questions about documents
     */
    public Figures run(List<Speech> speeches, String hash, Device device)
            throws IOException, MalformedModelException {
        try (LoadedModel loaded = Zoo.load(model, device)) {
            LongReader own = LongReader.of(loaded);
            LongReader reader = chunk == 0 ? own : own.withChunks(chunk);
            Iterator<HiddenFacts.Row> rows = facts.rows(speeches, true, questions).iterator();
            int right = 0;
            long tokens = 0;
            long nanos = 0;
            while (rows.hasNext()) {
                HiddenFacts.Row row = rows.next();
                long start = System.nanoTime();
                LongAnswer answer = reader.answer(LongQuestion.of(row.document(), row.question()));
                nanos += System.nanoTime() - start;
                tokens += answer.reading().tokens();
                right += answer.text().equals(row.answer()) ? 1 : 0;
            }
            return new Figures(
                    model,
                    facts.words(),
                    facts.seed(),
                    questions,
                    right,
                    (double) tokens / questions,
                    nanos / 1e9,
                    device.toString(),
                    hash,
                    chunk);
        }
    }
}
