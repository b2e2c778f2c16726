package org.jzoo.zoo.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files of the test resources. */
final class Fixtures {

    private Fixtures() {}

    static Path golden(String name) {
        try {
            return Path.of(Fixtures.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every safetensors file there is. */
    static List<Path> allSafetensors() {
        try (Stream<Path> files = Files.walk(golden("bert").getParent())) {
            return files.filter(file -> file.toString().endsWith(".safetensors")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
