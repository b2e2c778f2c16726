package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
