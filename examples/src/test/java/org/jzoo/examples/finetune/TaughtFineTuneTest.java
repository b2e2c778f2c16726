package org.jzoo.examples.finetune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
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
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.lite.TinyGlue;
import org.jzoo.training.loop.CheckpointException;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelHash;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.text.TextTokenizer;

final class TaughtFineTuneTest {

    private static final int LENGTH = 16;

    @TempDir private Path folder;
    private LoadedModel teacher;
    private TextData data;
    private MoreTexts more;
    private String student;

    @BeforeEach
    void open() throws IOException {
        ModelConfig config =
                ModelConfig.of(
                        "bert",
                        new PostNormEncoder(30522, 8, 1, 2, 16, Activation.GELU, 0.1, 0, 1e-12)
                                .config(new LearnedPositionOption(LENGTH), LENGTH, 2, 0, false),
                        new ClassificationTask(List.of("bad", "fine"), false, HeadOption.MEAN));
        try (InputStream in =
                TaughtFineTuneTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            TextTokenizer tokenizer = TextTokenizer.of(in.readAllBytes(), LENGTH);
            teacher = LoadedModel.fresh("wise", config, tokenizer, 5, Device.cpu());
        }
        student = TinyGlue.model(folder.resolve("student"), 16).toString();
        TextSource labelled =
                source(
                        "a.csv",
                        TextColumns.of("text", "label"),
                        "text,label\na day,fine\nrain,bad\n");
        data = new TextData("days", "", labelled, null, null, LabelSet.of("bad", "fine"), false);
        more =
                new MoreTexts(
                        source(
                                "b.csv",
                                TextColumns.unlabelled("text"),
                                "text\nsun\nwind\nhail and snow\nfog\n"),
                        "b5");
    }

    @AfterEach
    void close() {
        teacher.close();
    }

    private TextSource source(String name, TextColumns columns, String content) throws IOException {
        return TextFiles.open(Files.writeString(folder.resolve(name), content), columns);
    }

    private FineTune run(String work, boolean resume) {
        return new FineTune(
                FineTuneConfig.builder()
                        .optModel(student)
                        .optEpochs(3)
                        .optBatchSize(2)
                        .optMaxLength(LENGTH)
                        .optLearningRate(0.01)
                        .optWork(folder.resolve(work))
                        .optResume(resume)
                        .build(),
                data);
    }

    private FineTune taught(String work, boolean resume) {
        return run(work, resume)
                .taughtBy(new Teaching(teacher, 0, 2, List.of()), more)
                .keepingAnswers(folder.resolve(work).resolve(TeacherAnswers.FILE_NAME));
    }

    private static void assertRefuses(String difference, FineTune run) {
        String message = assertThrows(CheckpointException.class, run::run).getMessage();
        assertTrue(message.contains(difference), message);
    }

    @Test
    void aStudentThatWasStoppedGoesOnByTheSameTeacherOnly() throws Exception {
        String whole;
        try (FineTuned tuned = taught("whole", false).run()) {
            assertEquals(9, tuned.training().step()); // two texts and four more, in twos
            whole = ModelHash.of(tuned.model());
        }
        StopSignal stop = new StopSignal();
        TrainingCallback stopping =
                new TrainingCallback() {
                    @Override
                    public void onStep(StepReport report) {
                        if (report.step() == 4) {
                            stop.request();
                        }
                    }
                };
        try (FineTuned begun = taught("stopped", false).with(stopping).with(stop).run()) {
            assertTrue(begun.training().interrupted());
        }
        assertRefuses("teacher (", run("stopped", true));
        assertRefuses(
                "temperature (\"2.0\", now \"3.0\")",
                run("stopped", true).taughtBy(new Teaching(teacher, 0, 3, List.of()), more));
        assertRefuses(
                "moreTexts (\"b5\", now \"c6\")",
                run("stopped", true)
                        .taughtBy(
                                new Teaching(teacher, 0, 2, List.of()),
                                new MoreTexts(more.source(), "c6")));
        try (FineTuned tuned = taught("stopped", true).run()) {
            assertEquals(whole, ModelHash.of(tuned.model()));
        }
    }

    @Test
    void moreTextsComeAfterTheLabelledWithRowsOfTheirOwn() {
        List<TextExample> all = more.after(data.train(), "bad").stream().toList();
        assertEquals(6, all.size());
        assertEquals(TextExample.of(2, "rain", "bad"), all.get(1));
        assertEquals(TextExample.of((1L << 40) + 1, "sun", "bad"), all.get(2));
        assertEquals(6, all.stream().map(TextExample::row).distinct().count());
    }

    @Test
    void labelsMayNotCountWhereTextsHaveNone() {
        assertEquals(
                "labelShare must be 0 where texts have no labels, got labelShare=0.5",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        run("none", false)
                                                .taughtBy(
                                                        new Teaching(teacher, 0.5, 2, List.of()),
                                                        more))
                        .getMessage());
    }
}
