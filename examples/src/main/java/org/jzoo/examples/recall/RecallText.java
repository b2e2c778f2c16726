package org.jzoo.examples.recall;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.longtext.Filler;
import org.jzoo.datasets.speech.Speech;
import org.jzoo.datasets.speech.UnionSpeeches;

/**
 * Speeches as tokens, sentence by sentence; those of the years that end in 5 are for tests.
 *
 * @param vocabulary of the training texts
 * @param train sentences
 * @param test sentences
 * @param hash SHA-256 of the source
 */
public record RecallText(
        RecallVocabulary vocabulary, List<int[]> train, List<int[]> test, String hash) {

    private static final int WORDS = 2000;

    /** Reads the speeches; see {@link UnionSpeeches}. */
    public static RecallText read(Path path) throws IOException {
        return of(UnionSpeeches.read(path), DataHash.sha256(UnionSpeeches.locate(path)));
    }

    /** Splits speeches. */
    static RecallText of(List<Speech> speeches, String hash) {
        List<String> train = new ArrayList<>();
        List<String> test = new ArrayList<>();
        for (Speech speech : speeches) {
            (isTest(speech) ? test : train).add(speech.text());
        }
        RecallVocabulary vocabulary = new RecallVocabulary(train, WORDS);
        return new RecallText(
                vocabulary, sentences(train, vocabulary), sentences(test, vocabulary), hash);
    }

    static boolean isTest(Speech speech) {
        return speech.year() % 10 == 5;
    }

    private static List<int[]> sentences(List<String> texts, RecallVocabulary vocabulary) {
        return Filler.of(String.join("\n", texts)).sentences().stream()
                .map(vocabulary::encode)
                .filter(tokens -> tokens.length > 0)
                .toList();
    }
}
