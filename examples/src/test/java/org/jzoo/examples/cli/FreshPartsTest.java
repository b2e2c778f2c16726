package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.chunk.ChunkAttentionOption;
import org.jzoo.blocks.chunk.ChunkStackConfig;
import org.jzoo.blocks.feedforward.experts.ExpertsOption;
import org.jzoo.blocks.position.AlibiPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;

/** The parts of a fresh J3, named on the command line. */
class FreshPartsTest {

    @TempDir private Path folder;

    @Test
    void aFreshJ3IsMadeOfTheNamedParts() throws Exception {
        Path questions =
                Files.writeString(
                        folder.resolve("q.csv"),
                        "question,answer,document\nWho sings?,Ann,Ann sings. Bob hums.\n");
        Path model = folder.resolve("model");
        Shell tuned =
                finetune(
                        questions,
                        "long-qa",
                        model,
                        List.of(
                                "--window",
                                "32",
                                "--position",
                                "alibi",
                                "--memory",
                                "0",
                                "--retrieved",
                                "2",
                                "--experts",
                                "4",
                                "--no-globals",
                                "--no-forgetting",
                                "--tokenizer",
                                "bytes"));
        assertEquals(Main.OK, tuned.code(), tuned::err);
        try (LoadedModel loaded = ModelFolder.load(model, Device.cpu())) {
            ChunkStackConfig chunks = ((J3Config) loaded.config().model()).body();
            assertNull(chunks.memory());
            assertFalse(chunks.globals());
            assertInstanceOf(AlibiPositionOption.class, chunks.stack().scorePosition());
            LayerConfig second = chunks.stack().layers().get(1);
            assertEquals(4, ((ExpertsOption) second.feedForward()).numExperts());
            ChunkAttentionOption attention = (ChunkAttentionOption) second.mixer();
            assertEquals(32, attention.window());
            assertEquals(2, attention.retrieval().count());
            assertNull(attention.forgetGate());
        }
        Shell asked =
                Shell.runWithInput(
                        "Ann sings. Bob hums.\n",
                        "ask",
                        "--model",
                        model.toString(),
                        "--document",
                        "-",
                        "--question",
                        "Who sings?",
                        "--device",
                        "cpu");
        assertEquals(Main.OK, asked.code(), asked::err);
    }

    @Test
    void wrongPartsAreRefused() throws Exception {
        Path text = Files.writeString(folder.resolve("a.txt"), "Ann sings. ".repeat(30));
        Path out = folder.resolve("lm");
        Shell kind = finetune(text, "language", out, List.of("--position", "compass"));
        assertTrue(
                kind.err().contains("--position must be one of [rotary, alibi, none], got compass"),
                kind::err);
        Shell odd = finetune(text, "language", out, List.of("--window", "33"));
        assertTrue(odd.err().contains("window must be"), odd::err);
        assertFalse(Files.exists(out));
        Shell there = finetune(text, "language", out, List.of("--model", "x", "--retrieved", "2"));
        assertTrue(there.err().contains("--retrieved must be left out with --model"), there::err);
        Shell texts = finetune(text, "text", out, List.of("--memory", "2"));
        assertTrue(texts.err().contains("--memory must be left out with text"), texts::err);
    }

    private static Shell finetune(Path train, String task, Path out, List<String> parts) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "finetune",
                                "--task",
                                task,
                                "--train",
                                train.toString(),
                                "--out",
                                out.toString(),
                                "--epochs",
                                "1",
                                "--device",
                                "cpu"));
        words.addAll(parts);
        return Shell.run(words.toArray(String[]::new));
    }
}
