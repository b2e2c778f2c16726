package org.jzoo.datasets.factbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.datasets.document.DocumentQuestion;
import org.jzoo.datasets.document.DocumentStatistics;
import org.jzoo.datasets.label.LabelledText;
import org.jzoo.datasets.longtext.LongExample;
import org.jzoo.datasets.text.DataException;

class FactbookTest {

    private static final String LAND =
            """
            {"Geography": {"Area": {"total": {"text": "338,145 sq km"}, "map": {"text": null}},
              "Seas": {"text": "two (one; another)"},
              "Climate": {"text": "cold temperate; mild"}},
             "Government": {"Country name": {"conventional long form": {"text": "Republic of X"},
              "conventional short form": {"text": "%s"}}},
             "Economy": {"GDP": {"text": " ++ $221 billion (2014 est.) ++ $220 billion (2013 est.)",
              "note": {"text": "NA"}}, "Extra %s": {"text": "5"}}}\
            """;

    @TempDir Path folder;

    private void write(String id, String name) throws IOException {
        Path region = Files.createDirectories(folder.resolve("europe"));
        Files.writeString(region.resolve(id + ".json"), LAND.formatted(name, id));
    }

    @Test
    void everyTextIsAField() throws IOException {
        write("xx", "Xland");
        Files.writeString(folder.resolve("europe/sea.json"), "{\"Geography\": {}}");
        Files.writeString(folder.resolve("package.json"), "not read");
        assertEquals(
                List.of(
                        new FactbookCountry(
                                "xx",
                                "Xland",
                                List.of(
                                        field("338,145 sq km", "Geography", "Area", "total"),
                                        field("two (one; another)", "Geography", "Seas"),
                                        field("cold temperate; mild", "Geography", "Climate"),
                                        field(
                                                "Republic of X",
                                                "Government",
                                                "Country name",
                                                "conventional long form"),
                                        field(
                                                "Xland",
                                                "Government",
                                                "Country name",
                                                "conventional short form"),
                                        field(
                                                "$221 billion (2014 est.); $220 billion (2013"
                                                        + " est.)",
                                                "Economy",
                                                "GDP"),
                                        field("NA", "Economy", "GDP", "note"),
                                        field("5", "Economy", "Extra xx")))),
                Factbook.read(folder));
    }

    private static FactbookField field(String text, String... path) {
        return new FactbookField(List.of(path), text);
    }

    @Test
    void questionsComeFromFieldsThatHalfOfTheCountriesHave() throws IOException {
        write("aa", "A");
        write("bb", "none");
        write("cc", "C");
        FactbookQuestions questions = new FactbookQuestions(Factbook.read(folder));
        List<LongExample> all = new ArrayList<>(questions.train());
        all.addAll(questions.test());
        List<LongExample> ofA =
                all.stream().filter(example -> example.text().startsWith("A\n")).toList();
        assertEquals(
                List.of(
                        "What is the area (total) of A?",
                        "What is the climate of A?",
                        "What is the GDP of A?"),
                ofA.stream().map(LongExample::question).toList());
        assertEquals(
                List.of("338,145 sq km", "cold temperate", "$221 billion"),
                ofA.stream().map(LongExample::answer).toList());
        assertEquals(
                List.of(
                        "Area (total): 338,145 sq km",
                        "Climate: cold temperate; mild",
                        "GDP: $221 billion (2014 est.); $220 billion (2013 est.)"),
                ofA.stream().map(example -> example.evidence().get(0).of(example.text())).toList());
        assertTrue(all.stream().anyMatch(e -> e.question().endsWith(" of Republic of X?")));
        assertEquals(
                """
                A

                Geography
                Area (total): 338,145 sq km
                Seas: two (one; another)
                Climate: cold temperate; mild

                Government
                Country name (conventional long form): Republic of X
                Country name (conventional short form): A

                Economy
                GDP: $221 billion (2014 est.); $220 billion (2013 est.)
                GDP (note): NA
                Extra aa: 5
                """,
                ofA.get(0).text());
    }

    @Test
    void answersStandAtTheirPlaces() throws IOException {
        write("aa", "total: A");
        write("bb", "B");
        write("cc", "C");
        FactbookQuestions questions = new FactbookQuestions(Factbook.read(folder));
        List<DocumentQuestion> all = new ArrayList<>(questions.trainSpans());
        all.addAll(questions.testSpans());
        assertEquals(9, all.size());
        for (DocumentQuestion question : all) {
            int place = question.answer().start();
            assertEquals(": ", question.text().substring(place - 2, place));
            assertTrue(question.evidence().get(0).start() < place);
        }
        assertEquals(
                List.of("338,145 sq km", "cold temperate", "$221 billion"),
                all.stream()
                        .filter(q -> q.document().equals("C"))
                        .map(DocumentQuestion::answerText)
                        .toList());
    }

    @Test
    void trainingAndTestCountriesAreApart() throws IOException {
        for (char c = 'a'; c <= 'z'; c++) {
            write("x" + c, "Land" + c);
        }
        FactbookQuestions questions = new FactbookQuestions(Factbook.read(folder));
        Set<String> train = new HashSet<>();
        questions.train().forEach(example -> train.add(example.text()));
        Set<String> test = new HashSet<>();
        questions.test().forEach(example -> test.add(example.text()));
        assertEquals(26, train.size() + test.size());
        assertTrue(test.size() >= 2 && test.size() <= 9, "got " + test.size());
        test.retainAll(train);
        assertEquals(Set.of(), test);
    }

    @Test
    void valuesAreLabelledByTheirKinds() {
        FactbookCountry country =
                new FactbookCountry(
                        "xx",
                        "Xland",
                        List.of(
                                field("5 sq km", "Geography", "Area", "total"),
                                field("4 sq km", "Geography", "Area", "land"),
                                field("0 km (landlocked); note", "Geography", "Coastline"),
                                field("NA (2014)", "People and Society", "Population"),
                                field("Y", "Government", "Capital", "name"),
                                field(
                                        "euros (EUR) per US dollar -; 1",
                                        "Economy",
                                        "Exchange rates"),
                                field("12.1% (2014); 9%", "Economy", "Unemployment rate")));
        FactbookCountry other =
                new FactbookCountry(
                        "yy",
                        "Yland",
                        List.of(field("the US dollar is used", "Economy", "Exchange rates")));
        FactbookLabels labels = new FactbookLabels(List.of(country, other));
        List<LabelledText> all = new ArrayList<>(labels.train().texts());
        all.addAll(labels.test().texts());
        all.sort(Comparator.comparing(LabelledText::name));
        assertEquals(
                List.of(
                        "AREA 5 sq km",
                        "COAST 0 km",
                        "CAPITAL Y",
                        "CURRENCY euros",
                        "UNEMPLOYMENT 12.1%"),
                all.get(0).spans().stream()
                        .map(s -> s.label() + " " + all.get(0).text().substring(s.start(), s.end()))
                        .toList());
        assertEquals(List.of(), all.get(1).spans());
        assertTrue(all.get(0).text().startsWith("Xland\n\nGeography\nArea (total): 5 sq km\n"));
    }

    @Test
    void faultsNameTheFile() throws IOException {
        Path broken = Files.createDirectories(folder.resolve("asia")).resolve("yy.json");
        Files.writeString(broken, "{");
        assertTrue(
                assertThrows(DataException.class, () -> Factbook.read(folder))
                        .getMessage()
                        .startsWith(broken + ": must be a JSON object, got "));
        assertEquals(
                "path must not be empty, got path=[]",
                assertThrows(IllegalArgumentException.class, () -> field("x")).getMessage());
    }

    @Test
    void aFolderWithoutCountriesIsRefused() throws IOException {
        Files.writeString(folder.resolve("xx.json"), LAND.formatted("X", "x"));
        for (Path wrong : List.of(folder, folder.resolve("xx.json"))) {
            assertEquals(
                    wrong + ": must hold folders of regions with .json files, got none",
                    assertThrows(DataException.class, () -> Factbook.read(wrong)).getMessage());
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "JZOO_FLAGS",
            matches = ".+",
            disabledReason = "JZOO_FLAGS names no folder of the flags and the Factbook")
    void theRealFactbookGivesThousandsOfQuestions() {
        List<FactbookCountry> countries =
                Factbook.read(Path.of(System.getenv("JZOO_FLAGS")).resolve("factbook"));
        assertTrue(countries.size() > 240, "got " + countries.size());
        FactbookQuestions questions = new FactbookQuestions(countries);
        List<LongExample> train = questions.train();
        List<LongExample> test = questions.test();
        assertTrue(train.size() > 15_000, "got " + train.size());
        assertTrue(test.size() > 3_000, "got " + test.size());
        DocumentStatistics statistics = DocumentStatistics.of(questions.testSpans());
        assertTrue(statistics.medianWords() > 2_000, statistics::toString);
        assertTrue(statistics.medianPosition() > 1_000, statistics::toString);
        for (LongExample example : test) {
            String line = example.evidence().get(0).of(example.text());
            assertTrue(line.contains(": " + example.answer()), line);
        }
    }
}
