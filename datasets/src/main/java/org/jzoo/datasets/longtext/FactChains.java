package org.jzoo.datasets.longtext;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Where a thing is, which no sentence says: two facts (who carries it, where they are) or three
 * (what it lies in, who carries that, where they are) must be joined. Other chains of the same form
 * have other things, people and places, so that no place can be picked by its form.
 *
 * @param hops the facts of a chain, 2 or 3
 * @param chains how many chains there are, from 1 to 20, the one asked for included
 * @see <a href="https://arxiv.org/abs/1502.05698">Weston et al. 2015, Towards AI-complete question
 *     answering</a>, tasks 2 and 3
 * @see <a href="https://arxiv.org/abs/2406.10149">Kuratov et al. 2024, BABILong</a>
 */
public record FactChains(int hops, int chains) implements LongTask {

    /** All places, so all answers. */
    public static final List<String> PLACES =
            List.of(
                    "attic",
                    "bakery",
                    "barn",
                    "cellar",
                    "chapel",
                    "courtyard",
                    "forge",
                    "garden",
                    "hallway",
                    "harbor",
                    "kitchen",
                    "library",
                    "market",
                    "mill",
                    "orchard",
                    "pantry",
                    "school",
                    "stable",
                    "tower",
                    "workshop");

    private static final List<String> PEOPLE =
            List.of(
                    "Agnes", "Bruno", "Clara", "Dmitri", "Elena", "Felix", "Greta", "Hugo", "Ines",
                    "Jonas", "Karin", "Leopold", "Marta", "Nadia", "Otto", "Paula", "Rufus",
                    "Selma", "Tilda", "Viktor");
    private static final List<String> THINGS =
            List.of(
                    "acorn",
                    "amulet",
                    "bracelet",
                    "candle",
                    "coin",
                    "compass",
                    "diary",
                    "feather",
                    "flute",
                    "key",
                    "lens",
                    "locket",
                    "map",
                    "marble",
                    "needle",
                    "pearl",
                    "ring",
                    "stamp",
                    "thimble",
                    "whistle");
    private static final List<String> CONTAINERS =
            List.of(
                    "backpack",
                    "bag",
                    "barrel",
                    "basket",
                    "box",
                    "bucket",
                    "case",
                    "casket",
                    "chest",
                    "crate",
                    "drawer",
                    "envelope",
                    "hamper",
                    "jar",
                    "pouch",
                    "purse",
                    "sack",
                    "suitcase",
                    "tin",
                    "trunk");

    /** Checks the ranges. */
    public FactChains {
        if (hops != 2 && hops != 3) {
            throw new IllegalArgumentException("hops must be 2 or 3, got hops=" + hops);
        }
        if (chains < 1 || chains > PLACES.size()) {
            throw new IllegalArgumentException(
                    "chains must be in [1, %d], got chains=%d".formatted(PLACES.size(), chains));
        }
    }

    @Override
    public Needles draw(Random random) {
        List<String> places = shuffled(PLACES, random);
        List<String> people = shuffled(PEOPLE, random);
        List<String> things = shuffled(THINGS, random);
        List<String> containers = shuffled(CONTAINERS, random);
        List<String> evidence = new ArrayList<>();
        List<String> distractors = new ArrayList<>();
        for (int i = 0; i < chains; i++) {
            List<String> chain = i == 0 ? evidence : distractors;
            String carried = things.get(i);
            if (hops == 3) {
                carried = containers.get(i);
                chain.add("The %s lies in the %s.".formatted(things.get(i), carried));
            }
            chain.add("%s carries the %s.".formatted(people.get(i), carried));
            chain.add("%s is in the %s.".formatted(people.get(i), places.get(i)));
        }
        List<String> findings = new ArrayList<>(List.of(""));
        if (hops == 3) {
            findings.add(containers.get(0));
        }
        findings.add(people.get(0));
        findings.add(places.get(0));
        return new Needles(
                evidence, distractors, "Where is the %s?".formatted(things.get(0)), findings);
    }

    private static List<String> shuffled(List<String> names, Random random) {
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }
}
