package org.jzoo.examples.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.examples.finetune.Teaching;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.zoo.registry.LoadedModel;

final class KeptImportanceTest {

    @TempDir private Path work;

    // As on a GPU, no two measurements are alike.
    private static final class Measured implements Lessons {

        private int times;

        @Override
        public Map<String, StackImportance> importance(LoadedModel model, int batches) {
            times++;
            double[][] parts = {{1.0 / 3 + times, 2}};
            return Map.of("stack", new StackImportance(parts, parts, new double[] {times}));
        }

        @Override
        public FineTuning training(FineTuneConfig how, LoadedModel student, Teaching teaching) {
            throw new UnsupportedOperationException("nothing is trained");
        }

        @Override
        public long numTested() {
            return 0;
        }

        @Override
        public Map<String, Double> measure(LoadedModel model) {
            return Map.of();
        }
    }

    private CompressConfig config(boolean resume, int batches) {
        return CompressConfig.builder()
                .setShare(0.5)
                .setTraining(
                        FineTuneConfig.builder()
                                .optModel("tiny-j1")
                                .optDevice(Device.cpu())
                                .optWork(work)
                                .optResume(resume)
                                .build())
                .optFewerTokens(false)
                .optLabelShare(0.5)
                .optTemperature(1)
                .optImportanceBatches(batches)
                .build();
    }

    @Test
    void aRunThatGoesOnKeepsWhatTheFirstMeasured() throws Exception {
        Measured lessons = new Measured();
        try (LoadedModel model = TinyJ1.model()) {
            StackImportance first = KeptImportance.of(model, lessons, config(true, 2)).get("stack");
            StackImportance again = KeptImportance.of(model, lessons, config(true, 2)).get("stack");
            assertEquals(1, lessons.times);
            assertArrayEquals(first.heads()[0], again.heads()[0]);
            assertArrayEquals(first.layers(), again.layers());
            KeptImportance.of(model, lessons, config(true, 3));
            assertEquals(2, lessons.times);
            KeptImportance.of(model, lessons, config(false, 2));
            assertEquals(3, lessons.times);
            model.parameters().values().iterator().next().getArray().addi(1);
            KeptImportance.of(model, lessons, config(true, 2));
            assertEquals(4, lessons.times);
        }
    }

    @Test
    void aDamagedFileIsNamed() throws Exception {
        Measured lessons = new Measured();
        try (LoadedModel model = TinyJ1.model()) {
            KeptImportance.of(model, lessons, config(true, 2));
            Path file;
            try (Stream<Path> files = Files.list(work)) {
                file = files.findFirst().orElseThrow();
            }
            for (String damaged :
                    new String[] {
                        "",
                        "{\"stack\":",
                        "{\"stack\":{\"heads\":[[1]],\"channels\":[],\"layers\":[1]}}"
                    }) {
                Files.writeString(file, damaged);
                IOException error =
                        assertThrows(
                                IOException.class,
                                () -> KeptImportance.of(model, lessons, config(true, 2)));
                assertTrue(error.getMessage().endsWith(file.toString()), error.getMessage());
            }
        }
    }
}
