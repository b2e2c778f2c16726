package org.jzoo.blocks.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Files that are there whole or not at all: written beside their place, forced to the disk, and
 * moved into it in one step. Whatever goes wrong before that step leaves the old file as it was; a
 * reader, or a crash at any moment, sees the old file or the new one.
 */
public final class AtomicFile {

    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {

        /** Writes everything to {@code channel}, which is at its beginning and stays open. */
        void writeTo(FileChannel channel) throws IOException;
    }

    @FunctionalInterface
    private interface Draft {
        void write(Path draft) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes {@code file}, replacing what was there. An interrupted thread fails.
     *
     * @throws IOException if the folder cannot be written or the disk is full; the old file is then
     *     untouched and nothing else is left behind
     */
    public static void write(Path file, Content content) throws IOException {
        replace(
                file,
                draft -> {
                    try (FileChannel channel =
                            FileChannel.open(
                                    draft,
                                    StandardOpenOption.CREATE_NEW,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.READ)) {
                        content.writeTo(channel);
                        channel.force(true);
                    }
                });
    }

    /**
     * Writes {@code file}, replacing what was there; missing folders are created. An interrupted
     * thread, such as one that saves on Ctrl-C, can do it too.
     *
     * @throws IOException as {@link #write(Path, Content)}
     */
    public static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        replace(
                file,
                draft -> {
                    // Not a channel: an interrupted thread could not write.
                    try (FileOutputStream stream = new FileOutputStream(draft.toFile())) {
                        stream.write(content);
                        stream.getFD().sync();
                    }
                });
    }

    /** Writes a text file in UTF-8; see {@link #write(Path, byte[])}. */
    public static void write(Path file, String content) throws IOException {
        write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    private static void replace(Path file, Draft content) throws IOException {
        Path target = file.toAbsolutePath();
        String name = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
        Path draft = target.resolveSibling("." + target.getFileName() + "." + name + ".partial");
        try {
            content.write(draft);
            move(draft, target);
            forceFolder(target.getParent());
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void move(Path draft, Path target) throws IOException {
        try {
            Files.move(
                    draft,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Makes moves in a folder durable. Systems that cannot open one (Windows) need no such step.
     */
    public static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The content is in place; only its survival of a power cut is less certain.
            return;
        }
    }
}
