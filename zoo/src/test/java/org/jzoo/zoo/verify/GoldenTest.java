package org.jzoo.zoo.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Outputs, hidden states, losses and continuations of published implementations to within 1e-5,
 * gradients to within 1e-4 of the largest in their tensor.
 */
class GoldenTest {

    @ParameterizedTest
    @CsvSource({
        "bert, 38",
        "roberta, 38",
        "distilbert, 36",
        "longformer, 38",
        "gpt2, 29",
        "llama-gqa, 27",
        "qwen2, 33",
        "mistral-window, 27",
        "bloom-alibi, 30",
        "vit, 43",
        "clip, 79",
        "lxmert, 130",
        "mixtral, 30",
        "switch-encoder, 30"
    })
    void everythingEqualsThePublishedImplementation(String name, int atLeast) throws Exception {
        Path folder = Path.of(GoldenTest.class.getResource("/golden/" + name).toURI());
        VerificationReport report = Verification.run(Reference.open(folder), Device.cpu());
        assertEquals(List.of(), report.unsupported());
        for (Difference difference : report.differences()) {
            boolean gradient = difference.tensor().startsWith("gradient");
            double off = gradient ? difference.relative() : difference.largest();
            assertTrue(off <= (gradient ? 1e-4 : 1e-5), difference::toString);
        }
        assertTrue(report.differences().size() >= atLeast, report.differences()::toString);
    }
}
