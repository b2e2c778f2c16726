package org.jzoo.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumsTest {

    private static final List<String> NAMES =
            List.of("model.safetensors", "adapter.safetensors", "config.json", "tokenizer/v.txt");

    @TempDir Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.copy(
                Fixtures.golden("peft-lora/adapter/adapter_model.safetensors"),
                folder.resolve(NAMES.get(0)));
        Files.copy(Fixtures.golden("bert/inputs.safetensors"), folder.resolve(NAMES.get(1)));
        Files.writeString(folder.resolve(NAMES.get(2)), "{\"hidden_size\": 32}\n");
        Files.createDirectory(folder.resolve("tokenizer"));
        Files.writeString(folder.resolve(NAMES.get(3)), "[CLS]\n[SEP]\n");
        Checksums.write(folder);
    }

    @Test
    void aThousandRandomCorruptionsAreAllCaught() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            Path first = folder.resolve(pick(random));
            Path second = folder.resolve(pick(random));
            byte[] before = Files.readAllBytes(first);
            byte[] other = Files.readAllBytes(second);
            String what = corrupt(random, first, second, before, other) + " of " + first;
            assertThrows(MalformedModelException.class, () -> Checksums.verify(folder), what);
            Files.write(first, before);
            Files.write(second, other);
        }
        assertDoesNotThrow(() -> Checksums.verify(folder));
    }

    private static String pick(Random random) {
        int index = random.nextInt(NAMES.size() + 1);
        return index == NAMES.size() ? Checksums.FILE_NAME : NAMES.get(index);
    }

    private static String corrupt(
            Random random, Path first, Path second, byte[] before, byte[] other)
            throws IOException {
        int kind = random.nextInt(5);
        byte[] bytes = before.clone();
        switch (kind) {
            case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 2 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
            case 3 -> {
                bytes = Arrays.copyOf(bytes, bytes.length + 1);
                bytes[bytes.length - 1] = (byte) (random.nextBoolean() ? ' ' : '\n');
            }
            default -> {
                if (first.equals(second)) {
                    bytes = new byte[0];
                } else {
                    Files.write(second, before);
                    bytes = other;
                }
            }
        }
        Files.write(first, bytes);
        return List.of("bit flip", "truncation", "zeros", "blank", "swap").get(kind);
    }

    @Test
    void everyFaultyFileIsNamedWithBothValues() throws Exception {
        String right = Checksums.sha256(folder.resolve("config.json"));
        Files.writeString(folder.resolve("config.json"), "{\"hidden_size\": 33}\n");
        Files.writeString(folder.resolve("tokenizer/v.txt"), "[CLS]\n");
        Files.delete(folder.resolve("model.safetensors"));
        Exception e = assertThrows(MalformedModelException.class, () -> Checksums.verify(folder));
        assertEquals(
                """
                %s: the files must be those that were saved, got
                  config.json must have SHA-256 %s, got %s
                  model.safetensors must be there, got none
                  tokenizer/v.txt must have 12 bytes, got 6\
                """
                        .formatted(folder, right, Checksums.sha256(folder.resolve("config.json"))),
                e.getMessage());
    }

    @Test
    void sha256IsThePublishedOne() throws IOException {
        Path file = Files.writeString(folder.resolve("abc"), "abc");
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                Checksums.sha256(file));
    }

    @Test
    void addedAndHiddenFilesAreNoFault() throws Exception {
        Files.writeString(folder.resolve("serving.properties"), "engine=PyTorch");
        Files.writeString(folder.resolve(".DS_Store"), "x");
        Checksums.verify(folder);
        Checksums.write(folder);
        Files.delete(folder.resolve(".DS_Store"));
        Checksums.verify(folder);
    }

    @Test
    void aMissingManifestIsNamed() throws IOException {
        assertTrue(Checksums.isPresent(folder));
        Files.delete(folder.resolve(Checksums.FILE_NAME));
        assertThrows(NoSuchFileException.class, () -> Checksums.verify(folder));
    }

    @Test
    void aManifestThatPointsOutsideItsFolderIsRefused() throws IOException {
        Path manifest = folder.resolve(Checksums.FILE_NAME);
        String text = Files.readString(manifest).replace("config.json", "../config.json");
        Files.writeString(manifest, text);
        assertThrows(MalformedModelException.class, () -> Checksums.verify(folder));
    }
}
