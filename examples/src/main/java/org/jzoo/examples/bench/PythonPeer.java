package org.jzoo.examples.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jzoo.blocks.kernel.Precision;

/**
 * The same fine-tuning step in Python's PyTorch, made on request by a process of its own that times
 * itself: {@code train_step.py} beside this class.
 */
final class PythonPeer implements AutoCloseable {

    private static final String SCRIPT = "train_step.py";

    private final Path folder;
    private final Path errors;
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;
    private final String version;

    /**
     * Starts Python.
     *
     * @param python the interpreter, such as "python3"
     * @param config what is measured
     * @param threads of an operator
     * @throws IOException if there is no such interpreter, or it has no torch; the message holds
     *     what it said
     */
    PythonPeer(String python, TrainBench.Config config, int threads) throws IOException {
        folder = Files.createTempDirectory("jzoo-python");
        errors = folder.resolve("errors");
        Path script = folder.resolve(SCRIPT);
        try (InputStream in = PythonPeer.class.getResourceAsStream(SCRIPT)) {
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command = new ArrayList<>(List.of(python, script.toString()));
        command.add(Integer.toString(config.rows()));
        command.add(Integer.toString(config.tokens()));
        command.add(Integer.toString(threads));
        command.add(config.device().isGpu() ? "cuda" : "cpu");
        try {
            process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        } catch (IOException e) {
            deleteFiles();
            throw new IOException("--python must be a Python interpreter, got " + python, e);
        }
        requests =
                new BufferedWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        try {
            version = answer();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** The version of its PyTorch. */
    String version() {
        return version;
    }

    /** The number of its process. */
    long pid() {
        return process.pid();
    }

    /** Makes a step and returns its milliseconds. */
    double step(Precision precision) throws IOException {
        try {
            requests.write(precision.name().toLowerCase(Locale.ROOT) + "\n");
            requests.flush();
        } catch (IOException e) {
            throw failed(); // It has ended, and said why.
        }
        return Double.parseDouble(answer());
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw failed();
        }
        return line;
    }

    private IOException failed() throws IOException {
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new IOException(
                "the Python process must answer, it ended with: "
                        + Files.readString(errors).strip());
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        deleteFiles();
    }

    private void deleteFiles() throws IOException {
        Files.deleteIfExists(folder.resolve(SCRIPT));
        Files.deleteIfExists(errors);
        Files.deleteIfExists(folder);
    }
}
