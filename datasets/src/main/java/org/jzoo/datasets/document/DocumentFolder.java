package org.jzoo.datasets.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/**
 * The files of text or PDF in a folder with a subfolder for each label, by name: rows that a {@link
 * DocumentSource} reads.
 *
 * @param folder that holds the labels' folders
 */
record DocumentFolder(Path folder) implements TextSource {

    @Override
    public String name() {
        return folder.toString();
    }

    @Override
    public TargetKind target() {
        return TargetKind.CLASS;
    }

    @Override
    public Stream<TextExample> stream() {
        List<Path> files = files();
        if (files.isEmpty()) {
            throw new DataException(
                    name(), "must hold a folder for each label with .txt, .md or .pdf files");
        }
        return IntStream.range(0, files.size())
                .mapToObj(
                        i ->
                                TextExample.of(
                                        i + 1L,
                                        files.get(i).toString(),
                                        files.get(i).getName(0).toString()));
    }

    private List<Path> files() {
        try (Stream<Path> found = Files.walk(folder, 2)) {
            return found.map(folder::relativize)
                    .filter(file -> file.getNameCount() == 2)
                    .filter(file -> NamedDocuments.name(file.toString()) != null)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
