package org.jzoo.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataHashTest {

    // FIPS 180-2, appendix B.1.
    private static final String ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir Path folder;

    @Test
    void aFilesHashIsThatOfItsBytes() throws IOException {
        assertEquals(ABC, DataHash.sha256(Files.writeString(folder.resolve("x"), "abc")));
        assertEquals(ABC, DataHash.sha256("abc"));
    }

    @Test
    void aFoldersHashIsThatOfItsListing() throws IOException {
        Files.createDirectories(folder.resolve("b"));
        Files.writeString(folder.resolve("b/x"), "abc");
        Files.writeString(folder.resolve("a"), "abc");
        String listing = ABC + "  a\n" + ABC + "  b/x\n";
        assertEquals(DataHash.sha256(listing), DataHash.sha256(folder));
        Files.move(folder.resolve("a"), folder.resolve("c"));
        assertNotEquals(DataHash.sha256(listing), DataHash.sha256(folder));
    }

    @Test
    void theHashOfSeveralFilesDependsOnTheirNamesAndOrder() throws IOException {
        Path one = Files.writeString(folder.resolve("one"), "abc");
        Path two = Files.writeString(folder.resolve("two"), "abc");
        assertEquals(
                DataHash.sha256(ABC + "  one\n" + ABC + "  two\n"),
                DataHash.sha256(List.of(one, two)));
        assertNotEquals(DataHash.sha256(List.of(one, two)), DataHash.sha256(List.of(two, one)));
    }
}
