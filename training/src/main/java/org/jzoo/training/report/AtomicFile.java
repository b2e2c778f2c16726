package org.jzoo.training.report;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Writes a whole file or nothing: the bytes go to a new file in the same folder, which then takes
 * the place of the target. A reader, or a crash at any moment, sees the old file or the new one.
 */
public final class AtomicFile {

    private AtomicFile() {}

    /**
     * Replaces {@code target}; missing folders are created.
     *
     * @throws IOException if the bytes cannot be written; {@code target} is then as before
     */
    public static void write(Path target, byte[] content) throws IOException {
        Path whole = target.toAbsolutePath();
        Files.createDirectories(whole.getParent());
        Path draft = whole.resolveSibling("." + whole.getFileName() + "." + UUID.randomUUID());
        try {
            // Not a channel: an interrupted thread, such as one that saves on Ctrl-C, could not
            // write.
            try (FileOutputStream stream = new FileOutputStream(draft.toFile())) {
                stream.write(content);
                stream.getFD().sync();
            }
            move(draft, whole);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Replaces {@code target} by this text in UTF-8. */
    public static void write(Path target, String content) throws IOException {
        write(target, content.getBytes(StandardCharsets.UTF_8));
    }

    private static void move(Path draft, Path target) throws IOException {
        try {
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
