package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jzoo.blocks.kernel.PyTorch;

class MainTest {

    @TempDir Path folder;

    @Test
    void theOverviewNamesEveryCommand() {
        Shell shell = Shell.run("help");

        assertEquals(Main.OK, shell.code());
        for (String name :
                List.of(
                        "quickstart",
                        "list",
                        "show",
                        "finetune",
                        "evaluate",
                        "compress",
                        "predict",
                        "embed",
                        "doctor",
                        "bench")) {
            assertTrue(shell.out().contains("\n  " + name + " "), name + " in " + shell.out());
        }
    }

    @Test
    void everyHelpHasAllOptionsAndExamplesThatParse() {
        for (Command command : Main.commands()) {
            Shell shell = Shell.run(command.name(), "--help");

            assertEquals(Main.OK, shell.code(), command.name());
            for (Option option : command.options().getOptions()) {
                assertTrue(
                        shell.out().contains("--" + option.getLongOpt()),
                        command.name() + " --" + option.getLongOpt());
            }
            assertTrue(!command.examples().isEmpty(), command.name());
            for (String example : command.examples()) {
                assertTrue(shell.out().contains(example), example);
                List<String> words = List.of(example.split(" ", -1));
                Set<String> known =
                        command.narrowed(words).options().getOptions().stream()
                                .map(option -> "--" + option.getLongOpt())
                                .collect(Collectors.toSet());
                for (String word : words) {
                    assertTrue(!word.startsWith("--") || known.contains(word), example);
                }
            }
        }
    }

    @Test
    void helpOfACommandIsItsOwn() {
        assertEquals(Shell.run("ask", "--help").out(), Shell.run("help", "ask").out());
        Shell recipe = Shell.run("help", "reproduce", "j3");
        assertEquals(Main.OK, recipe.code());
        assertTrue(recipe.out().contains("jzoo reproduce j3"), recipe.out());
        assertTrue(Shell.run("help", "aks").err().contains("did you mean ask?"));
    }

    @Test
    void wordsAndSecondValuesThatWouldCountForNothingAreRefused() {
        Shell words =
                Shell.run(
                        "ask", "--model", "m", "--document", "d", "--question", "Who", "did", "it");
        assertEquals(Main.USAGE, words.code());
        assertTrue(
                words.err()
                        .contains(
                                "every value must follow its option, one of several words in"
                                        + " quotes, got did it"),
                words.err());

        Shell twice = Shell.run("finetune", "--seed", "1", "--seed", "2");
        assertEquals(Main.USAGE, twice.code());
        assertTrue(twice.err().contains("--seed must be given once, got 1, 2"), twice.err());
    }

    @Test
    void unknownCommandsAndOptionsGetASuggestion() {
        Shell command = Shell.run("finetunes");
        assertEquals(Main.USAGE, command.code());
        assertTrue(command.err().contains("did you mean finetune?"), command.err());

        Shell option = Shell.run("embed", "--similarities", "a");
        assertEquals(Main.USAGE, option.code());
        assertTrue(option.err().contains("did you mean --similarity?"), option.err());
        assertTrue(option.err().contains("Try: jzoo embed --help"), option.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quickstart --epochs 0 | --epochs must be a whole number >= 1, got 0",
                "quickstart --tuning some | --tuning must be one of [full, head, lora], got some",
                "quickstart --device frog | --device must be cpu, gpu or gpu1, gpu2, ..., got frog",
                "list a b | PATTERN must be one pattern",
                "show | NAME or DIR must be one model, got []",
                "finetune --train t.csv | --out must be given",
                "evaluate --test t.csv | --model must be given",
                "evaluate --model m --test no-such.csv | --test must exist, got",
                "predict text | --model must be given",
                "predict --model m --file f text | TEXT and --file must not be given together",
                "embed --device cuda9 --nothing | Unrecognized option: --nothing",
                "doctor now | doctor must have no arguments, got [now]",
                "bench | what to measure must be one of [encode, train, load, start, attention,"
                        + " generate, experts, vqa, j3, compressed]",
                "finetune --train t.csv --out o --regression --smoothing 0.1 | --smoothing must be"
                        + " left out with --regression",
                "reproduce glue --glue . --perturbation 1 | --perturbation must come with --tunings"
                        + " full: it moves word embeddings that learn, got --tunings full,lora",
                "compress --model m --train t.csv --params 50% --zeros 2:4 --tuning lora --out o |"
                        + " --zeros must go without --tuning lora: adapters that are merged move"
                        + " zeros",
                "compress --model m --train t.csv --params 0% --out o | --params must be above 0%",
                "compress --model m --train t.csv --params 200% --out o | at most 100%",
                "bench encod | did you mean encode?",
                "bench load --model minilm-l7 | did you mean minilm-l6?",
                "bench train --results figures.txt | --results must be a .json file",
                "bench train --student s | Unrecognized option: --student",
                "bench train load | what to measure must be one word, got train load",
                "quickstart --tuning full --base-bits 4 | --base-bits must"
                        + " come with --tuning lora: packed maps do not learn, got --tuning full",
                "quickstart --base-bits 9 | --base-bits must be in [2, 8]," + " got 9",
                "reproduce | what to reproduce must be quickstart or glue or techniques",
                "reproduce glue | --glue must be given",
                "reproduce glue --glue . --seeds a | --seeds: ",
                "reproduce glue --glue . --tunings half | tuning must be full or lora",
                "reproduce glue --glue . --shard 2/2 | --shard must be I/N with 0 <= I < N",
                "readme --documents d | did you mean --document?"
            })
    void wrongArgumentsAreExplained(String line, String message) {
        Shell shell = Shell.run(line.split(" ", -1));

        assertEquals(Main.USAGE, shell.code(), shell.err());
        assertTrue(shell.err().contains(message), shell.err());
        assertTrue(shell.out().isEmpty(), shell.out());
    }

    @Test
    void theDoctorFindsNothingWrongHere() {
        Shell shell = Shell.run("doctor", "--json");

        JsonObject report = JsonParser.parseString(shell.out()).getAsJsonObject();
        assertTrue(report.get("sound").getAsBoolean(), shell.out());
        assertEquals(Main.OK, shell.code());
        assertEquals("OK", state(report.getAsJsonArray("findings"), "PyTorch JNI"));
        assertEquals("OK", state(report.getAsJsonArray("findings"), "engine"));
    }

    private static String state(JsonArray findings, String name) {
        for (var finding : findings) {
            if (finding.getAsJsonObject().get("name").getAsString().equals(name)) {
                return finding.getAsJsonObject().get("state").getAsString();
            }
        }
        throw new AssertionError(name);
    }

    @Test
    void theDoctorNamesTheArtifactOfAWrongOrMissingLibrary() throws IOException {
        Path jni = folder.resolve("pytorch.properties");
        Files.writeString(jni, "jni_version=2.5.1-0.31.0\n");
        ClassLoader loader =
                new ClassLoader(null) {
                    @Override
                    public Enumeration<URL> getResources(String name) throws IOException {
                        return Collections.enumeration(
                                name.equals("jnilib/pytorch.properties")
                                        ? List.of(jni.toUri().toURL())
                                        : List.of());
                    }
                };

        List<Finding> findings = new SoftwareCheck(loader).run();

        Finding wrong = finding(findings, "PyTorch JNI");
        assertEquals(Finding.State.WRONG, wrong.state());
        assertEquals("2.5.1-0.31.0", wrong.value());
        assertTrue(
                wrong.advice()
                        .contains(
                                "ai.djl.pytorch:pytorch-jni:%s-%s"
                                        .formatted(PyTorch.PYTORCH_VERSION, PyTorch.DJL_VERSION)),
                wrong.advice());
        assertEquals("missing", finding(findings, "tokenizers").value());

        StringBuilder text = new StringBuilder();
        Shell shell = report(findings);
        text.append(shell.out());
        assertEquals(Main.FAILED, shell.code());
        assertTrue(text.toString().contains("to be put right:"), text.toString());
    }

    private static Finding finding(List<Finding> findings, String name) {
        return findings.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
    }

    private static Shell report(List<Finding> findings) {
        var out = new java.io.ByteArrayOutputStream();
        var stream = new java.io.PrintStream(out, true, java.nio.charset.StandardCharsets.UTF_8);
        int code = DoctorCommand.report(findings, false, new Terminal(stream, stream));
        return new Shell(code, out.toString(java.nio.charset.StandardCharsets.UTF_8), "");
    }

    @Test
    void glueRunsAreSummarisedIntoTheReadme() throws IOException {
        Path lines = folder.resolve("glue.jsonl");
        String run =
                "{\"model\":\"minilm-l6\",\"task\":\"RTE\",\"tuning\":\"lora\",\"seed\":%d,"
                        + "\"parameters\":\"trainable params: 1 || all params: 50 || trainable%%:"
                        + " 2.0000\",\"metrics\":{\"accuracy\":%s}}%n";
        Files.writeString(lines, run.formatted(17, "0.60") + run.formatted(19, "0.70"));
        Path readme = folder.resolve("README.md");
        Files.writeString(readme, "<!-- jzoo:results glue -->\n<!-- /jzoo:results -->\n");

        Shell shell =
                Shell.run(
                        "reproduce",
                        "glue",
                        "--table",
                        "--out",
                        lines.toString(),
                        "--document",
                        readme.toString());

        assertEquals(Main.OK, shell.code(), shell.err());
        assertTrue(shell.out().contains("65.0 ± 7.1"), shell.out());
        assertTrue(Files.readString(readme).contains("65.0 ± 7.1"));
        String[] check = {
            "readme", "--check", "--document", readme.toString(), "--results", folder.toString()
        };
        assertEquals(Main.OK, Shell.run(check).code());
        Files.writeString(readme, "<!-- jzoo:results glue -->\nold\n<!-- /jzoo:results -->\n");
        assertEquals(Main.FAILED, Shell.run(check).code());
    }
}
