package org.jzoo.datasets.factbook;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jzoo.datasets.label.LabelledSpan;
import org.jzoo.datasets.label.LabelledText;
import org.jzoo.datasets.label.LabelledTexts;
import org.jzoo.datasets.longtext.Span;

/**
 * Countries as documents (those of {@link FactbookQuestions}) in which the values of some fields
 * are labelled by their kind: the capital, the population, the coastline ... A value is what stands
 * before the first semicolon or bracket, of an exchange rate the currency. Test countries are those
 * of {@link FactbookQuestions#isTest}.
 */
public final class FactbookLabels {

    private static final String NAME = "World Factbook";
    private static final Pattern VALUE = Pattern.compile("(.+?)(?=;| \\(| per US dollar|$)");
    private static final String CURRENCY = "CURRENCY";

    private static final Map<String, List<String>> KINDS =
            Map.ofEntries(
                    Map.entry("AIRPORTS", List.of("Transportation", "Airports")),
                    Map.entry("AREA", List.of("Geography", "Area", "total")),
                    Map.entry("CAPITAL", List.of("Government", "Capital", "name")),
                    Map.entry("CHIEF", List.of("Government", "Executive branch", "chief of state")),
                    Map.entry("COAST", List.of("Geography", "Coastline")),
                    Map.entry(CURRENCY, List.of("Economy", "Exchange rates")),
                    Map.entry("ELECTRICITY", List.of("Energy", "Electricity - production")),
                    Map.entry("EXPORTS", List.of("Economy", "Exports")),
                    Map.entry("GDP", List.of("Economy", "GDP (purchasing power parity)")),
                    Map.entry("GOVERNMENT", List.of("Government", "Government type")),
                    Map.entry("INDEPENDENCE", List.of("Government", "Independence")),
                    Map.entry("INTERNET", List.of("Communications", "Internet country code")),
                    Map.entry(
                            "LIFE",
                            List.of(
                                    "People and Society",
                                    "Life expectancy at birth",
                                    "total population")),
                    Map.entry("PEAK", List.of("Geography", "Elevation extremes", "highest point")),
                    Map.entry("POPULATION", List.of("People and Society", "Population")),
                    Map.entry("ROADS", List.of("Transportation", "Roadways", "total")),
                    Map.entry("UNEMPLOYMENT", List.of("Economy", "Unemployment rate")));

    private final List<FactbookCountry> countries;

    /** Documents about these countries. */
    public FactbookLabels(List<FactbookCountry> countries) {
        this.countries = List.copyOf(countries);
    }

    /** The documents of four fifths of the countries. */
    public LabelledTexts train() {
        return texts(false);
    }

    /** The documents of the other countries. */
    public LabelledTexts test() {
        return texts(true);
    }

    private LabelledTexts texts(boolean test) {
        return new LabelledTexts(
                NAME,
                "",
                countries.stream()
                        .filter(country -> FactbookQuestions.isTest(country) == test)
                        .map(FactbookLabels::text)
                        .toList());
    }

    private static LabelledText text(FactbookCountry country) {
        FactbookPage page = FactbookPage.of(country);
        List<LabelledSpan> spans = new ArrayList<>();
        KINDS.forEach(
                (kind, path) -> {
                    for (int i = 0; i < country.fields().size(); i++) {
                        if (country.fields().get(i).path().equals(path)) {
                            add(kind, page.value(i), page.text(), spans);
                        }
                    }
                });
        return new LabelledText(country.name(), page.text(), spans);
    }

    private static void add(String kind, Span value, String text, List<LabelledSpan> spans) {
        String words = value.of(text);
        Matcher first = VALUE.matcher(words);
        boolean currency = kind.equals(CURRENCY);
        if (first.lookingAt()
                && !FactbookField.saysNothing(first.group())
                && (!currency || words.contains(" per US dollar"))) {
            spans.add(new LabelledSpan(value.start(), value.start() + first.end(), kind));
        }
    }
}
