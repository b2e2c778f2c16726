package org.jzoo.examples.recall;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.StringJoiner;
import org.jzoo.blocks.chunk.RetrievalGuide;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.zoo.j3.J3Size;

/**
 * The numbers of a comparison: the same for every variant.
 *
 * @param size of the model
 * @param tasks that are learnt and asked
 * @param looks 0 to ask once, at a text's end; otherwise it is asked after every chunk and at its
 *     end as often as this, with its last answer beside the question; see {@link RecallLooks}
 * @param training at short lengths
 * @param judging at all lengths
 * @param precision of matrix products
 */
public record RecallConfig(
        J3Size size,
        List<RecallTask> tasks,
        int looks,
        Training training,
        Judging judging,
        Precision precision) {

    private static final List<RecallTask> ALL_TASKS = List.of(RecallTask.values());

    /**
     * How it is trained: longer texts come in step by step, the tokens of a batch stay the same.
     *
     * @param lengths tokens of a text; each enters after an equal share of the first two thirds of
     *     the steps, and every step draws one of those that are in
     * @param batchTokens tokens of a step
     * @param steps optimizer steps, at least 1; the first 5 % warm up, then half a cosine
     * @param learningRate the highest rate
     * @param aids what makes longer texts easier
     */
    public record Training(
            List<Integer> lengths, int batchTokens, int steps, double learningRate, Aids aids) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Training {
            Objects.requireNonNull(aids, "aids");
            lengths = lengths.stream().sorted().toList();
            if (lengths.isEmpty()
                    || batchTokens < lengths.get(lengths.size() - 1)
                    || steps < 1
                    || !(learningRate > 0)) {
                throw new IllegalArgumentException(
                        "lengths must not be empty, batchTokens >= the longest, steps >= 1, learningRate > 0, got lengths=%s, batchTokens=%d, steps=%d, learningRate=%s"
                                .formatted(lengths, batchTokens, steps, learningRate));
            }
        }

        /** The longest length. */
        public int longest() {
            return lengths.get(lengths.size() - 1);
        }

        /** The lengths that are in at a step, from 0. */
        List<Integer> lengthsAt(int step) {
            int open = (int) (3L * step * lengths.size() / (2L * steps)) + 1;
            return lengths.subList(0, Math.min(open, lengths.size()));
        }
    }

    /**
     * What training on short texts does for long ones, beside asking about them.
     *
     * @param guidance weight of the loss that tells retrieval which blocks answer, see {@link
     *     RetrievalGuide}; 0 for none
     * @param cuts chunks that a training text may be read in, at least 1: their length is drawn
     *     from the usual one and its halves, so that memories are handed on as often as in longer
     *     texts; more only where the usual length needs more
     */
    public record Aids(double guidance, int cuts) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Aids {
            if (!(guidance >= 0) || cuts < 1) {
                throw new IllegalArgumentException(
                        "guidance must be >= 0 and cuts >= 1, got guidance=%s, cuts=%d"
                                .formatted(guidance, cuts));
            }
        }

        /** Draws the length of the chunks for a text of {@code length} tokens: whole blocks. */
        int chunkLength(int length, J3Size size, Random random) {
            List<Integer> choices = new ArrayList<>(List.of(size.chunkLength()));
            int chunk = Math.min(Integer.highestOneBit(length), size.chunkLength()) / 2;
            while (chunk >= size.blockLength()
                    && chunk % size.blockLength() == 0
                    && (length + chunk - 1) / chunk <= cuts) {
                choices.add(chunk);
                chunk /= 2;
            }
            return choices.get(random.nextInt(choices.size()));
        }
    }

    /**
     * How it is judged.
     *
     * @param lengths tokens of a text
     * @param longest the length at which pass keys alone are asked for; 0 for none
     * @param examples of a task at a length, at least 1
     * @param batchTokens tokens that are on the device at once
     */
    public record Judging(List<Integer> lengths, int longest, int examples, int batchTokens) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Judging {
            lengths = lengths.stream().sorted().toList();
            if (lengths.isEmpty() || longest < 0 || examples < 1 || batchTokens < 1) {
                throw new IllegalArgumentException(
                        "lengths must not be empty, longest >= 0, examples and batchTokens >= 1, got lengths=%s, longest=%d, examples=%d, batchTokens=%d"
                                .formatted(lengths, longest, examples, batchTokens));
            }
        }
    }

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there is no task
     */
    public RecallConfig {
        tasks = List.copyOf(tasks);
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("tasks must hold at least one, got none");
        }
        if (looks < 0) {
            throw new IllegalArgumentException("looks must be >= 0, got looks=" + looks);
        }
        Objects.requireNonNull(size, "size");
        Objects.requireNonNull(training, "training");
        Objects.requireNonNull(judging, "judging");
        Objects.requireNonNull(precision, "precision");
    }

    /** Trained up to 4,096 tokens, judged up to 131,072, pass keys to a million: for a GPU. */
    public static RecallConfig full() {
        return new RecallConfig(
                new J3Size(256, 8, 4, 704, 1024, 64, 16),
                List.of(RecallTask.PASSKEY, RecallTask.KEY_VALUES),
                0,
                new Training(
                        List.of(128, 256, 512, 1024, 2048, 4096),
                        16_384,
                        2400,
                        1.5e-3,
                        new Aids(1, 2)),
                new Judging(
                        List.of(4096, 8192, 16_384, 32_768, 65_536, 131_072),
                        1 << 20,
                        128,
                        1 << 22),
                Precision.BFLOAT16);
    }

    /** A tiny form that shows on two cores in seconds a run that everything works. */
    public static RecallConfig smoke() {
        return new RecallConfig(
                new J3Size(32, 2, 2, 64, 128, 16, 16),
                ALL_TASKS,
                0,
                new Training(List.of(256), 1024, 4, 3e-3, new Aids(1, 4)),
                new Judging(List.of(256, 512), 1024, 4, 2048),
                Precision.FLOAT32);
    }

    /**
     * The options of {@code jzoo reproduce j3} that make the same runs again: what decides most is
     * always named, whatever the defaults become; the rest where it differs from them.
     */
    public String options() {
        boolean smoke = size.chunkLength() == smoke().size().chunkLength();
        RecallConfig base = smoke ? smoke() : full();
        StringJoiner options = new StringJoiner(" ");
        if (smoke) {
            options.add("--smoke");
        }
        option(options, "width", size.dim(), base.size().dim());
        named(options, "tasks", labels(tasks));
        option(options, "looks", looks, base.looks());
        option(options, "lengths", training.lengths(), base.training().lengths());
        option(options, "batch-tokens", training.batchTokens(), base.training().batchTokens());
        named(options, "steps", training.steps());
        option(options, "rate", training.learningRate(), base.training().learningRate());
        Aids aids = training.aids();
        named(options, "guidance", aids.guidance());
        named(options, "cuts", aids.cuts());
        option(options, "judged-lengths", judging.lengths(), base.judging().lengths());
        option(options, "longest", judging.longest(), base.judging().longest());
        option(options, "examples", judging.examples(), base.judging().examples());
        if (precision == Precision.BFLOAT16) {
            options.add("--bf16");
        }
        return options.toString();
    }

    private static List<String> labels(List<RecallTask> tasks) {
        return tasks.stream().map(RecallTask::label).toList();
    }

    private static void option(StringJoiner options, String name, Object value, Object usual) {
        if (!value.equals(usual)) {
            named(options, name, value);
        }
    }

    private static void named(StringJoiner options, String name, Object value) {
        String text = value.toString().replaceAll("[\\[\\] ]", "").replaceFirst("\\.0$", "");
        options.add("--%s %s".formatted(name, text));
    }

    /** The same with products in another precision. */
    public RecallConfig withPrecision(Precision value) {
        return new RecallConfig(size, tasks, looks, training, judging, value);
    }

    /** The same with another way of training. */
    public RecallConfig withTraining(Training value) {
        return new RecallConfig(size, tasks, looks, value, judging, precision);
    }

    /** The same with another way of judging. */
    public RecallConfig withJudging(Judging value) {
        return new RecallConfig(size, tasks, looks, training, value, precision);
    }

    /** The same with another size. */
    public RecallConfig withSize(J3Size value) {
        return new RecallConfig(value, tasks, looks, training, judging, precision);
    }

    /** The same with other tasks. */
    public RecallConfig withTasks(List<RecallTask> value) {
        return new RecallConfig(size, value, looks, training, judging, precision);
    }

    /** The same with another number of looks. */
    public RecallConfig withLooks(int value) {
        return new RecallConfig(size, tasks, value, training, judging, precision);
    }
}
