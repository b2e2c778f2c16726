package org.jzoo.zoo.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jzoo.blocks.file.AtomicFile;

/**
 * Folders that are there whole or not at all: written into a sibling, given their {@link
 * Checksums}, forced to the disk, and moved into place.
 *
 * <p>No system call exchanges two folders everywhere, so replacing takes two moves: the old folder
 * steps aside, the new one takes its place. A process that is killed between them leaves the old
 * folder under its spare name; {@link #recover}, which every write and every load should begin
 * with, puts it back. One process at a time may write a folder.
 */
public final class AtomicFolder {

    /** Writes a folder's files. */
    @FunctionalInterface
    public interface Content {

        /** Writes everything into {@code folder}, which exists and is empty. */
        void writeTo(Path folder) throws IOException;
    }

    private AtomicFolder() {}

    /**
     * Writes a folder with its {@link Checksums}, replacing what was there.
     *
     * @throws IOException if a file cannot be written or the disk is full; the old folder is then
     *     untouched and nothing else is left behind
     */
    public static void write(Path folder, Content content) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        recover(target);
        Path fresh = sibling(target, "partial");
        Path spare = sibling(target, "previous");
        deleteTree(fresh);
        Files.createDirectories(target.getParent());
        try {
            Files.createDirectory(fresh);
            content.writeTo(fresh);
            Checksums.write(fresh);
            force(fresh);
            if (Files.exists(target)) {
                Files.move(target, spare, StandardCopyOption.ATOMIC_MOVE);
            }
            try {
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                recover(target);
                throw e;
            }
            AtomicFile.forceFolder(target.getParent());
        } finally {
            deleteTree(fresh);
        }
        deleteTree(spare);
    }

    /**
     * Puts right what a killed {@link #write} left: the old folder comes back if no new one had
     * taken its place, else it is removed.
     *
     * @return {@code folder}
     * @throws IOException if the old folder cannot be moved
     */
    public static Path recover(Path folder) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        Path spare = sibling(target, "previous");
        if (Files.exists(spare)) {
            if (Files.exists(target)) {
                deleteTree(spare);
            } else {
                Files.move(spare, target, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return folder;
    }

    private static Path sibling(Path target, String suffix) {
        return target.resolveSibling("." + target.getFileName() + "." + suffix);
    }

    private static void force(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.toList();
        }
        for (Path path : all) {
            if (Files.isDirectory(path)) {
                AtomicFile.forceFolder(path);
            } else {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException e)
                            throws IOException {
                        if (e != null) {
                            throw e;
                        }
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
