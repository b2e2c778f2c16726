package org.jzoo.examples.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.longqa.FreshJ3;
import org.jzoo.examples.longqa.TokenizerFile;
import org.jzoo.training.loop.CheckpointException;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.zoo.document.TextTokens;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.registry.ModelHash;

class LanguageFineTuneTest {

    private static final String TEXT = "Ann sings, Bob hums. ".repeat(12);

    @TempDir private Path folder;

    private LanguageFineTune tuning(String work, boolean resume, String text) {
        List<LanguageText> parts = new LanguageText("t", text.length() + "", List.of(text)).split();
        FineTuneConfig config =
                FineTuneConfig.builder()
                        .optEpochs(3)
                        .optBatchSize(2)
                        .optMaxLength(40)
                        .optLearningRate(1e-3)
                        .optEvaluateEvery(2)
                        .optDevice(Device.cpu())
                        .optWork(folder.resolve(work))
                        .optResume(resume)
                        .build();
        return new LanguageFineTune(
                // Chunks of 16: windows have three, gradients cross two.
                new FreshJ3(
                        J3Parts.of(new J3Size(24, 3, 2, 20, 16, 8, 2)).optDropout(0.1).build(),
                        TokenizerFile.bytes()),
                config,
                new LanguageData(parts.get(0), parts.get(1), LanguageText.NONE));
    }

    @Test
    void aResumedTrainingIsTheUndisturbedOne() throws Exception {
        String whole;
        Map<String, Double> metrics;
        try (FineTuned tuned = tuning("whole", false, TEXT).run()) {
            assertEquals(9, tuned.training().step()); // six windows in twos
            whole = ModelHash.of(tuned.model());
            metrics = tuned.training().lastMetrics();
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
        try (FineTuned begun = tuning("stopped", false, TEXT).with(stopping).with(stop).run()) {
            assertTrue(begun.training().interrupted());
        }
        assertThrows(
                CheckpointException.class,
                () -> tuning("stopped", true, TEXT + "More.").run(),
                "another text is another training");
        try (FineTuned resumed = tuning("stopped", true, TEXT).run()) {
            assertEquals(metrics, resumed.training().lastMetrics());
            assertEquals(whole, ModelHash.of(resumed.model()));
        }
    }

    @Test
    void windowsAreFollowedByTheirLabelsAndCoverTheText() {
        int[] text = new int[32];
        Arrays.setAll(text, i -> i);
        LanguageBatches batches = new LanguageBatches(text, 7, 2, 3);
        assertEquals(3, batches.size(0)); // 31 labels: five windows in twos
        TreeSet<Long> seen = new TreeSet<>();
        TreeSet<Long> begins = new TreeSet<>();
        try (NDManager manager = PyTorch.newBaseManager()) {
            for (int epoch = 0; epoch < 4; epoch++) {
                for (int b = 0; b < 3; b++) {
                    TrainingBatch batch = batches.batch(epoch, b, manager);
                    long[] ids = batch.inputs().head().toLongArray();
                    long[] labels = batch.labels().head().toLongArray();
                    assertEquals(new Shape(b < 2 ? 2 : 1, 7), batch.inputs().head().getShape());
                    for (int i = 0; i < ids.length; i++) {
                        assertEquals(ids[i] + 1, labels[i]);
                        seen.add(labels[i]);
                        begins.add(ids[i / 7 * 7]);
                    }
                    long[] again = batches.batch(epoch, b, manager).inputs().head().toLongArray();
                    assertArrayEquals(ids, again);
                }
            }
        }
        assertEquals(31, seen.size());
        assertTrue(begins.size() > 8, () -> "epochs begin elsewhere, got " + begins);
    }

    /** Holds the token after each token to be three times as likely as each of three others. */
    private static final class Guess extends Part {
        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            long rows = inputs.head().size();
            long[] next = inputs.head().toLongArray();
            float[] logits = new float[(int) rows * 4];
            for (int i = 0; i < rows; i++) {
                logits[4 * i + (int) (next[i] + 1) % 4] = (float) Math.log(3);
            }
            Shape shape = inputs.head().getShape().add(4);
            return new NDList(inputs.head().getManager().create(logits, shape));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return new Shape[] {inputShapes[0].add(4)};
        }
    }

    @Test
    void bitsPerByteAreThoseOfEveryTokenButTheFirst() {
        // Eight of nine tokens follow: p = 1/2 each; the ninth, a 0 after a 0, has 1/6.
        int[] ids = {0, 1, 2, 3, 0, 1, 2, 3, 0, 0};
        LanguageJudge judge =
                new LanguageJudge(new LanguageTokens(ids, 18), 4, 3, Device.cpu()); // 4 + 4 + 1
        Map<String, Double> metrics = judge.evaluate(new Guess(), Precision.FLOAT32);
        double bits = 8 + Math.log(6) / Math.log(2);
        assertEquals(bits * Math.log(2) / 9, metrics.get("loss"), 1e-6);
        assertEquals(Math.pow(2, bits / 9), metrics.get("perplexity"), 1e-5);
        assertEquals(bits / 18, metrics.get("bitsPerByte"), 1e-6);
        assertEquals(judge.metricNames(), List.copyOf(metrics.keySet()));
    }

    @Test
    void textsLongerThanAPieceAreReadWhole() {
        String line = "ää€ and some words\n";
        String text = line.repeat(20_000) + "😀".repeat(200_000);
        LanguageTokens tokens =
                LanguageTokens.of(new LanguageText("t", "", List.of(text)), TextTokens.bytes(0));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] expected = new int[bytes.length];
        Arrays.setAll(expected, i -> bytes[i] & 0xFF);
        assertArrayEquals(expected, tokens.ids());
        assertEquals(bytes.length - 2, tokens.foretold());
    }

    @Test
    void tokenizersAreReadFromFiles() throws Exception {
        Path file = folder.resolve("tokenizer.json");
        Files.write(file, TokenizerFile.bytes().json());
        TokenizerFile read = TokenizerFile.of(file.toString());
        assertEquals(257, read.vocabularySize());
        assertEquals(0, read.padding());
        for (String other :
                List.of(
                        "{\"model\": {\"type\": \"Unigram\", \"vocab\": []}}",
                        "{\"model\": {\"vocab\": {}}, \"added_tokens\": 3}",
                        "[]",
                        "no JSON: {")) {
            Files.writeString(file, other);
            assertEquals(
                    "tokenizer must have a vocabulary that names ids (BPE, WordPiece) and added"
                            + " tokens, got a file without",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> TokenizerFile.of(file.toString()))
                            .getMessage());
        }
    }

    @Test
    void theLastTenthOfEachDocumentIsHeldOut() {
        List<LanguageText> parts =
                new LanguageText("t", "h", List.of("0123456789", "😀".repeat(19) + "z")).split();
        assertEquals(List.of("012345678", "😀".repeat(18)), parts.get(0).documents());
        assertEquals(List.of("9", "😀z"), parts.get(1).documents());
        assertFalse(parts.get(0).isEmpty());
    }
}
