package org.jzoo.training.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;

final class CheckpointFolderTest {

    private static final float[] VALUES = {1.5f, -0.0f, Float.MIN_VALUE, 0.1f, Float.MAX_VALUE};

    @TempDir Path root;
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static Map<String, Map<String, NDArray>> files(NDArray array) {
        return Map.of("parameters.f32", Map.of("w", array));
    }

    private static CheckpointState state(long step, Map<String, Map<String, NDArray>> files) {
        Progress progress = new Progress();
        progress.step = step;
        progress.loss = Double.NaN;
        progress.lastMetrics = Map.of("f1", Double.NaN);
        RunIdentity run =
                new RunIdentity(
                        TrainingConfig.builder().build(),
                        AdamWConfig.of(0.1),
                        Schedule.linear(),
                        9,
                        Map.of());
        return progress.toState(run, List.of("w"), CheckpointFolder.shapes(files));
    }

    private Path save(long step, float... values) throws IOException {
        CheckpointFolder folder = new CheckpointFolder(root);
        Map<String, Map<String, NDArray>> files = files(manager.create(values));
        folder.save(state(step, files), files);
        return folder.latest();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> paths = Files.list(root)) {
            return paths.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void readsBackBitByBit() throws IOException {
        Path saved = save(3, VALUES);
        CheckpointFolder folder = new CheckpointFolder(root);
        assertEquals(saved, folder.latest());
        CheckpointState state = folder.readState(saved);
        assertEquals(3, state.step());
        assertTrue(Double.isNaN(Progress.of(state).lastMetrics.get("f1")));
        NDArray array = manager.zeros(new ai.djl.ndarray.types.Shape(5));
        folder.readTensors(saved, state, files(array));
        assertArrayEquals(VALUES, array.toFloatArray());
    }

    @Test
    void keepsTheNewestOnly() throws IOException {
        save(9, 1);
        save(10, 2);
        assertEquals(List.of("step-10"), names());
    }

    @Test
    void removesWhatAKilledRunLeftHalfWritten() throws IOException {
        save(2, 1);
        Files.createDirectories(root.resolve(".step-4.partial"));
        Files.writeString(root.resolve(".step-4.partial/state.json"), "{");
        CheckpointFolder folder = new CheckpointFolder(root);
        assertEquals(root.resolve("step-2"), folder.latest());
        assertEquals(List.of("step-2"), names());
    }

    @Test
    void emptyOrMissingFolderHasNoCheckpoint() {
        assertNull(new CheckpointFolder(root).latest());
        assertNull(new CheckpointFolder(root.resolve("missing")).latest());
    }

    @Test
    void notFiniteNumbersAreNotSaved() throws IOException {
        save(2, 1);
        assertEquals(
                "NaN",
                assertThrows(ArithmeticException.class, () -> save(4, 1, Float.NaN)).getMessage());
        assertEquals(List.of("step-2"), names());
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        Path saved = save(3, VALUES);
        Random random = new Random(4);
        for (String name : List.of("parameters.f32", "state.json")) {
            Path file = saved.resolve(name);
            byte[] good = Files.readAllBytes(file);
            for (int i = 0; i < 50; i++) {
                byte[] bad = good.clone();
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bad);
                CheckpointException e =
                        assertThrows(
                                CheckpointException.class,
                                () -> new CheckpointFolder(root).readState(saved));
                assertEquals(
                        "checkpoint is damaged: the checksum of " + file + " is wrong",
                        e.getMessage());
            }
            Files.write(file, good);
        }
        assertEquals(3, new CheckpointFolder(root).readState(saved).step());
    }

    @Test
    void missingFileIsNamed() throws IOException {
        Path saved = save(3, VALUES);
        Files.delete(saved.resolve("parameters.f32"));
        String message =
                assertThrows(
                                CheckpointException.class,
                                () -> new CheckpointFolder(root).readState(saved))
                        .getMessage();
        assertTrue(message.contains("NoSuchFileException"), message);
        assertTrue(message.contains("parameters.f32"), message);
    }

    @Test
    void anotherShapeIsRefused() throws IOException {
        Path saved = save(3, VALUES);
        CheckpointFolder folder = new CheckpointFolder(root);
        CheckpointState state = folder.readState(saved);
        NDArray array = manager.zeros(new ai.djl.ndarray.types.Shape(6));
        assertEquals(
                ("checkpoint is of another model: %s holds TensorShape[name=w, shape=[5]] where the"
                                + " model has TensorShape[name=w, shape=[6]]")
                        .formatted(saved.resolve("parameters.f32")),
                assertThrows(
                                CheckpointException.class,
                                () -> folder.readTensors(saved, state, files(array)))
                        .getMessage());
    }

    @Test
    void unwritableRootLeavesNothing() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "");
        CheckpointFolder folder = new CheckpointFolder(file);
        Map<String, Map<String, NDArray>> files = files(manager.create(VALUES));
        assertThrows(IOException.class, () -> folder.save(state(1, files), files));
        assertNull(folder.latest());
        assertFalse(Files.isDirectory(file));
    }
}
