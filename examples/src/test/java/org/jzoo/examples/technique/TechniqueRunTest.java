package org.jzoo.examples.technique;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.lite.TinyGlue;
import org.jzoo.training.report.Environment;

final class TechniqueRunTest {

    @TempDir Path folder;

    private TechniqueConfig config(Path model, Path work) throws Exception {
        return new TechniqueConfig(
                TinyGlue.glue(folder.resolve("glue")),
                GlueTask.SST2,
                null,
                work,
                model.toString(),
                2,
                2,
                4,
                1e-3,
                1e-2,
                40,
                Precision.FLOAT32,
                Device.cpu());
    }

    @Test
    void everyTechniqueThatNeedsNoReviewsIsMeasuredAndComparedWithPlain() throws Exception {
        Path model = TinyGlue.model(folder.resolve("tiny"));
        TechniqueConfig config = config(model, null);
        List<TechniqueRun.Figures> all = new ArrayList<>();
        for (String words :
                List.of(
                        "plain",
                        "smoothing",
                        "averaging",
                        "agreement",
                        "perturbation",
                        "decay",
                        "averaging+agreement+taught")) {
            TechniqueRun run =
                    new TechniqueRun(model.toString(), words, "full", TechniqueRun.DEV, 17);
            TechniqueRun.Figures figures = run.run(config);
            assertEquals(run, figures.run());
            all.add(figures);
        }
        double plain = all.get(0).metrics().get("loss");
        for (TechniqueRun.Figures figures : all.subList(1, all.size())) {
            assertNotEquals(plain, figures.metrics().get("loss"), figures.techniques());
        }
        String table =
                TechniqueTable.of(all, "command", "commit", Environment.current(Map.of()))
                        .toMarkdown();
        assertTrue(table.contains("averaging+agreement+taught"), table);
        assertTrue(table.contains("over plain"), table);
    }

    @Test
    void aRunThatWasStoppedGoesOnInItsFolder() throws Exception {
        Path model = TinyGlue.model(folder.resolve("tiny"));
        Path work = folder.resolve("work");
        TechniqueRun run =
                new TechniqueRun(
                        model.toString(), "averaging+taught", "lora", TechniqueRun.HELD_OUT, 3);
        TechniqueConfig plain = config(model, null);
        TechniqueConfig resuming = config(model, work);
        StringBuilder rows = new StringBuilder("sentence\tlabel\n");
        for (int i = 0; i < 40; i++) {
            rows.append("a day of number %d\t%d\n".formatted(i, i % 2));
        }
        Files.writeString(plain.glue().resolve("SST-2/train.tsv"), rows);
        double expected = run.run(plain).metrics().get("loss");
        assertEquals(expected, run.run(resuming).metrics().get("loss"));
        assertEquals(expected, run.run(resuming).metrics().get("loss"));
        try (var files = Files.walk(work)) {
            assertTrue(files.anyMatch(f -> f.getFileName().toString().equals("average.f32")));
        }
    }

    private static TechniqueRun.Figures figures(TechniqueRun run, String task, double rate) {
        return new TechniqueRun.Figures(
                task,
                run.model(),
                run.techniques(),
                run.tuning(),
                run.judged(),
                run.seed(),
                2,
                2,
                7,
                rate,
                "cpu() FLOAT32",
                1,
                Map.of("accuracy", 0.5));
    }

    @Test
    void figuresOfAnotherTaskOrRateAreNoReasonNotToRun() throws Exception {
        TechniqueConfig config = config(TinyGlue.model(folder.resolve("tiny")), null);
        TechniqueRun run = new TechniqueRun("tiny", "plain", "lora", TechniqueRun.DEV, 3);
        assertTrue(run.made(figures(run, "SST-2", 1e-2), config));
        assertFalse(run.made(figures(run, "SST-2", 1e-3), config));
        assertFalse(run.made(figures(run, "CoLA", 1e-2), config));
        // Which sentences are taken matters to who learns from some.
        TechniqueRun taught =
                new TechniqueRun("tiny", "taught+sentences", "lora", TechniqueRun.DEV, 3);
        assertFalse(taught.made(figures(taught, "SST-2", 1e-2), config));
    }

    @Test
    void techniquesAreReadInAnyOrderAndWrittenInOne() {
        Set<Technique> both = EnumSet.of(Technique.AVERAGING, Technique.REVIEWS);
        assertEquals(both, Technique.read("reviews+averaging"));
        assertEquals("averaging+reviews", Technique.write(both));
        assertEquals("plain", Technique.write(Technique.read("plain")));
        assertEquals(
                "technique must be plain or smoothing, averaging, agreement, perturbation, decay,"
                        + " reviews, taught, sentences, got technique=luck",
                assertThrows(IllegalArgumentException.class, () -> Technique.read("decay+luck"))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Technique.read("sentences"));
        assertEquals(
                "tuning must be full for perturbation, which moves word embeddings that learn, got"
                        + " tuning=lora",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new TechniqueRun("m", "perturbation", "lora", "dev", 3))
                        .getMessage());
    }

    @Test
    void reviewsAreCutIntoSentencesInTheMannerOfTheTask() throws Exception {
        assertEquals(
                List.of("i did n't like it , and it 's long .", "what a waste of ( my ) time !"),
                ReviewTexts.sentences(
                                "I didn't like it, and it's long. Ok. What a waste of (my) time!")
                        .toList());
        Path file =
                Files.writeString(
                        folder.resolve("reviews.csv"),
                        """
                        text,label
                        "A<br />film that I like. It is so good.",positive
                        "It is not a good film.",negative
                        """);
        TextSource reviews = TextFiles.open(file, TextColumns.of("text", "label"));
        LabelSet labels = LabelSet.of("0", "1");
        assertEquals(
                List.of("1", "0"),
                ReviewTexts.whole(reviews, labels).stream().map(TextExample::label).toList());
        assertEquals(
                List.of(
                        TextExample.of(1, "a film that i like .", null),
                        TextExample.of(3, "it is not a good film .", null)),
                ReviewTexts.sentences(reviews, 2).stream().toList());
    }

    @Test
    void aTaskOfPairsIsRefused() {
        assertEquals(
                "task must be about labels of single texts, got task=MRPC",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new TechniqueConfig(
                                                folder,
                                                GlueTask.MRPC,
                                                null,
                                                null,
                                                "tiny",
                                                1,
                                                1,
                                                1,
                                                1,
                                                1,
                                                1,
                                                Precision.FLOAT32,
                                                Device.cpu()))
                        .getMessage());
    }
}
