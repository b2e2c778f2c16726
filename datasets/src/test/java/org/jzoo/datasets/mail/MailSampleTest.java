package org.jzoo.datasets.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.split.ContentHashSplit;
import org.jzoo.datasets.split.Duplicates;
import org.jzoo.datasets.split.Part;
import org.jzoo.datasets.split.SplitFractions;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

class MailSampleTest {

    private static final Pattern HEADER =
            Pattern.compile("(?im)^[> ]*(received|return-path|message-id|delivered-to|x-[\\w-]+):");

    private static List<TextExample> read(TextSource source) {
        try (Stream<TextExample> examples = source.stream()) {
            return examples.toList();
        }
    }

    private static Map<String, Long> labels(TextSource source) {
        return read(source).stream()
                .collect(Collectors.groupingBy(TextExample::label, Collectors.counting()));
    }

    /** All parts as one source. */
    private record Everything() implements TextSource {
        @Override
        public String name() {
            return "mail";
        }

        @Override
        public TargetKind target() {
            return TargetKind.CLASS;
        }

        @Override
        public Stream<TextExample> stream() {
            List<TextExample> all = new ArrayList<>();
            for (Part part : Part.values()) {
                for (TextExample example : read(MailSample.part(part))) {
                    all.add(TextExample.of(all.size() + 1L, example.text(), example.label()));
                }
            }
            return all.stream();
        }
    }

    @Test
    void holdsTheMailsThatItsOriginTells() throws IOException {
        assertEquals(Map.of("ham", 971L, "spam", 719L), labels(MailSample.train()));
        assertEquals(Map.of("ham", 149L, "spam", 103L), labels(MailSample.validation()));
        assertEquals(Map.of("ham", 283L, "spam", 180L), labels(MailSample.test()));
        String origin;
        try (InputStream in = MailSample.class.getResourceAsStream("ORIGIN.md")) {
            origin = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertTrue(origin.contains(MailSampleBuilder.PACKAGE_SHA_256));
        for (Part part : Part.values()) {
            try (InputStream in = MailSample.class.getResourceAsStream(MailSample.fileName(part))) {
                assertTrue(origin.contains(DataHash.sha256(in)), part.name());
            }
        }
    }

    @Test
    void noMailIsInItTwiceNotEvenNearly() {
        assertEquals(List.of(), Duplicates.exact(new Everything()).found());
        assertEquals(
                List.of(), Duplicates.near(new Everything(), MailSampleBuilder.SIMILARITY).found());
    }

    @Test
    void everyMailIsInThePartThatItsHashNames() {
        ContentHashSplit split = new ContentHashSplit(new SplitFractions(0.7, 0.1, 0.2));
        for (Part part : Part.values()) {
            for (TextExample example : read(MailSample.part(part))) {
                assertEquals(part, split.part(example));
            }
        }
    }

    @Test
    void noHeaderAddressOrLinkIsLeft() {
        for (TextExample example : read(new Everything())) {
            String text = example.text();
            assertFalse(HEADER.matcher(text).find(), text);
            assertFalse(text.contains("@") && text.matches("(?s).*\\w@\\w+\\.\\w.*"), text);
            assertFalse(text.toLowerCase(Locale.ROOT).contains("http://"), text);
            assertTrue(text.length() <= MailSampleBuilder.MOST_CHARACTERS);
        }
    }

    @Test
    void labelsHaveFixedIds() {
        assertEquals(0, MailSample.labels().id("ham"));
        assertEquals(1, MailSample.labels().id("spam"));
    }

    @Test
    void theFirstMailsHoldBothLabels() {
        assertEquals(2, labels(MailSample.train().first(20)).size());
    }
}
