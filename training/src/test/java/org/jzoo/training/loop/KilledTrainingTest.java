package org.jzoo.training.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.PyTorch;

/** Trainings in child JVMs that do not end as planned. With -Djzoo.slow=true: twenty kills. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class KilledTrainingTest {

    private static final int KILLS = Boolean.getBoolean("jzoo.slow") ? 20 : 2;
    private static final long STEPS = 14L * KILLS;

    @TempDir Path folder;

    @Test
    void killedAndResumedEndsBitEqualToUndisturbed() throws Exception {
        Path unused = folder.resolve("weights");
        Random random = new Random(20);
        List<String> starts = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = TrainingChild.start(folder.resolve("b"), STEPS, unused);
            killAfter(child, 1 + random.nextInt(13), random.nextInt(6), starts);
        }
        assertEquals(KILLS, starts.size(), starts.toString());
        try (NDManager manager = PyTorch.newBaseManager()) {
            TinyBert undisturbed = TinyBert.seeded(manager, 1, 0.2);
            TrainingChild.loop(undisturbed, STEPS).build().run();
            TinyBert resumed = TinyBert.seeded(manager, 77, 0.2);
            resume(resumed, folder.resolve("b"), STEPS);
            TrainingLoopTest.assertSameWeights(undisturbed, resumed);
        }
        assertEquals(List.of("step-" + STEPS), names(folder.resolve("b")));
        System.out.println("killed " + KILLS + " times; starts: " + starts);
    }

    /** Kills the child some milliseconds after so many steps of its own. */
    private static void killAfter(Process child, int steps, int millis, List<String> starts)
            throws IOException, InterruptedException {
        try (BufferedReader lines = child.inputReader()) {
            int made = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("resumed")) {
                    starts.add(line);
                }
                if (line.startsWith("step") && ++made == steps) {
                    Thread.sleep(millis);
                    break;
                }
            }
            child.destroyForcibly();
            assertTrue(child.waitFor(1, TimeUnit.MINUTES));
            assertEquals(128 + 9, child.exitValue());
        }
    }

    @Test
    void interruptedSavesAndCanBeResumed() throws Exception {
        Process child =
                TrainingChild.start(folder.resolve("c"), 1_000_000, folder.resolve("weights"));
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = child.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.equals("step 5")) {
                    child.toHandle()
                            .destroy(); // SIGTERM, to which the JVM does the same as to Ctrl-C.
                }
            }
        }
        assertTrue(child.waitFor(1, TimeUnit.MINUTES));
        assertTrue(lines.contains("INTERRUPTED saved=true"), lines.toString());
        String lastStep =
                lines.stream().filter(l -> l.startsWith("step")).reduce((a, b) -> b).orElseThrow();
        assertEquals(List.of(lastStep.replace(' ', '-')), names(folder.resolve("c")));
    }

    @Test
    void endingJvmWaitsForTheStep() throws Exception {
        Process child = EndingChild.start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = child.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.equals("step " + EndingChild.LENGTHS)) {
                    child.toHandle().destroy();
                }
            }
        }
        assertTrue(child.waitFor(1, TimeUnit.MINUTES));
        assertEquals("INTERRUPTED", lines.get(lines.size() - 1), lines.toString());
        assertEquals(128 + 15, child.exitValue());
    }

    @Test
    void fullDiskLeavesTheLastGoodCheckpoint() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash to limit file sizes");
        Path checkpoints = folder.resolve("d");
        StopSignal stop = new StopSignal();
        try (NDManager manager = PyTorch.newBaseManager()) {
            TrainingChild.loop(TinyBert.seeded(manager, 1, 0.2), 12)
                    .optCheckpointFolder(checkpoints)
                    .optStopSignal(stop)
                    .optCallback(
                            new TrainingCallback() {
                                @Override
                                public void onCheckpoint(CheckpointReport report) {
                                    stop.request();
                                }
                            })
                    .build()
                    .run();
        }
        // No file may be longer than 4 blocks of 1,024 bytes: each write beyond that fails, as on a
        // full disk.
        List<String> starved =
                run(
                        TrainingChild.start(
                                checkpoints,
                                12,
                                Path.of("/dev/null"),
                                "/bin/bash",
                                "-c",
                                "ulimit -f 4; exec \"$0\" \"$@\""));
        assertTrue(
                starved.stream().anyMatch(l -> l.startsWith("failed 12 java.io.IOException")),
                starved.toString());
        assertEquals(List.of("step-2"), names(checkpoints));
        try (NDManager manager = PyTorch.newBaseManager()) {
            TinyBert resumed = TinyBert.seeded(manager, 1, 0.2);
            resume(resumed, checkpoints, 12);
            TinyBert undisturbed = TinyBert.seeded(manager, 1, 0.2);
            TrainingChild.loop(undisturbed, 12).build().run();
            TrainingLoopTest.assertSameWeights(undisturbed, resumed);
        }
    }

    private static void resume(TinyBert model, Path checkpoints, long steps) {
        TrainingCallback resumes =
                new TrainingCallback() {
                    @Override
                    public void onStart(RunStart start) {
                        assertTrue(start.resumedStep() > 0);
                    }
                };
        TrainingResult result =
                TrainingChild.loop(model, steps)
                        .optCheckpointFolder(checkpoints)
                        .optResume(true)
                        .optCallback(resumes)
                        .build()
                        .run();
        assertEquals(TrainingResult.End.COMPLETED, result.end());
    }

    private static List<String> run(Process child) throws IOException, InterruptedException {
        try (BufferedReader reader = child.inputReader()) {
            List<String> lines = reader.lines().toList();
            assertTrue(child.waitFor(1, TimeUnit.MINUTES));
            return lines;
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
