package org.jzoo.datasets.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Opens the same bytes from their start, as often as asked. */
@FunctionalInterface
public interface StreamOpener {

    /** A new stream at the first byte; the caller closes it. */
    InputStream open() throws IOException;

    /** Opens a file, and unpacks it if its name ends in {@code .gz}. */
    static StreamOpener of(Path file) {
        return () -> {
            InputStream in = Files.newInputStream(file);
            if (!file.toString().endsWith(".gz")) {
                return in;
            }
            try {
                return new GZIPInputStream(in, 1 << 16);
            } catch (IOException e) {
                in.close();
                throw e;
            }
        };
    }
}
