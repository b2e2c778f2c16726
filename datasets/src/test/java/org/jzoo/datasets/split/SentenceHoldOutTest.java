package org.jzoo.datasets.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.datasets.text.DelimitedFormat;
import org.jzoo.datasets.text.DelimitedSource;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextSource;

class SentenceHoldOutTest {

    private static final List<String> SENTENCES =
            List.of(
                    "a charming film .",
                    "no wit at all .",
                    "Behan 's memoir is great material .",
                    "it is messy and vicious .",
                    "a joy to watch .",
                    "slap her !");
    private static final List<String> PHRASES =
            List.of("charming film", "no wit", "great  material .", "messy", "to watch", "slap");

    @TempDir Path folder;

    private TextSource source() throws IOException {
        StringBuilder lines = new StringBuilder("text\tlabel\n");
        SENTENCES.forEach(s -> lines.append(s).append("\t0\n"));
        PHRASES.forEach(s -> lines.append(s).append("\t1\n"));
        Path file = Files.writeString(folder.resolve("texts.tsv"), lines);
        return DelimitedSource.of(
                file, TextColumns.of("text", "label"), DelimitedFormat.TSV_UNQUOTED);
    }

    private static Set<String> texts(TextSource source) {
        return source.stream().map(e -> e.text()).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everySentenceIsHeldOutInOneFoldAndNoPhraseInAny() throws IOException {
        Set<String> all = new TreeSet<>();
        int count = 0;
        for (int fold = 0; fold < 3; fold++) {
            Set<String> held = texts(SentenceHoldOut.of(source(), 3, fold).heldOut());
            count += held.size();
            all.addAll(held);
        }
        assertEquals(new TreeSet<>(SENTENCES), all);
        assertEquals(SENTENCES.size(), count);
    }

    @Test
    void phrasesLeaveTogetherWithTheirSentence() throws IOException {
        for (int fold = 0; fold < 3; fold++) {
            SentenceHoldOut split = SentenceHoldOut.of(source(), 3, fold);
            Set<String> held = texts(split.heldOut());
            Set<String> rest = texts(split.rest());
            for (int i = 0; i < SENTENCES.size(); i++) {
                boolean out = held.contains(SENTENCES.get(i));
                assertEquals(!out, rest.contains(SENTENCES.get(i)));
                assertEquals(!out, rest.contains(PHRASES.get(i)), PHRASES.get(i));
            }
            assertTrue(rest.size() + 2 * held.size() == SENTENCES.size() + PHRASES.size());
        }
    }

    @Test
    void aFoldThatDoesNotExistIsRefused() throws IOException {
        TextSource source = source();
        assertEquals(
                "folds must be >= 2 and fold in [0, folds), got folds=3, fold=3",
                assertThrows(IllegalArgumentException.class, () -> SentenceHoldOut.of(source, 3, 3))
                        .getMessage());
    }
}
