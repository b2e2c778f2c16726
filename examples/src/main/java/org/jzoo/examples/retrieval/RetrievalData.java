package org.jzoo.examples.retrieval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.datasets.Seeds;
import org.jzoo.datasets.vision.EmojiPictures;
import org.jzoo.datasets.vision.FlagPictures;
import org.jzoo.datasets.vision.NamedPicture;

/**
 * Pictures with texts to learn from, and others to find.
 *
 * @param trained what is learnt from, such as a drawing style
 * @param train the pictures to learn from
 * @param tests by name, the pictures among which each text finds its own; none of them is in {@code
 *     train}
 */
public record RetrievalData(
        String trained, List<NamedPicture> train, Map<String, List<NamedPicture>> tests) {

    private static final int HELD_OUT = 10; // every tenth concept
    private static final int HELD_OUT_FLAGS = 5;

    /** Copies the lists. */
    public RetrievalData {
        train = List.copyOf(train);
        Map<String, List<NamedPicture>> copy = new LinkedHashMap<>();
        tests.forEach((name, pictures) -> copy.put(name, List.copyOf(pictures)));
        tests = Collections.unmodifiableMap(copy);
    }

    /**
     * Emoji in one drawing style to learn from, and three tests: the same concepts in the other
     * style, and the tenth of the concepts that is kept out of training in either style.
     *
     * @param folder with a package of {@link EmojiPictures} by the name of each style
     * @param from the style to learn from
     * @param to the other style
     * @param seed draws the concepts that are kept out
     */
    public static RetrievalData emoji(Path folder, String from, String to, long seed) {
        List<NamedPicture> learnt = shuffled(EmojiPictures.read(folder.resolve(from)), seed);
        Map<String, NamedPicture> other = new LinkedHashMap<>();
        EmojiPictures.read(folder.resolve(to)).forEach(emoji -> other.put(emoji.id(), emoji));
        learnt.removeIf(emoji -> !other.containsKey(emoji.id()));
        int kept = learnt.size() / HELD_OUT;
        List<NamedPicture> unknown = learnt.subList(0, kept);
        List<NamedPicture> known = learnt.subList(kept, learnt.size());
        Map<String, List<NamedPicture>> tests = new LinkedHashMap<>();
        tests.put(to, in(known, other));
        tests.put(to + ", new concepts", in(unknown, other));
        tests.put(from + ", new concepts", unknown);
        return new RetrievalData(from, known, tests);
    }

    private static List<NamedPicture> in(
            List<NamedPicture> emoji, Map<String, NamedPicture> other) {
        return emoji.stream().map(each -> other.get(each.id())).toList();
    }

    /**
     * Flags with their written descriptions; every fifth is kept for the test.
     *
     * @param folder with {@code flags} and {@code factbook}, as {@link FlagPictures} reads them
     * @param seed draws the flags that are kept out
     */
    public static RetrievalData flags(Path folder, long seed) {
        List<NamedPicture> all =
                shuffled(
                        FlagPictures.read(folder.resolve("flags"), folder.resolve("factbook")),
                        seed);
        int kept = all.size() / HELD_OUT_FLAGS;
        return new RetrievalData(
                "flags",
                all.subList(kept, all.size()),
                Map.of("other flags", all.subList(0, kept)));
    }

    private static List<NamedPicture> shuffled(List<NamedPicture> pictures, long seed) {
        List<NamedPicture> shuffled = new ArrayList<>(pictures);
        Collections.shuffle(shuffled, Seeds.random(seed, 0));
        return shuffled;
    }

    /**
     * The text that belongs to a picture: name and keywords, or a description alone, which says
     * what it shows and not whose it is.
     */
    String text(NamedPicture picture) {
        return trained.equals("flags") ? picture.texts().get(0) : picture.caption();
    }
}
