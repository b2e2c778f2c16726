package org.jzoo.datasets.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSourceTest {

    @TempDir Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(folder.resolve("pos"));
        Files.createDirectories(folder.resolve("neg"));
        Files.createDirectories(folder.resolve(".hidden"));
        Files.writeString(folder.resolve("pos/2.txt"), "good\nfilm");
        Files.writeString(folder.resolve("pos/1.txt"), "\ufefffine");
        Files.writeString(folder.resolve("neg/9.txt"), "bad");
        Files.writeString(folder.resolve("neg/.DS_Store"), "x");
        Files.writeString(folder.resolve("README"), "x");
    }

    private List<TextExample> read(TextSource source) {
        try (Stream<TextExample> examples = source.stream()) {
            return examples.toList();
        }
    }

    @Test
    void labelsAndFilesComeInTheOrderOfTheirNames() {
        assertEquals(
                List.of(
                        TextExample.of(1, "bad", "neg"),
                        TextExample.of(2, "fine", "pos"),
                        TextExample.of(3, "good\nfilm", "pos")),
                read(FolderSource.of(folder)));
    }

    @Test
    void emptyAndMalformedFilesAreNamed() throws IOException {
        Path empty = Files.writeString(folder.resolve("pos/0.txt"), " \n");
        assertEquals(
                empty + " row 2: column text must not be empty, got \" \n\"",
                assertThrows(DataException.class, () -> read(FolderSource.of(folder)))
                        .getMessage());
        List<String> faults = new ArrayList<>();
        assertEquals(
                3,
                read(FolderSource.of(folder).skippingBadRows(e -> faults.add(e.source()))).size());
        assertEquals(List.of(empty.toString()), faults);
        Path latin = Files.write(folder.resolve("neg/0.txt"), new byte[] {'a', (byte) 0xE9});
        assertEquals(
                latin
                        + " row 1: text must be valid UTF-8, got byte E9 at offset 1, line 1; "
                        + "save the file as UTF-8",
                assertThrows(DataException.class, () -> read(FolderSource.of(folder)))
                        .getMessage());
    }

    @Test
    void aFolderWithoutLabelsIsRefused() throws IOException {
        assertEquals(
                folder.resolve("pos")
                        + ": must hold one subfolder a label, got 2 files and no subfolder",
                assertThrows(
                                DataException.class,
                                () -> read(FolderSource.of(folder.resolve("pos"))))
                        .getMessage());
        Path none = Files.createDirectories(folder.resolve("zero"));
        assertEquals(
                none + ": must hold a file, got none",
                assertThrows(DataException.class, () -> read(FolderSource.of(folder)))
                        .getMessage());
        assertEquals(
                folder.resolve("README") + ": must be a folder with one subfolder a label",
                assertThrows(
                                DataException.class,
                                () -> read(FolderSource.of(folder.resolve("README"))))
                        .getMessage());
    }
}
