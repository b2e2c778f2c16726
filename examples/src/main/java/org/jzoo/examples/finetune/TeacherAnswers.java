package org.jzoo.examples.finetune;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.datasets.batch.Batch;
import org.jzoo.datasets.batch.BatchPlan;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.training.compression.distillation.KnownAnswers;
import org.jzoo.training.loop.CheckpointReport;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelHash;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.SafetensorsWriter;
import org.jzoo.zoo.weights.TensorSource;
import org.jzoo.zoo.weights.TensorType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a teacher said of training texts, in a safetensors file: the rows' numbers {@code (N)} and
 * the answers {@code (N, C)}. As a callback of a training it is written at each checkpoint and at
 * the end, beside its place and then moved.
 *
 * <p>The file carries a key, the SHA-256 of the teacher's configuration and weights, its precision,
 * and each row's number and tokens, and thereby of texts, tokenizer and longest length; and the
 * SHA-256 of what it holds. Where either differs, what the file holds does not count and it is
 * written anew.
 */
public final class TeacherAnswers implements TrainingCallback {

    /** The usual name of the file. */
    public static final String FILE_NAME = "teacher-answers.safetensors";

    private static final Logger LOGGER = LoggerFactory.getLogger(TeacherAnswers.class);
    private static final String ROWS = "rows";
    private static final String ANSWERS = "answers";
    private static final String KEY = "key";
    private static final String CONTENT = "sha256";
    private static final int BATCH = 256;

    private final Path file;
    private final String key;
    private final KnownAnswers known = new KnownAnswers();
    private int written;

    private TeacherAnswers(Path file, String key) {
        this.file = file;
        this.key = key;
    }

    /**
     * Reads what a file holds of this teacher and these texts, which may be nothing.
     *
     * @param file that need not exist
     * @param texts in the teacher's tokens
     * @param precision of the teacher's matrix products
     */
    public static TeacherAnswers open(
            Path file, LoadedModel teacher, EncodedDataset texts, Precision precision) {
        TeacherAnswers answers = new TeacherAnswers(file, key(teacher, texts, precision));
        if (Files.isRegularFile(file)) {
            try {
                answers.read();
            } catch (IOException | MalformedModelException | IllegalArgumentException e) {
                // Damaged or no such file: the teacher can be asked again.
                answers.written = 0;
            }
        }
        return answers;
    }

    /** What is known, for {@link org.jzoo.training.compression.distillation.TaughtBatches}. */
    public KnownAnswers known() {
        return known;
    }

    /** How many answers the file holds. */
    public int written() {
        return written;
    }

    private void read() throws IOException, MalformedModelException {
        Safetensors source = Safetensors.open(file);
        if (!key.equals(source.metadata().get(KEY))) {
            return;
        }
        Shape shape = source.entry(ANSWERS).shape();
        ByteBuffer rows = only(source, ROWS);
        ByteBuffer answers = only(source, ANSWERS);
        if (!content(rows, answers).equals(source.metadata().get(CONTENT))) {
            return;
        }
        int width = (int) shape.get(1);
        for (int i = 0; i < shape.get(0); i++) {
            float[] answer = new float[width];
            for (int c = 0; c < width; c++) {
                answer[c] = answers.getFloat();
            }
            known.put(rows.getLong(), answer);
        }
        written = known.size();
    }

    private static ByteBuffer only(TensorSource source, String name) {
        return source.segments(name).get(0).duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String content(ByteBuffer rows, ByteBuffer answers) {
        MessageDigest digest = sha256();
        digest.update(rows.duplicate());
        digest.update(answers.duplicate());
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Writes what is known, if that is more than the file holds. */
    public void write() throws IOException {
        Map<Long, float[]> all = known.all();
        if (all.size() == written) {
            return;
        }
        long[] rows = all.keySet().stream().mapToLong(Long::longValue).toArray();
        int width = all.values().iterator().next().length;
        float[] flat = new float[rows.length * width];
        int row = 0;
        for (float[] answer : all.values()) {
            System.arraycopy(answer, 0, flat, row++ * width, width);
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (NDManager manager = PyTorch.engine().newBaseManager(Device.cpu())) {
            TensorSource source =
                    TensorSource.ofArrays(
                            file.toString(),
                            Map.of(
                                    ROWS,
                                    manager.create(rows),
                                    ANSWERS,
                                    manager.create(flat, new Shape(rows.length, width))));
            String content = content(only(source, ROWS), only(source, ANSWERS));
            SafetensorsWriter.write(
                    file, source, Map.of(KEY, key, CONTENT, content), TensorType.F32);
        }
        written = rows.length;
    }

    @Override
    public void onCheckpoint(CheckpointReport report) {
        tryWrite();
    }

    @Override
    public void onEnd(TrainingResult result) {
        tryWrite();
    }

    private void tryWrite() {
        try {
            write();
        } catch (IOException e) {
            LOGGER.warn("The teacher's answers stay in memory: {}", e.toString());
        }
    }

    private static String key(LoadedModel teacher, EncodedDataset texts, Precision precision) {
        MessageDigest digest = sha256();
        String asked =
                ModelHash.of(teacher) + precision + teacher.manager().getDevice().getDeviceType();
        digest.update(asked.getBytes(StandardCharsets.UTF_8));
        BatchPlan plan = texts.plan(BatchingConfig.evaluation(BATCH), 0);
        for (Batch batch : texts.batches(plan, 0)) {
            add(digest, batch.rows());
            add(digest, batch.ids());
            add(digest, batch.typeIds());
            add(digest, batch.mask());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, long... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
        bytes.asLongBuffer().put(numbers);
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
