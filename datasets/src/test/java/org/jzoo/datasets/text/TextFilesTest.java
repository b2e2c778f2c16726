package org.jzoo.datasets.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFilesTest {

    private static final TextColumns COLUMNS = TextColumns.of("text", "label");

    @TempDir Path folder;

    @Test
    void theNameDecidesTheFormat() throws IOException {
        Files.writeString(folder.resolve("a.csv"), "text,label\nx,1\n");
        Files.writeString(folder.resolve("a.TSV"), "text\tlabel\n\"x\"\t1\n");
        Files.writeString(folder.resolve("a.jsonl"), "{\"text\":\"x\",\"label\":1}\n");
        Files.writeString(folder.resolve("a.ndjson"), "{\"text\":\"x\",\"label\":1}\n");
        try (GZIPOutputStream out =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("a.csv.gz")))) {
            out.write("text,label\nx,1\n".getBytes(StandardCharsets.UTF_8));
        }
        Files.createDirectories(folder.resolve("a/1"));
        Files.writeString(folder.resolve("a/1/x.txt"), "x");
        for (String name : List.of("a.csv", "a.TSV", "a.jsonl", "a.ndjson", "a.csv.gz", "a")) {
            try (var examples = TextFiles.open(folder.resolve(name), COLUMNS).stream()) {
                assertEquals(List.of(TextExample.of(1, "x", "1")), examples.toList(), name);
            }
        }
    }

    @Test
    void aMissingFileIsNamedWithOneThatIsLikeIt() throws IOException {
        Files.writeString(folder.resolve("train.csv"), "text,label\nx,1\n");
        assertEquals(
                folder.resolve("trian.csv")
                        + ": must exist, got no such file; did you mean \"train.csv\"?",
                assertThrows(
                                DataException.class,
                                () -> TextFiles.open(folder.resolve("trian.csv"), COLUMNS))
                        .getMessage());
    }

    @Test
    void anUnknownKindIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("a.xlsx"), "x");
        assertEquals(
                file
                        + ": must be .csv, .tsv, .jsonl or .ndjson (also .gz), or a folder, "
                        + "got name=a.xlsx",
                assertThrows(DataException.class, () -> TextFiles.open(file, COLUMNS))
                        .getMessage());
    }

    @Test
    void badRowsGoWhereTheCallerSays() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "text,label\n,1\nx,1\n");
        List<Long> faults = new ArrayList<>();
        assertEquals(1, TextFiles.open(file, COLUMNS, e -> faults.add(e.row())).count());
        assertEquals(List.of(1L), faults);
    }
}
