package org.jzoo.training.loop;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jzoo.blocks.kernel.PyTorch;

/** Trains again and again and prints how much memory the process holds. */
final class MemoryChild {

    private MemoryChild() {}

    /**
     * Warms up with a fifth of the work, then does all of it.
     *
     * @param args the number of trainings, the steps of each, and the steps of one long training
     */
    public static void main(String[] args) throws IOException {
        int trainings = Integer.parseInt(args[0]);
        long steps = Long.parseLong(args[1]);
        long longSteps = Long.parseLong(args[2]);
        work(Math.max(1, trainings / 5), steps, longSteps / 5);
        System.out.println("before " + residentKilobytes());
        work(trainings, steps, longSteps);
        System.out.println("after " + residentKilobytes());
    }

    private static void work(int trainings, long steps, long longSteps) {
        train(longSteps);
        for (int i = 0; i < trainings; i++) {
            train(steps);
        }
    }

    private static void train(long steps) {
        try (NDManager manager = PyTorch.newBaseManager()) {
            TrainingChild.loop(TinyBert.seeded(manager, 1, 0.2), steps).build().run();
        }
    }

    private static long residentKilobytes() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
