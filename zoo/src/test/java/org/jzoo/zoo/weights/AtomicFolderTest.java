package org.jzoo.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {

    @TempDir Path parent;

    @Test
    void aFolderAppearsWholeWithItsChecksums() throws Exception {
        Path folder = parent.resolve("a/b/model");
        write(folder, "new");
        assertEquals("new", Files.readString(folder.resolve("config.json")));
        Checksums.verify(folder);
        assertEquals(List.of("model"), children(folder.getParent()));
    }

    @Test
    void aFolderIsReplacedWithoutALeftover() throws Exception {
        Path folder = parent.resolve("model");
        write(folder, "old");
        Files.writeString(folder.resolve("extra"), "x");
        write(folder, "new");
        assertEquals("new", Files.readString(folder.resolve("config.json")));
        assertFalse(Files.exists(folder.resolve("extra")));
        Checksums.verify(folder);
        assertEquals(List.of("model"), children(parent));
    }

    @Test
    void aFailureLeavesTheOldFolder() throws Exception {
        Path folder = parent.resolve("model");
        write(folder, "old");
        assertThrows(
                IOException.class,
                () ->
                        AtomicFolder.write(
                                folder,
                                fresh -> {
                                    Files.writeString(fresh.resolve("config.json"), "new");
                                    throw new IOException("No space left on device");
                                }));
        assertEquals("old", Files.readString(folder.resolve("config.json")));
        Checksums.verify(folder);
        assertEquals(List.of("model"), children(parent));
    }

    @Test
    void theOldFolderStaysInPlaceUntilTheNewOneIsComplete() throws Exception {
        Path folder = parent.resolve("model");
        write(folder, "old");
        AtomicFolder.write(
                folder,
                fresh -> {
                    Files.writeString(fresh.resolve("config.json"), "new");
                    assertEquals("old", Files.readString(folder.resolve("config.json")));
                });
        assertEquals("new", Files.readString(folder.resolve("config.json")));
    }

    @Test
    void aKillBetweenTheTwoMovesIsRecoveredFrom() throws Exception {
        Path folder = parent.resolve("model");
        write(folder, "old");
        Files.move(folder, parent.resolve(".model.previous"));
        Files.createDirectory(parent.resolve(".model.partial"));
        assertEquals(folder, AtomicFolder.recover(folder));
        assertEquals("old", Files.readString(folder.resolve("config.json")));
        Checksums.verify(folder);
        write(folder, "new");
        assertEquals(List.of("model"), children(parent));
    }

    @Test
    void aKillAfterTheTwoMovesKeepsTheNewFolder() throws Exception {
        Path folder = parent.resolve("model");
        write(folder, "old");
        Files.move(folder, parent.resolve(".model.previous"));
        write(parent.resolve("other"), "new");
        Files.move(parent.resolve("other"), folder);
        AtomicFolder.recover(folder);
        assertEquals("new", Files.readString(folder.resolve("config.json")));
        assertEquals(List.of("model"), children(parent));
    }

    @Test
    void aParentThatIsAFileIsReported() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "x");
        assertThrows(IOException.class, () -> write(file.resolve("model"), "new"));
        assertTrue(Files.isRegularFile(file));
    }

    private static void write(Path folder, String text) throws IOException {
        AtomicFolder.write(folder, fresh -> Files.writeString(fresh.resolve("config.json"), text));
    }

    private static List<String> children(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
