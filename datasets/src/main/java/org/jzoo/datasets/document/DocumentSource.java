package org.jzoo.datasets.document;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/**
 * Labelled texts some of which lie in files of their own: where a row's text names a file of text
 * or PDF ({@code reports/a.pdf}, seen from {@code folder}), the file's text takes its place.
 */
public final class DocumentSource implements TextSource {

    private final TextSource rows;
    private final Path folder;
    private final DocumentOpener opener;

    /** Rows whose texts may name files. */
    public DocumentSource(TextSource rows, Path folder, DocumentOpener opener) {
        this.rows = rows;
        this.folder = folder;
        this.opener = opener;
    }

    /** The files of text or PDF in a folder with a subfolder for each label. */
    public static DocumentSource folder(Path folder, DocumentOpener opener) {
        return new DocumentSource(new DocumentFolder(folder), folder, opener);
    }

    @Override
    public String name() {
        return rows.name();
    }

    @Override
    public TargetKind target() {
        return rows.target();
    }

    @Override
    public Stream<TextExample> stream() {
        return rows.stream().map(this::resolve);
    }

    private TextExample resolve(TextExample row) {
        try {
            // One by one: the documents together may not fit in memory.
            String text = new NamedDocuments(folder, opener).text(row.text());
            if (text.isBlank()) {
                throw new DataException(row.text(), "must hold text, got none");
            }
            return new TextExample(row.row(), text, row.pair(), row.label());
        } catch (DataException e) {
            throw new DataException(name(), row.row(), 0, e.getMessage());
        }
    }
}
