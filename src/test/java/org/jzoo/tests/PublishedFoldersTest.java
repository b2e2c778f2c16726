package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jzoo.examples.verify.ReferenceFolder;
import org.jzoo.zoo.verify.VerificationReport;

/** Folders of published tensors that are no whole model are compared as those of models are. */
class PublishedFoldersTest {

    @TempDir private Path temporary;

    private static Path golden(String name) throws Exception {
        return Path.of(PublishedFoldersTest.class.getResource("/golden/" + name).toURI());
    }

    @ParameterizedTest
    @CsvSource({"peft-lora, 11", "torch-mha, 11", "torch-fakequant4, 4"})
    void everyOutputAndGradientEqualsThePublishedOne(String name, int count) throws Exception {
        VerificationReport report = ReferenceFolder.verify(golden(name), Device.cpu());
        assertEquals(List.of(), report.unsupported());
        assertEquals(count, report.differences().size(), report.differences()::toString);
        assertTrue(report.passes(1e-4), () -> report.above(1e-4).toString());
    }

    @Test
    void anAdapterOfOtherWeightsIsFoundOut() throws Exception {
        Path folder = temporary.resolve("peft-lora");
        try (Stream<Path> files = Files.walk(golden("peft-lora"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(golden("peft-lora").relativize(file).toString()));
            }
        }
        Path weights = folder.resolve("adapter/adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        // The sign of the last value, of a row of the classifier.
        bytes[bytes.length - 1] ^= (byte) 0x80;
        Files.write(weights, bytes);
        VerificationReport report = ReferenceFolder.verify(folder, Device.cpu());
        assertFalse(report.passes(1e-4));
        assertTrue(
                report.above(1e-4).stream().anyMatch(d -> d.tensor().equals("logits")),
                report.differences()::toString);
    }
}
