package org.jzoo.blocks.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir Path folder;

    @Test
    void replacesTheWholeFileAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("new/sub/file.bin");
        AtomicFile.write(file, new byte[] {1, 2, 3, 4, 5});
        AtomicFile.write(file, new byte[] {9});
        assertArrayEquals(new byte[] {9}, Files.readAllBytes(file));
        assertEquals(List.of("file.bin"), names(file.getParent()));
    }

    @Test
    void aFailureLeavesTheTargetAndNoDraft() throws IOException {
        Path target = folder.resolve("taken");
        Files.createDirectories(target.resolve("child")); // a full folder cannot be replaced
        assertThrows(IOException.class, () -> AtomicFile.write(target, "text"));
        assertEquals(List.of("taken"), names(folder));
        assertEquals(List.of("child"), names(target));
    }

    @Test
    void anInterruptedThreadCanStillSave() throws IOException {
        Path file = folder.resolve("file");
        Thread.currentThread().interrupt();
        AtomicFile.write(file, "saved");
        assertTrue(Thread.interrupted()); // and is still interrupted
        assertEquals("saved", Files.readString(file));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
