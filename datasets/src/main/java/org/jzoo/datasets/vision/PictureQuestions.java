package org.jzoo.datasets.vision;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.DelimitedFormat;
import org.jzoo.datasets.text.DelimitedSource;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/**
 * The user's own pictures and questions: a folder, and a CSV file with the columns {@code image},
 * {@code question} and {@code answer}, or others that are named. An image is a path below the
 * folder.
 *
 * <p>The file is read anew for each pass, a row at a time. Every picture must be in the folder and
 * begin as a picture does (PNG, JPEG, GIF, BMP); it is decoded by whoever uses it.
 */
public final class PictureQuestions {

    private final Path folder;
    private final Path csv;
    private final TextSource rows;

    private PictureQuestions(Path folder, Path csv, TextSource rows) {
        this.folder = folder;
        this.csv = csv;
        this.rows = rows;
    }

    /** Questions with answers. */
    public static PictureQuestions of(Path folder, Path csv) {
        return of(folder, csv, new TextColumns("question", "image", "answer", TargetKind.CLASS));
    }

    /** Questions alone; a column {@code answer} is neither needed nor read. */
    public static PictureQuestions withoutAnswers(Path folder, Path csv) {
        return of(folder, csv, new TextColumns("question", "image", null, TargetKind.NONE));
    }

    /**
     * Questions with answers, in columns of other names.
     *
     * @param image column of the picture's path below the folder
     * @param question column of the question
     * @param answer column of the answer
     */
    public static PictureQuestions of(
            Path folder, Path csv, String image, String question, String answer) {
        return of(folder, csv, new TextColumns(question, image, answer, TargetKind.CLASS));
    }

    /**
     * Captions in the place of questions, without answers.
     *
     * @param image column of the picture's path below the folder
     * @param caption column of the text about it
     */
    public static PictureQuestions captions(Path folder, Path csv, String image, String caption) {
        return of(folder, csv, new TextColumns(caption, image, null, TargetKind.NONE));
    }

    private static PictureQuestions of(Path folder, Path csv, TextColumns columns) {
        Objects.requireNonNull(folder, "folder");
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder.toString(), "must be a folder of pictures, got none");
        }
        if (!Files.isRegularFile(csv)) {
            throw new DataException(
                    csv.toString(),
                    "must be a CSV file with the columns image, question and answer, got no file");
        }
        return new PictureQuestions(
                folder, csv, DelimitedSource.of(csv, columns, DelimitedFormat.CSV));
    }

    /** The file of the questions. */
    public Path file() {
        return csv;
    }

    /**
     * Opens the file at its first row. The stream holds the file: close it, or read it to its end.
     *
     * @throws DataException from the stream's operations, on the first faulty row
     */
    public Stream<PictureQuestion> stream() {
        Set<Path> seen = new HashSet<>();
        return rows.stream().map(row -> question(row, seen));
    }

    /**
     * The answers that occur, as classes.
     *
     * @throws DataException if there is no row, only one answer, or over 1,000
     */
    public LabelSet answers() {
        return LabelSet.scan(rows);
    }

    private PictureQuestion question(TextExample row, Set<Path> seen) {
        String name = row.pair().strip();
        Path image;
        try {
            image = folder.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw fault(row, "image must be a path, got " + e.getMessage());
        }
        if (!image.startsWith(folder.normalize())) {
            throw fault(row, "image must lie below %s, got image=%s".formatted(folder, name));
        }
        if (seen.add(image)) {
            if (!Files.isRegularFile(image)) {
                throw fault(row, "image must exist, got no file " + image);
            }
            if (!PictureFile.isPicture(image)) {
                throw fault(row, "image must be a picture, got a file of another kind " + image);
            }
        }
        return new PictureQuestion(row.row(), image, row.text(), row.label());
    }

    private DataException fault(TextExample row, String problem) {
        return new DataException(rows.name(), row.row(), line(row.row()), problem);
    }

    /** The line on which a row starts: found by reading again, since only faults need it. */
    private long line(long row) {
        CSVFormat format = CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).build();
        try (Reader in = Files.newBufferedReader(csv);
                CSVParser parser = format.parse(in)) {
            Iterator<CSVRecord> records = parser.iterator();
            for (long i = 0; i < row && records.hasNext(); i++) {
                records.next();
            }
            return parser.getCurrentLineNumber() + 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
