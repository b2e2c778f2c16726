package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.chunk.StoreOption;
import org.jzoo.examples.longqa.TokenizerFile;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.weights.TensorType;

/** generate, with a J3 and texts longer than its chunks. */
class LongPromptsTest {

    private static final String TEXT = "Ann sings, Bob listens. ".repeat(12);

    @TempDir private Path folder;
    private Path model;

    @BeforeEach
    void save() throws IOException {
        model = folder.resolve("model");
        TokenizerFile bytes = TokenizerFile.bytes();
        J3Parts parts =
                J3Parts.of(new J3Size(24, 3, 2, 20, 32, 8, 9))
                        .optWindow(6)
                        .optStore(
                                new StoreOption(
                                        3, StoreOption.Keep.RELEVANT, StoreOption.Numbers.INT8))
                        .build();
        try (LoadedModel fresh =
                LoadedModel.fresh(
                        "model",
                        ModelConfig.of(
                                "j3",
                                parts.decoder(bytes.vocabularySize(), bytes.padding()),
                                new CausalLanguageTask(List.of())),
                        bytes.open(),
                        5,
                        Device.cpu())) {
            ModelFolder.save(model, fresh, "", TensorType.F32);
        }
    }

    private Shell generate(String... more) {
        String[] usual = {
            "generate", "--model", model.toString(), "--device", "cpu", "--max-new-tokens", "50"
        };
        String[] all = new String[usual.length + more.length];
        System.arraycopy(usual, 0, all, 0, usual.length);
        System.arraycopy(more, 0, all, usual.length, more.length);
        return Shell.run(all);
    }

    private static String continuation(Shell shell) {
        assertEquals(Main.OK, shell.code(), shell::err);
        return JsonParser.parseString(shell.out())
                .getAsJsonObject()
                .get("continuation")
                .getAsString();
    }

    @Test
    void whatIsKeptAndReadingAgainWriteTheSame() throws IOException {
        String kept = continuation(generate("--json", TEXT));
        assertTrue(!kept.isEmpty());
        assertEquals(kept, continuation(generate("--json", "--no-cache", TEXT)));
        Path file = Files.writeString(folder.resolve("text.txt"), TEXT);
        assertEquals(kept, continuation(generate("--json", "--prompt-file", file.toString())));
        Shell streamed = generate("--prompt-file", file.toString());
        assertEquals(kept, streamed.out().substring(0, streamed.out().length() - 1));
    }

    @Test
    void saysWhatItWants() throws IOException {
        Path blank = Files.writeString(folder.resolve("blank.txt"), " \n");
        assertEquals(
                "jzoo generate: --prompt-file must hold text, got none in " + blank,
                generate("--prompt-file", blank.toString()).err().lines().findFirst().orElse(""));
        assertEquals(
                "jzoo generate: prompts must be given by --prompt, by --prompt-file or as"
                        + " arguments, got --prompt a, --prompt-file (none) and [b]",
                generate("--prompt", "a", "b").err().lines().findFirst().orElse(""));
    }
}
