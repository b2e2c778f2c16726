package org.jzoo.examples.length;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.speech.Speech;
import org.jzoo.datasets.speech.UnionSpeeches;
import org.jzoo.examples.character.Characters;

/**
 * The text of the comparison as characters: speeches of the years that end in 5 are held out, and
 * the last tenth of every book.
 *
 * @param train all else, one after another
 * @param heldOut the speeches, then the books if there are any
 * @param hash SHA-256 of the sources
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of text: equality is never asked for.
public record LengthText(long[] train, List<HeldOut> heldOut, String hash) {

    /** What tables call the speeches. */
    public static final String SPEECHES = "speeches";

    private static final int TENTHS = 10;

    /** Reads the speeches; see {@link UnionSpeeches}. */
    public static LengthText read(Path path) throws IOException {
        return of(UnionSpeeches.read(path), DataHash.sha256(UnionSpeeches.locate(path)));
    }

    /** Splits speeches. */
    static LengthText of(List<Speech> speeches, String hash) {
        LongStream.Builder train = LongStream.builder();
        List<long[]> heldOut = new ArrayList<>();
        for (Speech speech : speeches) {
            long[] symbols = Characters.encode(speech.text() + "\n");
            if (speech.year() % 10 == 5) {
                heldOut.add(symbols);
            } else {
                LongStream.of(symbols).forEach(train);
            }
        }
        return new LengthText(
                train.build().toArray(), List.of(new HeldOut(SPEECHES, heldOut)), hash);
    }

    /**
     * This text and books, whose broken lines are joined.
     *
     * @param path a {@code .txt} file, or a folder of them, each a book in UTF-8
     * @throws IllegalArgumentException if there is none
     */
    public LengthText withBooks(Path path) throws IOException {
        LongStream.Builder all = LongStream.builder();
        LongStream.of(train).forEach(all);
        List<long[]> ends = new ArrayList<>();
        List<Path> files = books(path);
        for (Path file : files) {
            String lines = Files.readString(file).replace("\r\n", "\n");
            long[] symbols = Characters.encode(lines.replaceAll("(?<!\n)\n(?!\n)", " "));
            int end = (int) ((TENTHS - 1L) * symbols.length / TENTHS);
            Arrays.stream(symbols, 0, end).forEach(all);
            ends.add(Arrays.copyOfRange(symbols, end, symbols.length));
        }
        List<HeldOut> texts = new ArrayList<>(heldOut);
        texts.add(new HeldOut("books", ends));
        return new LengthText(
                all.build().toArray(), texts, DataHash.sha256(hash + DataHash.sha256(files)));
    }

    private static List<Path> books(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            List<Path> books =
                    files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
            if (books.isEmpty()) {
                throw new IllegalArgumentException(
                        "books must be a .txt file or a folder of them, got " + path);
            }
            return books;
        }
    }
}
