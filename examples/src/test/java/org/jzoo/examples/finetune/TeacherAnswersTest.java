package org.jzoo.examples.finetune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.training.compression.distillation.KnownAnswers;
import org.jzoo.training.compression.distillation.TaughtBatches;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.text.TextTokenizer;

final class TeacherAnswersTest {

    private static final int LENGTH = 16;
    private static final List<String> LABELS = List.of("bad", "fine");

    @TempDir private Path folder;
    private LoadedModel teacher;
    private Path file;

    @BeforeEach
    void open() throws IOException {
        teacher = teacher(5);
        file = folder.resolve("kept").resolve(TeacherAnswers.FILE_NAME);
    }

    @AfterEach
    void close() {
        teacher.close();
    }

    private static LoadedModel teacher(long seed) throws IOException {
        ModelConfig config =
                ModelConfig.of(
                        "bert",
                        new PostNormEncoder(30522, 8, 1, 2, 16, Activation.GELU, 0.1, 0, 1e-12)
                                .config(new LearnedPositionOption(LENGTH), LENGTH, 2, 0, false),
                        new ClassificationTask(LABELS, false, HeadOption.MEAN));
        try (InputStream in =
                TeacherAnswersTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            TextTokenizer tokenizer = TextTokenizer.of(in.readAllBytes(), LENGTH);
            return LoadedModel.fresh("tiny", config, tokenizer, seed, Device.cpu());
        }
    }

    private EncodedDataset texts(String last, int length) throws IOException {
        Path csv = folder.resolve("texts.csv");
        Files.writeString(
                csv, "text,label\na fine day,fine\nso bad,bad\n\"%s\",fine\n".formatted(last));
        try (TextTokenizer tokenizer = teacher.tokenizer().withMaxLength(length)) {
            return EncodedDataset.classification(
                    TextFiles.open(csv, new TextColumns("text", null, "label", TargetKind.CLASS)),
                    FineTune.encoding(tokenizer, 0),
                    LabelSet.of(LABELS));
        }
    }

    private float[] ask(LoadedModel model, EncodedDataset texts, KnownAnswers known) {
        TaughtBatches taught =
                new TaughtBatches(
                        new TextBatches(texts, BatchingConfig.evaluation(3)),
                        model.block(),
                        Precision.FLOAT32,
                        known);
        try (NDManager manager = PyTorch.newBaseManager()) {
            return taught.batch(0, 0, manager).labels().get(1).toFloatArray();
        }
    }

    private int kept(LoadedModel model, EncodedDataset texts, Precision precision) {
        return TeacherAnswers.open(file, model, texts, precision).written();
    }

    @Test
    void whatWasSaidIsReadAgainUnlessAnythingDiffers() throws IOException {
        float[] said;
        try (EncodedDataset texts = texts("fine and mild", LENGTH)) {
            TeacherAnswers first = TeacherAnswers.open(file, teacher, texts, Precision.FLOAT32);
            assertEquals(0, first.written());
            said = ask(teacher, texts, first.known());
            first.write();
            TeacherAnswers again = TeacherAnswers.open(file, teacher, texts, Precision.FLOAT32);
            assertEquals(3, again.written());
            try (LoadedModel other = teacher(6)) {
                // Nobody is asked: the other would say something else.
                assertArrayEquals(said, ask(other, texts, again.known()));
                assertEquals(0, kept(other, texts, Precision.FLOAT32));
            }
            assertEquals(0, kept(teacher, texts, Precision.BFLOAT16));
        }
        try (EncodedDataset shorter = texts("fine and mild", 4)) {
            assertEquals(0, kept(teacher, shorter, Precision.FLOAT32));
        }
        try (EncodedDataset others = texts("fine and cold", LENGTH)) {
            TeacherAnswers renewed = TeacherAnswers.open(file, teacher, others, Precision.FLOAT32);
            assertEquals(0, renewed.written());
            ask(teacher, others, renewed.known());
            renewed.write();
            assertEquals(3, kept(teacher, others, Precision.FLOAT32));
        }
    }

    @Test
    void aDamagedFileCountsForNothingAndIsWrittenAnew() throws IOException {
        try (EncodedDataset texts = texts("fine and mild", LENGTH)) {
            TeacherAnswers first = TeacherAnswers.open(file, teacher, texts, Precision.FLOAT32);
            ask(teacher, texts, first.known());
            first.write();
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 1] ^= 1;
            Files.write(file, bytes);
            assertEquals(0, kept(teacher, texts, Precision.FLOAT32));
            Files.writeString(file, "no tensors");
            TeacherAnswers second = TeacherAnswers.open(file, teacher, texts, Precision.FLOAT32);
            assertEquals(0, second.written());
            ask(teacher, texts, second.known());
            second.write();
            assertEquals(3, kept(teacher, texts, Precision.FLOAT32));
        }
    }
}
