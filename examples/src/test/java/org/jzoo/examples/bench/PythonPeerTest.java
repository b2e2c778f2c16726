package org.jzoo.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.Precision;

/** Interpreters here are shell scripts that stand in for Python. */
@EnabledOnOs(
        value = {OS.LINUX, OS.MAC},
        disabledReason = "needs a shell")
class PythonPeerTest {

    private static final TrainBench.Config CONFIG =
            new TrainBench.Config(3, 5, 1, 0, Device.cpu(), 2, null);

    @TempDir Path folder;

    private String interpreter(String script) throws IOException {
        Path file = Files.writeString(folder.resolve("python"), "#!/bin/sh\n" + script + "\n");
        assertTrue(file.toFile().setExecutable(true));
        return file.toString();
    }

    @Test
    void eachPrecisionIsAskedForByNameAndAnsweredInMilliseconds() throws IOException {
        String python =
                interpreter(
                        "echo 9.8; while read word; do case $word in float32) echo 1.5;;"
                                + " bfloat16) echo 0.5;; esac; done");
        try (PythonPeer peer = new PythonPeer(python, CONFIG, 2)) {
            assertEquals("9.8", peer.version());
            assertEquals(1.5, peer.step(Precision.FLOAT32));
            assertEquals(0.5, peer.step(Precision.BFLOAT16));
            assertEquals(1.5, peer.step(Precision.FLOAT32));
        }
    }

    @Test
    void theScriptGetsRowsTokensThreadsAndDevice() throws IOException {
        String python = interpreter("shift; echo \"$*\"; cat");
        try (PythonPeer peer = new PythonPeer(python, CONFIG, 2)) {
            assertEquals("3 5 2 cpu", peer.version());
        }
    }

    @Test
    void anInterpreterWithoutTorchSaysSo() throws IOException {
        String python = interpreter("echo 'must have torch installed: No module' >&2; exit 1");
        assertEquals(
                "the Python process must answer, it ended with:"
                        + " must have torch installed: No module",
                assertThrows(IOException.class, () -> new PythonPeer(python, CONFIG, 2))
                        .getMessage());
    }

    @Test
    void aMissingInterpreterIsNamed() {
        assertEquals(
                "--python must be a Python interpreter, got no-such-python",
                assertThrows(IOException.class, () -> new PythonPeer("no-such-python", CONFIG, 2))
                        .getMessage());
    }

    @Test
    void aProcessThatEndsInAStepSaysWhy() throws IOException {
        String python = interpreter("echo 9.8; read word; echo 'out of memory' >&2; exit 1");
        try (PythonPeer peer = new PythonPeer(python, CONFIG, 2)) {
            assertEquals(
                    "the Python process must answer, it ended with: out of memory",
                    assertThrows(IOException.class, () -> peer.step(Precision.FLOAT32))
                            .getMessage());
        }
    }
}
