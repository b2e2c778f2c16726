package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code ./jzoo} in a made-up project, with scripts in place of Java and Maven. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a bash script")
class LauncherTest {

    private static final String MAIN = "org.jzoo.examples.cli.Main";

    @TempDir private Path temp;

    private Path project;
    private Path jdk;

    @BeforeEach
    void makeProjectAndTools() throws IOException {
        project = Files.createDirectories(temp.resolve("a project"));
        Files.copy(new Sources().root().resolve("jzoo"), project.resolve("jzoo"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        for (String module : Sources.MODULES) {
            Files.createDirectories(project.resolve(module).resolve("src/main"));
            Files.writeString(project.resolve(module).resolve("pom.xml"), "<project/>");
        }
        jdk = makeJdk("17.0.1");
        // Maven: says that it ran and leaves what the launcher reads.
        script(
                temp.resolve("bin/mvn"),
                """
                echo "$@" >>"%s/mvn.log"
                mkdir -p examples/target/quick
                touch examples/target/quick/jzoo-examples-1.jar
                printf '%%s' "$PWD/pom.xml" >examples/target/quick/classpath
                """
                        .formatted(temp));
    }

    @Test
    void passesArgumentsAndExitCodeThrough() throws Exception {
        Run run = jzoo("predict", "two words", "", "*");

        assertEquals(7, run.exit());
        List<String> lines = run.out().lines().toList();
        int main = lines.indexOf("<" + MAIN + ">");
        assertEquals(
                List.of("<predict>", "<two words>", "<>", "<*>"),
                lines.subList(main + 1, lines.size()));
    }

    @Test
    void buildsOnceAndAgainOnlyWhenASourceChanges() throws Exception {
        jzoo();
        jzoo();
        assertEquals(1, builds());

        Path source = project.resolve("zoo/src/main/New.java");
        Files.writeString(source, "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        jzoo();
        assertEquals(2, builds());
    }

    @Test
    void buildsAgainWhenAJarIsGone() throws Exception {
        jzoo();
        Files.delete(project.resolve("examples/target/quick/jzoo-examples-1.jar"));
        jzoo();
        assertEquals(2, builds());
    }

    @Test
    void cudaIsABuildOfItsOwn() throws Exception {
        jzoo();
        run(Map.of("JZOO_CUDA", "1"), temp, project.resolve("jzoo").toString());

        assertEquals(2, builds());
        assertTrue(Files.readString(temp.resolve("mvn.log")).contains("-Pcuda"));
    }

    @Test
    void startsThroughALinkFromAnotherFolder() throws Exception {
        Files.createSymbolicLink(temp.resolve("link"), project.resolve("jzoo"));
        Path second = Files.createSymbolicLink(temp.resolve("second"), Path.of("link"));

        Run run = run(Map.of(), temp, second.toString(), "doctor");

        assertEquals(7, run.exit());
        assertTrue(run.out().endsWith("<doctor>\n"), run.out());
    }

    @Test
    void printsTheClassPath() throws Exception {
        Run run = jzoo("class-path");

        Path root = project.toRealPath();
        assertEquals(0, run.exit());
        assertEquals(
                root + "/examples/target/quick/jzoo-examples-1.jar:" + root + "/pom.xml\n",
                run.out());
    }

    @Test
    void reportsAFailedBuildAndStartsNothing() throws Exception {
        script(temp.resolve("bin/mvn"), "echo '[ERROR] X.java:[1,2] bad'; exit 1");

        Run run = jzoo("doctor");

        assertEquals(1, run.exit());
        assertEquals("", run.out());
        assertTrue(run.err().contains("[ERROR] X.java:[1,2] bad"), run.err());
        assertTrue(run.err().contains("jzoo: the build failed"), run.err());
    }

    @Test
    void rejectsAnOldJava() throws Exception {
        jdk = makeJdk("11.0.2");

        Run run = jzoo();

        assertEquals(1, run.exit());
        assertTrue(run.err().startsWith("jzoo: Java must be 17 or later, got "), run.err());
        assertTrue(run.err().contains("of version 11.0.2"), run.err());
    }

    @Test
    void rejectsAJavaHomeWithoutJava() throws Exception {
        jdk = temp.resolve("nowhere");

        Run run = jzoo();

        assertEquals(1, run.exit());
        assertTrue(run.err().contains("JAVA_HOME=" + jdk + " holds no bin/java"), run.err());
    }

    @Test
    void asksForAJdkWhereARuntimeCannotBuild() throws Exception {
        Files.delete(jdk.resolve("bin/javac"));

        Run run = jzoo();

        assertEquals(1, run.exit());
        assertTrue(run.err().contains("building needs a JDK"), run.err());
    }

    private long builds() throws IOException {
        return Files.readAllLines(temp.resolve("mvn.log")).size();
    }

    private Run jzoo(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("./jzoo"));
        command.addAll(List.of(arguments));
        return run(Map.of(), project, command.toArray(String[]::new));
    }

    private Run run(Map<String, String> environment, Path folder, String... command)
            throws Exception {
        Path out = Files.createTempFile(temp, "out", null);
        Path err = Files.createTempFile(temp, "err", null);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        Map<String, String> variables = builder.environment();
        variables.remove("JZOO_CUDA");
        variables.remove("JZOO_JAVA_OPTS");
        variables.put("JAVA_HOME", jdk.toString());
        variables.merge("PATH", temp.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        variables.putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the launcher did not end");
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** A JDK whose java prints its arguments and exits with 7. */
    private Path makeJdk(String version) throws IOException {
        Path home = temp.resolve("jdk-" + version);
        script(home.resolve("bin/java"), "printf '<%s>\\n' \"$@\"; exit 7");
        script(home.resolve("bin/javac"), "exit 1");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static void script(Path path, String body) throws IOException {
        Files.createDirectories(path.getParent());
        Files.write(path, ("#!/bin/sh\n" + body + "\n").getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Run(int exit, String out, String err) {}
}
