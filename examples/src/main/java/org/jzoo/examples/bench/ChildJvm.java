package org.jzoo.examples.bench;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Measures in a JVM of its own, so that no earlier measurement's memory is in the way. */
final class ChildJvm {

    private ChildJvm() {}

    /**
     * Runs a main method with this JVM's class path.
     *
     * @param main the class to run, whose last line of output is the result as JSON
     * @param minutes how long it may take
     * @param result what the line is read as
     * @param arguments of the main method; the first one names the run in messages
     * @throws IOException if it takes longer or fails; the message holds what it said
     */
    static <R> R run(Class<?> main, int minutes, Class<R> result, String... arguments)
            throws IOException, InterruptedException {
        return run(List.of(), main, minutes, result, arguments);
    }

    /** The same with more options of the JVM. */
    static <R> R run(
            List<String> options, Class<?> main, int minutes, Class<R> result, String... arguments)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("jzoo-bench", ".json");
        Path errors = Files.createTempFile("jzoo-bench", ".log");
        Process process = null;
        try {
            process =
                    new ProcessBuilder(command(options, main, arguments))
                            .redirectOutput(output.toFile())
                            .redirectError(errors.toFile())
                            .start();
            if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
                throw new IOException(
                        "%s must end within %d minutes".formatted(arguments[0], minutes));
            }
            return read(arguments[0], process.exitValue(), output, errors, result);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
    }

    private static <R> R read(String name, int code, Path output, Path errors, Class<R> result)
            throws IOException {
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        try {
            if (code == 0 && !lines.isEmpty()) {
                return new Gson().fromJson(lines.get(lines.size() - 1), result);
            }
        } catch (JsonParseException e) {
            // Falls through: what the process said is in the message below.
        }
        throw new IOException(
                "%s must start, got exit code %d: %s"
                        .formatted(name, code, Files.readString(errors).strip()));
    }

    private static List<String> command(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        // Where native libraries are, if somebody said so.
        System.getProperties()
                .forEach(
                        (name, value) -> {
                            if (name.toString().matches("(jna|ai\\.djl)\\..*")) {
                                command.add("-D" + name + "=" + value);
                            }
                        });
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path", "." + File.pathSeparator));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }
}
