package org.jzoo.zoo.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Files that are there whole or not at all: written beside their place, forced to the disk, and
 * moved into it in one step. Whatever goes wrong before that step leaves the old file as it was.
 */
public final class AtomicFile {

    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {

        /** Writes everything to {@code channel}, which is at its beginning and stays open. */
        void writeTo(FileChannel channel) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes {@code file}, replacing what was there.
     *
     * @throws IOException if the folder cannot be written or the disk is full; the old file is then
     *     untouched and nothing else is left behind
     */
    public static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        Path temporary =
                target.resolveSibling("." + target.getFileName() + "." + randomName() + ".partial");
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            temporary,
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.READ)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(
                    temporary,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            forceFolder(target.getParent());
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Writes a text file in UTF-8, replacing what was there.
     *
     * @throws IOException as {@link #write}
     */
    public static void writeString(Path file, String text) throws IOException {
        write(
                file,
                channel -> {
                    java.nio.ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
    }

    // Makes a move durable. Systems that cannot open a folder (Windows) need no such step.
    static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The content is in place; only its survival of a power cut is less certain.
            return;
        }
    }

    static String randomName() {
        return Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    }
}
