package org.jzoo.datasets.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
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

    private static final Pattern WORD = Pattern.compile("[a-z0-9$!>\\[\\]]+");

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
        assertEquals(Map.of("ham", 1415L, "spam", 719L), labels(MailSample.train()));
        assertEquals(Map.of("ham", 204L, "spam", 103L), labels(MailSample.validation()));
        assertEquals(Map.of("ham", 385L, "spam", 180L), labels(MailSample.test()));
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

    /** If counting words did it, a trace of the collection would still be in the texts. */
    @Test
    void countingWordsDoesNotTellHamFromSpam() {
        Map<String, Map<String, Integer>> mails = new HashMap<>();
        for (TextExample example : read(MailSample.train())) {
            Map<String, Integer> counts =
                    mails.computeIfAbsent(example.label(), label -> new HashMap<>());
            words(example).forEach(word -> counts.merge(word, 1, Integer::sum));
        }
        double ham = 1415;
        double spam = 719;
        Map<String, Integer> inHam = mails.get("ham");
        Map<String, Integer> inSpam = mails.get("spam");
        int right = 0;
        List<TextExample> test = read(MailSample.test());
        for (TextExample example : test) {
            double score = Math.log(spam / ham);
            for (String word : words(example)) {
                if (inHam.containsKey(word) || inSpam.containsKey(word)) {
                    score += Math.log((inSpam.getOrDefault(word, 0) + 0.5) / (spam + 1));
                    score -= Math.log((inHam.getOrDefault(word, 0) + 0.5) / (ham + 1));
                }
            }
            right += (score > 0 ? "spam" : "ham").equals(example.label()) ? 1 : 0;
        }
        assertEquals(0.938, (double) right / test.size(), 0.001);
    }

    private static Set<String> words(TextExample example) {
        Set<String> words = new TreeSet<>();
        Matcher matcher = WORD.matcher(example.text().toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }
}
