package org.jzoo.datasets.vision;

import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The ways to word one kind of question: some for training, others only for testing.
 *
 * @param known the wordings that training questions use
 * @param unseen the wordings kept for testing, made of words that the known ones use
 */
record Phrasings(List<String> known, List<String> unseen) {

    Phrasings {
        known = List.copyOf(known);
        unseen = List.copyOf(unseen);
    }

    /** One of the known or of the unseen wordings. */
    String draw(Random random, boolean fromUnseen) {
        List<String> from = fromUnseen ? unseen : known;
        return from.get(random.nextInt(from.size()));
    }

    /** Adds all words of all wordings, placeholders such as {@code %s} left out. */
    void addWords(Set<String> words) {
        known.forEach(text -> words.addAll(VisualQuestion.words(text.replace("%s", ""))));
        unseen.forEach(text -> words.addAll(VisualQuestion.words(text.replace("%s", ""))));
    }
}
