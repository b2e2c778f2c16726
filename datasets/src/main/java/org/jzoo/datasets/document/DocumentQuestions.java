package org.jzoo.datasets.document;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jzoo.datasets.longtext.Span;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextFiles;

/**
 * Questions about documents from a file of rows (CSV, TSV or JSON Lines) with a question, an answer
 * and a document each. The document is written out, or named: {@code contracts/7.pdf}, seen from
 * the file's folder.
 *
 * @param questions those whose answers stand in their documents
 * @param unmatched what was wrong with the other rows, with their numbers
 */
public record DocumentQuestions(List<DocumentQuestion> questions, List<DataException> unmatched) {

    /** Copies the lists. */
    public DocumentQuestions {
        questions = List.copyOf(questions);
        unmatched = List.copyOf(unmatched);
    }

    /**
     * Reads a file.
     *
     * @param columns the document as text, the question as pair, the answer as label
     * @param opener reads the documents that are named
     * @throws DataException if the file cannot be read, or none of its answers is found
     */
    public static DocumentQuestions read(Path file, TextColumns columns, DocumentOpener opener) {
        List<DocumentQuestion> questions = new ArrayList<>();
        List<DataException> unmatched = new ArrayList<>();
        Path folder = file.toAbsolutePath().getParent();
        NamedDocuments documents = new NamedDocuments(folder, opener);
        try (Stream<TextExample> rows = TextFiles.open(file, columns, unmatched::add).stream()) {
            for (Iterator<TextExample> i = rows.iterator(); i.hasNext(); ) {
                TextExample row = i.next();
                try {
                    questions.add(question(row, documents));
                } catch (DataException e) {
                    unmatched.add(new DataException(file.toString(), row.row(), 0, e.getMessage()));
                }
            }
        }
        if (questions.isEmpty()) {
            String first = unmatched.isEmpty() ? "no rows" : unmatched.get(0).getMessage();
            throw new DataException(
                    file.toString(),
                    "must hold an answer that stands in its document, got none: " + first);
        }
        return new DocumentQuestions(questions, unmatched);
    }

    private static DocumentQuestion question(TextExample row, NamedDocuments documents) {
        String text = documents.text(row.text());
        String name = NamedDocuments.name(row.text());
        String document = name == null ? "row " + row.row() : name;
        Span answer = AnswerSpans.find(text, row.label());
        if (answer == null) {
            throw new DataException(
                    document, "must hold the answer \"%s\", got none in it".formatted(row.label()));
        }
        return new DocumentQuestion(document, text, row.pair(), answer, List.of());
    }
}
