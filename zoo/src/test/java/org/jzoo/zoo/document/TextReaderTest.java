package org.jzoo.zoo.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextReaderTest {

    private static final String TEXT = "naïve 漢字 😀 end";

    @ParameterizedTest
    @CsvSource({
        "UTF-8,'',UTF-8",
        "UTF-8,EFBBBF,UTF-8",
        "UTF-16LE,FFFE,UTF-16LE",
        "UTF-16BE,FEFF,UTF-16BE"
    })
    void findsTheEncodingByTheMarkAndLeavesTheMarkOut(String written, String mark, String found)
            throws IOException {
        TextReader reader = reader(concat(hex(mark), TEXT.getBytes(Charset.forName(written))));
        assertEquals(TEXT, all(reader));
        assertEquals(found, reader.encoding().name());
        assertEquals(0, reader.replaced());
        assertEquals(
                hex(mark).length + TEXT.getBytes(Charset.forName(written)).length, reader.bytes());
    }

    @Test
    void readsCharacterByCharacterAndByteByByte() throws IOException {
        InputStream slow =
                new FilterInputStream(
                        new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.UTF_8))) {
                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        return super.read(target, offset, Math.min(1, length));
                    }
                };
        TextReader reader = new TextReader(slow, "slow");
        StringBuilder text = new StringBuilder();
        for (int c; (c = reader.read()) >= 0; ) {
            text.append((char) c);
        }
        assertEquals(TEXT, text.toString());
    }

    @Test
    void fillsAnArrayFromTheMiddle() throws IOException {
        char[] target = new char[40];
        TextReader reader = reader(TEXT.getBytes(StandardCharsets.UTF_8));
        int count = reader.read(target, 7, 3);
        while (count < TEXT.length()) {
            int read = reader.read(target, 7 + count, 5);
            assertTrue(read >= 1 && read <= 5);
            count += read;
        }
        assertEquals(TEXT, new String(target, 7, count));
        assertEquals(-1, reader.read(target, 7, 5));
        assertEquals(0, target[6] + target[7 + count]);
    }

    @Test
    void replacesMalformedBytesAndCountsThem() throws IOException {
        byte[] bytes = concat("fine words, ".getBytes(StandardCharsets.UTF_8), hex("FF"));
        bytes = concat(bytes, " and more, ".getBytes(StandardCharsets.UTF_8));
        bytes = concat(bytes, hex("E282")); // a character cut off by the end
        TextReader reader = reader(bytes);
        assertEquals("fine words, \uFFFD and more, \uFFFD", all(reader));
        assertEquals(2, reader.replaced());
        assertEquals(12, reader.firstReplaced());
    }

    @Test
    void rejectsMalformedBytesIfAskedTo() {
        byte[] bytes = concat("fine words, ".getBytes(StandardCharsets.UTF_8), hex("FF"));
        TextReader reader =
                new TextReader(
                        new ByteArrayInputStream(bytes), "a.txt", null, MalformedText.REJECT);
        assertEquals(
                "a.txt must be valid UTF-8, got bytes FF at byte 12 (character 12)",
                assertThrows(TextFormatException.class, () -> all(reader)).getMessage());
    }

    @Test
    void readsTheEncodingThatIsNamed() throws IOException {
        byte[] bytes = "Grüße aus Köln".getBytes(StandardCharsets.ISO_8859_1);
        TextReader reader =
                new TextReader(
                        new ByteArrayInputStream(bytes),
                        "a.txt",
                        StandardCharsets.ISO_8859_1,
                        MalformedText.REJECT);
        assertEquals("Grüße aus Köln", all(reader));
    }

    @ParameterizedTest
    @CsvSource({
        "255044462D312E37,a PDF; its text must be extracted first",
        "504B0304,'a ZIP archive (also DOCX, EPUB, JAR)'",
        "1F8B0800,a gzip file; unpack it first",
        "FFFE000061000000,UTF-32; save it as UTF-8",
        "610062006300,UTF-16 without a byte-order mark (every other byte is 0); name its encoding",
        "61626300000064,binary data (a byte 0 at 3)"
    })
    void refusesWhatIsNoText(String bytes, String what) {
        assertEquals(
                "a.bin must be text, got " + what,
                assertThrows(TextFormatException.class, () -> all(reader(hex(bytes))))
                        .getMessage());
    }

    @Test
    void refusesTextThatIsMostlyMalformed() {
        byte[] bytes = "Здравствуй, мир".getBytes(Charset.forName("windows-1251"));
        assertEquals(
                "a.bin must be text in UTF-8, got 13 malformed of its first 15 characters; name"
                        + " its encoding if it is text",
                assertThrows(TextFormatException.class, () -> all(reader(bytes))).getMessage());
    }

    @Test
    void readsNothingFromNothing() throws IOException {
        assertEquals("", all(reader(new byte[0])));
        assertEquals("", all(reader(hex("EFBBBF"))));
    }

    private static TextReader reader(byte[] bytes) {
        return new TextReader(new ByteArrayInputStream(bytes), "a.bin");
    }

    private static String all(TextReader reader) throws IOException {
        StringWriter text = new StringWriter();
        reader.transferTo(text);
        return text.toString();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
