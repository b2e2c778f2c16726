package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.jzoo.training.report.ReadmeTables;

/** What the READMEs show is what was measured. */
class PublishedResultsTest {

    private final Sources sources = new Sources();
    private final Path results = sources.root().resolve("results");

    @Test
    void tablesShowTheResultsFiles() throws IOException {
        for (Path document : List.of(sources.root().resolve("README.md"), readme())) {
            assertTrue(
                    ReadmeTables.isCurrent(document, results),
                    document + " is old: run ./jzoo readme");
        }
    }

    @Test
    void everyResultsFileIsShown() throws IOException {
        String text = Files.readString(readme());
        try (Stream<Path> files = Files.list(results)) {
            List<String> hidden =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".json"))
                            .map(name -> name.replace(".json", ""))
                            .filter(name -> !text.contains("<!-- jzoo:results " + name + " "))
                            .sorted()
                            .toList();
            assertEquals(List.of(), hidden, "results/README.md must show them");
        }
    }

    @Test
    void picturesExist() throws IOException {
        List<String> missing =
                Pattern.compile("!\\[[^\\]]*\\]\\(([^)]+)\\)")
                        .matcher(Files.readString(readme()))
                        .results()
                        .map(match -> match.group(1))
                        .filter(picture -> !Files.exists(results.resolve(picture)))
                        .toList();
        assertEquals(List.of(), missing);
    }

    private Path readme() {
        return results.resolve("README.md");
    }
}
