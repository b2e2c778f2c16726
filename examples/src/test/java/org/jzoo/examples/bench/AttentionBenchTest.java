package org.jzoo.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jzoo.training.report.ResultsFile;

class AttentionBenchTest {

    static List<AttentionMixer> mixers() {
        return AttentionMixer.ALL;
    }

    @ParameterizedTest
    @MethodSource("mixers")
    void everyMixerIsMeasured(AttentionMixer mixer) {
        AttentionProbe.Point point = AttentionProbe.measure(mixer, 1100, 1, Device.cpu());
        assertTrue(point.forwardMillis() > 0 && point.backwardMillis() > 0, point::toString);
        assertEquals(mixer, AttentionMixer.of(mixer.name()));
    }

    @Test
    void aChildMeasuresToo() throws Exception {
        AttentionProbe.Point point =
                ChildJvm.run(
                        AttentionProbe.class,
                        1,
                        AttentionProbe.Point.class,
                        "window 64",
                        "4096",
                        "1",
                        "1",
                        "cpu");
        assertTrue(point.millis() > 0, point::toString);
        // At least the result, the input's gradient, queries, keys and values.
        assertTrue(point.peakMegabytes() > 5 * 4096 * AttentionMixer.DIM * 4e-6, point::toString);
        String message =
                assertThrows(
                                java.io.IOException.class,
                                () ->
                                        ChildJvm.run(
                                                AttentionProbe.class,
                                                1,
                                                String.class,
                                                "none",
                                                "4",
                                                "1",
                                                "1",
                                                "cpu"))
                        .getMessage();
        assertTrue(message.contains("mixer must be one of [full, "), message);
    }

    @Test
    void rowsBecomeATableWithSpeedsAgainstTheFirst() {
        ResultsFile file =
                BenchTables.attention(
                        "bench-attention",
                        "jzoo bench attention",
                        List.of(
                                row("full", 512, 30),
                                row("full", 1024, 60),
                                row("near", 1024, 15),
                                row("near", 2048, 30)));
        assertEquals(List.of(1.0), file.rows().get(1).values().get("speed"));
        assertEquals(List.of(4.0), file.rows().get(2).values().get("speed"));
        assertTrue(file.rows().get(3).summary("speed").isEmpty());
        assertTrue(file.toMarkdown().contains("| near  | 1024   |"), file::toMarkdown);
    }

    private static AttentionBench.Row row(String mixer, int tokens, double millis) {
        return new AttentionBench.Row(
                mixer, tokens, new AttentionProbe.Point(millis / 3, millis * 2 / 3, 7));
    }

    @Test
    void impossiblePlansAreRefused() {
        assertEquals(
                "maxLength must be >= 512, rounds and threads >= 1 and seconds > 0, got"
                        + " maxLength=511, rounds=1, threads=1, seconds=1.0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new AttentionBench.Config(511, 1, 1, 1, Device.cpu()))
                        .getMessage());
        assertEquals(
                "segment must be >= 0, got segment=-1",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new AttentionMixer(
                                                "x", AttentionMixer.ALL.get(0).option(), -1))
                        .getMessage());
    }
}
