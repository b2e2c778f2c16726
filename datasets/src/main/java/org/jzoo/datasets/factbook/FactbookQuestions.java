package org.jzoo.datasets.factbook;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.document.DocumentQuestion;
import org.jzoo.datasets.longtext.LongExample;
import org.jzoo.datasets.longtext.Span;

/**
 * Questions about countries, each with the country's whole document: {@code What is the median age
 * (male) of Finland?}
 *
 * <p>A document has a line for every field, under the section's name. Asked are the fields that at
 * least half of the countries have, where the answer has at most ten words; it is what stands
 * before the first semicolon, without a year in brackets at its end. The evidence is the field's
 * line. A fifth of the countries, chosen by a hash of their ids, are kept for testing.
 */
public final class FactbookQuestions {

    private static final int MAX_WORDS = 10;
    private static final Pattern YEAR =
            Pattern.compile("\\s*\\([^()]*\\b(19|20)\\d\\d\\b[^()]*\\)$");

    private final List<FactbookCountry> countries;
    private final Map<List<String>, Integer> counts = new HashMap<>();

    /** Questions about these countries. */
    public FactbookQuestions(List<FactbookCountry> countries) {
        this.countries = List.copyOf(countries);
        for (FactbookCountry country : countries) {
            country.fields().stream()
                    .map(FactbookField::path)
                    .distinct()
                    .forEach(path -> counts.merge(path, 1, Integer::sum));
        }
    }

    /** The questions about four fifths of the countries. */
    public List<LongExample> train() {
        return examples(trainSpans());
    }

    /** The questions about the other countries. */
    public List<LongExample> test() {
        return examples(testSpans());
    }

    /** {@link #train} with the place of each answer in its document. */
    public List<DocumentQuestion> trainSpans() {
        return questions(false);
    }

    /** {@link #test} with the place of each answer in its document. */
    public List<DocumentQuestion> testSpans() {
        return questions(true);
    }

    /** Whether a country is kept for testing. */
    public static boolean isTest(FactbookCountry country) {
        return Integer.parseInt(DataHash.sha256(country.id()).substring(0, 4), 16) % 5 == 0;
    }

    private static List<LongExample> examples(List<DocumentQuestion> questions) {
        return questions.stream()
                .map(q -> new LongExample(q.text(), q.question(), q.answerText(), q.evidence()))
                .toList();
    }

    private List<DocumentQuestion> questions(boolean test) {
        List<DocumentQuestion> questions = new ArrayList<>();
        for (FactbookCountry country : countries) {
            if (isTest(country) == test) {
                addQuestions(country, questions);
            }
        }
        return List.copyOf(questions);
    }

    private void addQuestions(FactbookCountry country, List<DocumentQuestion> questions) {
        FactbookPage page = FactbookPage.of(country);
        for (int i = 0; i < page.lines().size(); i++) {
            FactbookField field = country.fields().get(i);
            String answer = answer(field);
            if (answer != null) {
                String question =
                        "What is the %s of %s?"
                                .formatted(lowerCase(field.heading()), country.name());
                int start = page.value(i).start();
                questions.add(
                        new DocumentQuestion(
                                country.name(),
                                page.text(),
                                question,
                                new Span(start, start + answer.length()),
                                List.of(page.lines().get(i))));
            }
        }
    }

    /** The short answer, or null if this field is not asked about. */
    private String answer(FactbookField field) {
        boolean rare = 2 * counts.get(field.path()) < countries.size();
        if (rare || field.path().size() < 2 || field.path().get(1).equals("Country name")) {
            return null;
        }
        int semicolon = field.text().indexOf(';');
        String first = semicolon < 0 ? field.text() : field.text().substring(0, semicolon);
        String answer = YEAR.matcher(first.strip()).replaceFirst("").strip();
        boolean tooLong = answer.split(" ").length > MAX_WORDS;
        boolean cut = answer.lastIndexOf('(') > answer.lastIndexOf(')');
        return tooLong || cut || FactbookField.saysNothing(answer) ? null : answer;
    }

    /** {@code median age}, but {@code GDP}. */
    private static String lowerCase(String heading) {
        boolean acronym = heading.length() > 1 && Character.isUpperCase(heading.charAt(1));
        return acronym ? heading : Character.toLowerCase(heading.charAt(0)) + heading.substring(1);
    }
}
