package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.training.report.ResultsFile;

class RecipesTest {

    @Test
    void aRecipesHelpIsAboutItsOwnOptions() {
        Shell vqa = Shell.run("reproduce", "j1", "--help");
        assertEquals(Main.OK, vqa.code());
        assertTrue(vqa.out().contains("--batch-pictures"), vqa.out());
        assertTrue(vqa.out().contains("jzoo reproduce j1 --table"), vqa.out());
        assertFalse(vqa.out().contains("--factbook"), vqa.out());
        Shell all = Shell.run("reproduce", "--help");
        assertTrue(all.out().contains("jzoo reproduce NAME --help"), all.out());
        assertFalse(all.out().contains("%n"), all.out());
    }

    @Test
    void anotherRecipesOptionIsRefused() {
        Shell shell = Shell.run("reproduce", "memory", "--epochs", "3");
        assertEquals(Main.USAGE, shell.code());
        assertTrue(shell.err().contains("Unrecognized option: --epochs"), shell.err());
    }

    @Test
    void twoRecipesAtOnceAreRefused() {
        Shell shell = Shell.run("reproduce", "memory", "experts");
        assertEquals(Main.USAGE, shell.code());
        assertTrue(shell.err().contains("one word, got memory experts"), shell.err());
    }

    @Test
    void gridsNeedTheirPictures(@TempDir Path folder) {
        Shell none = Shell.run("reproduce", "j1", "--data", "grids");
        assertTrue(none.err().contains("--pictures-folder must name"), none.err());
        String pictures = folder.toString();
        Shell mirrored =
                Shell.run(
                        "reproduce",
                        "j1",
                        "--data",
                        "grids",
                        "--pictures-folder",
                        pictures,
                        "--mirror");
        assertEquals(Main.USAGE, mirrored.code());
        assertTrue(mirrored.err().contains("--mirror must be left out"), mirrored.err());
        assertFalse(Files.exists(Path.of("results/j1-grids.jsonl")));
    }

    @Test
    void longRangeArenaIsTriedInSecondsAndTabulated(@TempDir Path folder) {
        String out = folder.resolve("lra.jsonl").toString();
        String[] smoke = {
            "reproduce",
            "lra",
            "--tasks",
            "listops",
            "--variants",
            "longformer",
            "--seeds",
            "3",
            "--smoke",
            "--steps",
            "1",
            "--device",
            "cpu",
            "--out",
            out
        };
        Shell tried = Shell.run(smoke);
        assertEquals(Main.OK, tried.code(), tried::err);
        Shell again = Shell.run(smoke);
        assertFalse(again.err().contains("ListOps"), again::err);
        Shell table = Shell.run("reproduce", "lra", "--table", "--out", out);
        assertEquals(Main.OK, table.code(), table::err);
        assertTrue(table.out().contains("1 x 4 at 0.003"), table::out);
        assertTrue(table.out().contains("Tay et al. 2021"), table::out);
        Shell reviews = Shell.run("reproduce", "lra", "--tasks", "text", "--device", "cpu");
        assertTrue(reviews.err().contains("--reviews must be given"), reviews::err);
        Shell unknown = Shell.run("reproduce", "lra", "--tasks", "paths");
        assertTrue(unknown.err().contains("--tasks: must be of listops,text, got paths"));
    }

    @Test
    void aShippedModelIsAskedAtEveryLengthOnce(@TempDir Path folder) throws Exception {
        String speech = "{\"year\":%d,\"name\":\"A\",\"party\":\"B\",\"text\":\"%s\"}";
        Path speeches = Files.createDirectory(folder.resolve("speeches"));
        for (int year : new int[] {1904, 1905}) {
            Files.writeString(
                    speeches.resolve("%d_some_one_r.json".formatted(year)),
                    speech.formatted(
                            year, "Trade has grown this year. Peace is kept. ".repeat(40)));
        }
        String out = folder.resolve("needles.jsonl").toString();
        String[] words = {
            "reproduce",
            "needles",
            "--data",
            speeches.toString(),
            "--words",
            "90,400",
            "--examples",
            "2",
            "--seeds",
            "3",
            "--device",
            "cpu",
            "--out",
            out
        };
        Shell asked = Shell.run(words);
        assertEquals(Main.OK, asked.code(), asked::err);
        assertTrue(asked.err().contains("j3-recall, 400 words, seed 3: 2 of 2 found"), asked::err);
        assertFalse(Shell.run(words).err().contains("found"), "asked again");
        Shell table = Shell.run("reproduce", "needles", "--table", "--out", out);
        assertEquals(Main.OK, table.code(), table::err);
        assertTrue(
                table.out()
                        .contains(
                                "`jzoo reproduce needles --data DIR --examples 2 --words 90,400`"),
                table::out);
    }

    @Test
    void vectorsAreTrainedAndJudgedOnceAndTabulated(@TempDir Path folder) throws Exception {
        Path speeches = Files.createDirectory(folder.resolve("speeches"));
        String[] words = {"trade", "peace", "corn", "ships", "gold", "roads", "law", "rivers"};
        for (int year = 1900; year < 1908; year++) {
            String text = "Our %s and our %s. ".formatted(words[year % 8], words[(year + 3) % 8]);
            Files.writeString(
                    speeches.resolve("%d_some_one_r.json".formatted(year)),
                    "{\"year\":%d,\"name\":\"A\",\"party\":\"B\",\"text\":\"%s\"}"
                            .formatted(year, text.repeat(30)));
        }
        String out = folder.resolve("vectors.jsonl").toString();
        String[] command = {
            "reproduce",
            "vectors",
            "--data",
            speeches.toString(),
            "--epochs",
            "1",
            "--batch-size",
            "2",
            "--max-length",
            "20",
            "--seeds",
            "3",
            "--device",
            "cpu",
            "--out",
            out
        };
        Shell made = Shell.run(command);
        assertEquals(Main.OK, made.code(), made::err);
        assertTrue(made.err().contains("variant=J3, first 512 tokens, seed=3"), made::err);
        assertEquals(4, Files.readAllLines(Path.of(out)).size());
        assertFalse(Shell.run(command).err().contains("variant="), "made again");
        Shell table = Shell.run("reproduce", "vectors", "--table", "--out", out);
        assertEquals(Main.OK, table.code(), table::err);
        assertTrue(
                table.out()
                        .contains(
                                "`jzoo reproduce vectors --data DIR --epochs 1 --batch-size 2"
                                        + " --max-length 20`"),
                table::out);
        assertTrue(table.out().contains("| MiniLM, mean of windows | 2 "), table::out);
    }

    @Test
    void aTablesCommandHasTheOptionsThatItsRunsHad(@TempDir Path folder) throws Exception {
        String student =
                """
                {"task":"Sort-of-CLEVR","seed":17,"variant":"full","step":"trained",\
                "metrics":{"all":0.5},"score":0.5,"weights":7,"bytes":0,"share":0.125,"plan":"p",\
                "steps":[36,0],"device":"cpu()","precision":"FLOAT32","seconds":1}
                """;
        assertEquals(
                "jzoo reproduce j2-lite-vqa --models DIR --params 12.5% --epochs 36"
                        + " --rounded-epochs 0",
                command("j2-lite-vqa", folder, student));
        String rounded =
                """
                {"task":"SST-2","model":"minilm-l6","seed":17,"bits":4,"method":"rtn","group":%d,\
                "metrics":{"accuracy":0.5},"divergence":0.0,"device":"gpu(0)",\
                "precision":"BFLOAT16","seconds":1}
                """;
        assertEquals(
                "jzoo reproduce quantization --glue DIR --bf16"
                        + " && jzoo reproduce quantization --glue DIR --group 32 --bf16",
                command("quantization", folder, rounded.formatted(0) + rounded.formatted(32)));
        String pruned =
                """
                {"task":"MRPC","seed":17,"method":"gradual","share":0.5,"kept":0.5,"steps":%d,\
                "metrics":{"f1":0.5},"score":0.5,"weights":7,"plan":"p","device":"cpu()",\
                "precision":"FLOAT32","seconds":1}
                """;
        assertEquals(
                "jzoo reproduce pruning --glue DIR",
                command("pruning", folder, pruned.formatted(0) + pruned.formatted(300)));
    }

    @Test
    void theQuickstartsTableIsMadeOfItsSeeds(@TempDir Path folder) throws Exception {
        String line =
                """
                {"seed":%d,"test":{"accuracy":%s,"f1":0.5},"seconds":200,"device":"cpu",\
                "dataHash":"d"}
                """;
        assertEquals(
                "jzoo reproduce quickstart",
                command(
                        "quickstart",
                        folder,
                        line.formatted(17, "0.96") + line.formatted(19, "0.98")));
        ResultsFile file = ResultsFile.read(folder.resolve("quickstart.json"));
        assertTrue(file.toMarkdown().contains("97.0 ± 1.4"), file.toMarkdown());
        assertTrue(file.toMarkdown().contains("| 565 "), file.toMarkdown());
    }

    @Test
    void aTablesCommandsNameTheVariantsThatWereRunDifferently(@TempDir Path folder)
            throws Exception {
        String asked =
                """
                {"variant":"%s","seed":17,"epochs":%d,"pictures":9800,"mirrored":%s,\
                "parameters":7,"device":"cpu()","precision":"FLOAT32","seconds":1,\
                "questionsPerSecond":1,"loss":1,"metrics":{"all":0.5,"without image":0.4,\
                "without text":0.3}}
                """;
        assertEquals(
                "jzoo reproduce j1 --epochs 70 --mirror --variants full"
                        + " && jzoo reproduce j1 --variants full,pooled",
                command(
                        "j1",
                        folder,
                        asked.formatted("full", 70, true)
                                + asked.formatted("full", 80, false)
                                + asked.formatted("pooled", 80, false)));
    }

    @Test
    void aTablesCommandTellsWhatWasTunedHow(@TempDir Path folder) throws Exception {
        String tuned =
                """
                {"model":"minilm-l6","task":"MRPC","tuning":"full",%s"seed":17,"epochs":5,\
                "batchSize":32,"learningRate":1e-4,"layerDecay":1,"parameters":"trainable%%: 100",\
                "device":"gpu(0)","precision":"%s","seconds":1,"tokensPerSecond":1,\
                "metrics":{"accuracy":0.5,"f1":0.5}}
                """;
        String agreed =
                "\"regularization\":{\"smoothing\":0,\"averaging\":0.99,\"agreement\":1,\"perturbation\":0},";
        assertEquals(
                "jzoo reproduce glue --glue DIR && jzoo reproduce glue --glue DIR --averaging 0.99"
                        + " --agreement 1.0 --bf16",
                command(
                        "glue",
                        folder,
                        tuned.formatted("", "TF32") + tuned.formatted(agreed, "BFLOAT16")));
        String technique =
                """
                {"task":"SST-2","model":"%s","techniques":"%s","tuning":"full","judged":"dev",\
                "seed":17,"epochs":3,"batchSize":64,"everySentence":2,"rate":5e-5,\
                "device":"gpu(0) TF32","seconds":1,"metrics":{"accuracy":0.5}}
                """;
        String command = "jzoo reproduce techniques --glue DIR --reviews FILE --models ";
        assertEquals(
                (command + "a --judged dev --techniques plain,agreement && ")
                        + (command + "b --judged dev --techniques plain && ")
                        + (command + "b --judged dev --sentences 2 --techniques taught+sentences"),
                command(
                        "techniques",
                        folder,
                        technique.formatted("a", "plain")
                                + technique.formatted("a", "agreement")
                                + technique.formatted("b", "plain")
                                + technique.formatted("b", "taught+sentences")));
    }

    private static String command(String recipe, Path folder, String lines) throws Exception {
        Path out = folder.resolve(recipe + ".jsonl");
        Files.writeString(out, lines);
        Shell table =
                Shell.run(
                        "reproduce", recipe, "--table", "--out", out.toString(), "--commit", "c0");
        assertEquals(Main.OK, table.code(), table::err);
        ResultsFile file = ResultsFile.read(folder.resolve(recipe + ".json"));
        assertEquals("c0", file.commit());
        return file.command();
    }
}
