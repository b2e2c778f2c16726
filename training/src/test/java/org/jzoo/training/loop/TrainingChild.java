package org.jzoo.training.loop;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;

/** A training in a JVM of its own, to be killed, starved and stopped. */
final class TrainingChild {

    private TrainingChild() {}

    /**
     * Trains and prints what happens.
     *
     * @param args the checkpoint folder, the number of steps and the file for the last weights
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        long steps = Long.parseLong(args[1]);
        Path weights = Path.of(args[2]);
        try (StopSignal stop = StopSignal.onShutdown();
                NDManager manager = PyTorch.newBaseManager()) {
            TinyBert model = TinyBert.seeded(manager, 1, 0.2);
            TrainingResult result =
                    loop(model, steps)
                            .optCheckpointFolder(folder)
                            .optResume(true)
                            .optStopSignal(stop)
                            .optCallback(new Printer())
                            .build()
                            .run();
            System.out.println(result.end() + " saved=" + result.checkpointSaved());
            Files.deleteIfExists(weights);
            TensorFile.write(weights, Trainables.all(model).values());
        }
    }

    static TrainingLoop.Builder loop(TinyBert model, long steps) {
        return TrainingLoop.builder()
                .setModel(model)
                .setLoss(new CrossEntropy())
                .setBatches(Rows.learnable(26, 4, 3L))
                .setConfig(
                        TrainingConfig.builder()
                                .optSteps(steps)
                                .optSeed(11)
                                .optAccumulation(2)
                                .optEvaluateEvery(5)
                                .optCheckpointEvery(2)
                                .build())
                .setOptimizer(AdamWConfig.of(3e-3))
                .optSchedule(Schedule.cosine().withWarmupSteps(3))
                .optEvaluation(new ModelEvaluation(Rows.learnable(8, 4, null), new CrossEntropy()));
    }

    /** Starts such a training, {@code before} its command. */
    static Process start(Path folder, long steps, Path weights, String... before)
            throws IOException {
        return java(
                TrainingChild.class,
                List.of("-Xmx256m"),
                List.of(before),
                folder.toString(),
                Long.toString(steps),
                weights.toString());
    }

    /** Starts a JVM with this one's class path. */
    static Process java(Class<?> main, List<String> options, List<String> before, String... args)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("DJL_OFFLINE", "true");
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        return builder.redirectErrorStream(true).start();
    }

    /** One line for each event. */
    private static final class Printer implements TrainingCallback {

        @Override
        public void onStart(RunStart start) {
            System.out.println("resumed " + start.resumedStep());
        }

        @Override
        public void onStep(StepReport step) {
            System.out.println("step " + step.step());
        }

        @Override
        public void onCheckpointFailure(long step, IOException cause) {
            System.out.println("failed " + step + " " + cause);
        }
    }
}
