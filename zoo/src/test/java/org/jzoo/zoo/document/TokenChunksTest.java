package org.jzoo.zoo.document;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.TokenizedText;

class TokenChunksTest {

    private static final int SIZE = 37;
    private static final int PIECE = 300;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/all-minilm-l6-v2-tokenizer.json",
                "/bge-small-zh-v1.5-tokenizer.json",
                "byte level"
            })
    void chunkedTokensAreThoseOfTheWholeSpeech(String name) throws IOException {
        String text = speech() + " Grüße, naïve 😀😀 señor; 漢字もある。";
        try (TextTokenizer tokenizer = tokenizer(name)) {
            TokenizedText whole = tokenizer.encodePlain(text);
            TokenizedText chunked = join(chunks(text, TextTokens.of(tokenizer)));
            assertArrayEquals(whole.ids(), chunked.ids());
            assertArrayEquals(whole.starts(), chunked.starts());
            assertArrayEquals(whole.ends(), chunked.ends());
            assertTrue(whole.ids().length > 7_000);
        }
    }

    @Test
    void everyTokensTextStandsInItsChunk() throws IOException {
        String text = "One😀 two.\fThree four; " + "five six seven. ".repeat(100);
        for (TokenChunk chunk : chunks(text, words())) {
            assertTrue(chunk.length() <= SIZE);
            for (int t = 0; t < chunk.length(); t++) {
                assertEquals(
                        text.substring((int) chunk.starts()[t], (int) chunk.ends()[t]),
                        chunk.text(chunk.starts()[t], chunk.ends()[t]));
            }
        }
        TokenChunk first = chunks(text, words()).get(0);
        assertEquals(1, first.page(text.indexOf("two")));
        assertEquals(2, first.page(text.indexOf("Three")));
        assertEquals(2, chunks(text, words()).get(1).page());
    }

    @Test
    void goesOnFromEveryPositionWithTheSameChunks() throws IOException {
        String text = "\fone two   three \n four. ".repeat(150) + "   \n".repeat(300) + "the end ";
        List<TokenChunk> all = chunks(text, words());
        List<ReadingPosition> positions = new ArrayList<>();
        ReadingReport whole;
        try (TokenChunks chunks = builder(text, words()).build()) {
            positions.add(chunks.position());
            while (chunks.hasNext()) {
                chunks.next();
                positions.add(chunks.position());
            }
            whole = chunks.report();
        }
        assertTrue(all.size() > 12);
        for (int from = 0; from <= all.size(); from++) {
            List<TokenChunk> rest = new ArrayList<>();
            try (TokenChunks chunks =
                    builder(text, words()).optPosition(positions.get(from)).build()) {
                chunks.forEachRemaining(rest::add);
                assertEquals(whole, chunks.report());
            }
            assertEquals(describe(all.subList(from, all.size())), describe(rest));
        }
    }

    @Test
    void tellsProgressAndStopsWhenCancelled() throws IOException {
        List<Long> told = new ArrayList<>();
        AtomicBoolean cancelled = new AtomicBoolean();
        String text = "word ".repeat(1_000);
        try (TokenChunks chunks =
                builder(text, words())
                        .optProgress((n, tokens, characters) -> told.add(tokens))
                        .optCancelled(cancelled::get)
                        .build()) {
            chunks.next();
            chunks.next();
            cancelled.set(true);
            ReadingCancelledException e =
                    assertThrows(
                            ReadingCancelledException.class,
                            () -> chunks.forEachRemaining(c -> {}));
            assertEquals("reading of text was cancelled after 2 chunks", e.getMessage());
            assertEquals(2, e.position().chunks());
            assertEquals(List.of(37L, 74L), told);
        }
    }

    @Test
    void stopsWhenTheThreadIsInterrupted() throws IOException {
        try (TokenChunks chunks = builder("word ".repeat(1_000), words()).build()) {
            Thread.currentThread().interrupt();
            assertThrows(ReadingCancelledException.class, chunks::hasNext);
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void aBlankTextHasNoChunks() throws IOException {
        assertEquals(List.of(), chunks("", words()));
        assertEquals(List.of(), chunks(" \n\t ".repeat(1_000), words()));
    }

    @Test
    void aReaderIsReadOnce() throws IOException {
        LongText text = LongText.of(new StringReader("once"));
        text.open();
        assertEquals(
                "a reader can be read once, got a second reading; use a file or an opener",
                assertThrows(IllegalStateException.class, text::open).getMessage());
    }

    @Test
    void byteTokensShareTheOffsetsOfTheirCharacter() throws IOException {
        TokenizedText tokens = TextTokens.bytes(3).of("aé😀");
        assertArrayEquals(new long[] {100, 198, 172, 243, 162, 155, 131}, tokens.ids());
        assertArrayEquals(new int[] {0, 1, 1, 2, 2, 2, 2}, tokens.starts());
        assertArrayEquals(new int[] {1, 2, 2, 4, 4, 4, 4}, tokens.ends());
        TokenizedText chunked = join(chunks("é漢😀 ".repeat(200), TextTokens.bytes(0)));
        byte[] bytes = "é漢😀 ".repeat(200).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            assertEquals(bytes[i] & 0xFF, chunked.ids()[i]);
        }
    }

    /** 200 MB in one line: the JVM's heap in use must not grow with it. */
    @Test
    void readsALineOfAnyLengthInBoundedMemory() throws IOException {
        long megabytes = 200;
        String block = "0123456789abcdef".repeat(512);
        InputStream line = new Repeated(block.getBytes(StandardCharsets.UTF_8), megabytes << 7);
        long[] most = new long[1];
        long characters = 0;
        long tokens = 0;
        long before = used();
        // A token a piece, as vocabularies have one for a word that is too long.
        TextTokens word =
                piece ->
                        new TokenizedText(
                                new long[] {1},
                                new long[1],
                                new int[] {0},
                                new int[] {piece.length()},
                                1);
        try (TokenChunks chunks =
                TokenChunks.builder()
                        .setSource(LongText.of(line))
                        .setTokens(word)
                        .setSize(512)
                        .build()) {
            while (chunks.hasNext()) {
                TokenChunk chunk = chunks.next();
                assertEquals(characters, chunk.start());
                characters = chunk.end();
                tokens += chunk.length();
                if (chunk.index() % 40 == 0) {
                    most[0] = Math.max(most[0], used());
                }
            }
            assertTrue(chunks.report().forcedCuts() > 25_000, chunks.report()::toString);
        }
        assertEquals(megabytes << 20, characters);
        assertTrue(tokens >= characters / TextPieces.LENGTH);
        long grown = most[0] - before;
        assertTrue(grown < 32 << 20, () -> "heap grew by " + (grown >> 20) + " MiB");
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** A block of bytes, again and again. */
    private static final class Repeated extends InputStream {

        private final byte[] block;
        private long left;
        private int at;

        Repeated(byte[] block, long times) {
            this.block = block;
            this.left = times;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            int count = Math.min(length, block.length - at);
            System.arraycopy(block, at, target, offset, count);
            at += count;
            if (at == block.length) {
                at = 0;
                left--;
            }
            return count;
        }
    }

    private static TokenChunks.Builder builder(String text, TextTokens tokens) {
        return TokenChunks.builder()
                .setSource(LongText.of(text))
                .setTokens(tokens)
                .setSize(SIZE)
                .optPieceLength(PIECE);
    }

    private static List<TokenChunk> chunks(String text, TextTokens tokens) throws IOException {
        List<TokenChunk> all = new ArrayList<>();
        try (TokenChunks chunks = builder(text, tokens).build()) {
            chunks.forEachRemaining(all::add);
        }
        return all;
    }

    private static List<String> describe(List<TokenChunk> chunks) {
        return chunks.stream()
                .map(
                        c ->
                                "%d %s %s %s %d %d [%s]"
                                        .formatted(
                                                c.index(),
                                                Arrays.toString(c.ids()),
                                                Arrays.toString(c.starts()),
                                                Arrays.toString(c.ends()),
                                                c.textStart(),
                                                c.page(),
                                                c.text()))
                .toList();
    }

    private static TokenizedText join(List<TokenChunk> chunks) {
        long[] ids = chunks.stream().flatMapToLong(c -> Arrays.stream(c.ids())).toArray();
        int[] starts =
                chunks.stream()
                        .flatMapToLong(c -> Arrays.stream(c.starts()))
                        .mapToInt(Math::toIntExact)
                        .toArray();
        int[] ends =
                chunks.stream()
                        .flatMapToLong(c -> Arrays.stream(c.ends()))
                        .mapToInt(Math::toIntExact)
                        .toArray();
        return new TokenizedText(ids, new long[ids.length], starts, ends, ids.length);
    }

    /** A token for each run of letters. */
    private static TextTokens words() {
        return piece -> {
            int[][] found =
                    Pattern.compile("\\p{L}+")
                            .matcher(piece)
                            .results()
                            .map(m -> new int[] {m.start(), m.end(), m.group().hashCode()})
                            .toArray(int[][]::new);
            return new TokenizedText(
                    Arrays.stream(found).mapToLong(f -> f[2]).toArray(),
                    new long[found.length],
                    Arrays.stream(found).mapToInt(f -> f[0]).toArray(),
                    Arrays.stream(found).mapToInt(f -> f[1]).toArray(),
                    found.length);
        };
    }

    private static String speech() throws IOException {
        try (InputStream in = TokenChunksTest.class.getResourceAsStream("/text/union-1861.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static TextTokenizer tokenizer(String name) throws IOException {
        if (name.equals("byte level")) {
            return TextTokenizer.of(byteLevel(), 64);
        }
        try (InputStream in = TokenChunksTest.class.getResourceAsStream(name)) {
            return TextTokenizer.of(in.readAllBytes(), 64);
        }
    }

    /** Byte-level pairs as GPT-2's, with a few merges. */
    private static byte[] byteLevel() {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        int extra = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b > 32 && b < 127) || (b > 160 && b != 173);
            vocabulary.put(Character.toString(printable ? b : extra++), b);
        }
        List<String> merges = List.of("Ġ t", "h e", "Ġt he", "i n", "e r", "Ġ a", "n d", ". Ġthe");
        merges.forEach(merge -> vocabulary.put(merge.replace(" ", ""), vocabulary.size()));
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("vocab", vocabulary);
        model.put("merges", merges);
        Map<String, Object> level =
                Map.of(
                        "type", "ByteLevel",
                        "add_prefix_space", false,
                        "trim_offsets", false,
                        "use_regex", true);
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("version", "1.0");
        file.put("added_tokens", List.of());
        file.put("pre_tokenizer", level);
        file.put("decoder", level);
        file.put("model", model);
        return new Gson().toJson(file).getBytes(StandardCharsets.UTF_8);
    }
}
