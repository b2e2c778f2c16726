package org.jzoo.datasets.vision;

import java.util.List;
import java.util.Set;

/**
 * How questions about grids of garments are worded. {@code %s} is a place, a garment or garments;
 * {@link #SAME} has two places and whether it asks for sameness or difference.
 */
final class GarmentPhrasings {

    static final List<String> PLACES =
            List.of(
                    "top left",
                    "top middle",
                    "top right",
                    "middle left",
                    "center",
                    "middle right",
                    "bottom left",
                    "bottom middle",
                    "bottom right");

    static final List<String> PLURALS =
            List.of(
                    "T-shirts",
                    "trousers",
                    "pullovers",
                    "dresses",
                    "coats",
                    "sandals",
                    "shirts",
                    "sneakers",
                    "bags",
                    "ankle boots");

    static final Phrasings WHICH =
            new Phrasings(
                    List.of(
                            "which garment is at the %s?",
                            "what is at the %s?",
                            "what kind of garment is at the %s?",
                            "name the garment at the %s",
                            "tell me which garment is at the %s of the picture"),
                    List.of(
                            "tell me what is at the %s",
                            "name the kind of garment at the %s of the picture",
                            "which kind of garment is at the %s?"));
    static final Phrasings WHERE =
            new Phrasings(
                    List.of(
                            "where is the %s?",
                            "at which place is the %s?",
                            "tell me where the %s is",
                            "in which part of the picture is the %s?",
                            "what is the place of the %s?"),
                    List.of(
                            "at which place of the picture is the %s?",
                            "tell me the place of the %s", "where in the picture is the %s?"));
    static final Phrasings COUNT =
            new Phrasings(
                    List.of(
                            "how many %s are there?",
                            "how many %s are in the picture?",
                            "count the %s",
                            "what is the number of %s?",
                            "tell me how many %s there are"),
                    List.of(
                            "count the %s in the picture",
                            "tell me the number of %s in the picture",
                            "what is the number of %s in the picture?"));
    static final Phrasings SAME =
            new Phrasings(
                    List.of(
                            "are the garments at the %s and the %s %s?",
                            "do the %s and the %s show %s kinds of garment?",
                            "tell me if the garments at the %s and the %s are %s",
                            "at the %s and the %s: are the garments %s?",
                            "are the kinds of garment at the %s and the %s %s?"),
                    List.of(
                            "tell me if the kinds of garment at the %s and the %s are %s",
                            "at the %s and the %s: are the kinds of garment %s?",
                            "tell me if the %s and the %s show %s kinds of garment"));

    private GarmentPhrasings() {}

    static String relation(boolean different) {
        return different ? "different" : "the same";
    }

    static void addWords(Set<String> words) {
        List.of(WHICH, WHERE, COUNT, SAME).forEach(phrasings -> phrasings.addWords(words));
        for (List<String> names : List.of(PLACES, PLURALS, GarmentImages.NAMES)) {
            names.forEach(name -> words.addAll(VisualQuestion.words(name)));
        }
        words.addAll(VisualQuestion.words(relation(true)));
        words.addAll(VisualQuestion.words(relation(false)));
    }
}
