package org.jzoo.datasets.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.datasets.text.DataException;

class FlagPicturesTest {

    @TempDir Path folder;
    private Path flags;
    private Path factbook;

    @BeforeEach
    void makeFolders() throws IOException {
        flags = Files.createDirectories(folder.resolve("flags"));
        factbook = Files.createDirectories(folder.resolve("factbook"));
        Files.createDirectories(factbook.resolve("europe"));
        for (String code : List.of("gb", "fi", "nl", "no", "bv", "tv")) {
            Files.write(flags.resolve(code + ".png"), new byte[0]);
        }
        Files.writeString(factbook.resolve("package.json"), "{}");
    }

    private void country(String file, String name, String code, String flag) throws IOException {
        Files.writeString(
                factbook.resolve("europe").resolve(file),
                """
                {"Government": {"Country name": {"conventional long form": {"text": "State of %s"},
                 "conventional short form": {"text": "%s"}}, "Flag description": {"text": "%s"}},
                 "Communications": {"Internet country code": {"text": "%s"}}}\
                """
                        .formatted(name, name.equals("A") ? "none" : name, flag, code));
    }

    @Test
    void flagsAreMatchedByInternetCode() throws IOException {
        country("uk.json", "United Kingdom", ".uk", "a cross on a cross");
        country("fi.json", "Finland", ".fi; note - Aland Islands assigned .ax", "a blue cross");
        country("a.json", "A", "metropolitan A - .nl; elsewhere - .tv", "three bands");
        country("bv.json", "Bouvet Island", ".bv", "the flag of Norway is used");
        country("xx.json", "Nowhere", ".xx", "no picture of it");
        country("no.json", "Norway", "", "no code");
        Files.writeString(factbook.resolve("europe/empty.json"), "{\"Government\": {}}");
        assertEquals(
                List.of(
                        picture("fi", "Finland", "a blue cross"),
                        picture("gb", "United Kingdom", "a cross on a cross"),
                        picture("nl", "State of A", "three bands")),
                FlagPictures.read(flags, factbook));
    }

    private NamedPicture picture(String code, String name, String description) {
        return new NamedPicture(code, name, List.of(description), flags.resolve(code + ".png"));
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        assertEquals(
                factbook + ": must hold folders of regions with .json files, got none",
                assertThrows(DataException.class, () -> FlagPictures.read(flags, factbook))
                        .getMessage());
        country("xx.json", "Nowhere", ".xx", "no picture of it");
        assertEquals(
                "%s: must hold flags such as br.png that %s describes, got none"
                        .formatted(flags, factbook),
                assertThrows(DataException.class, () -> FlagPictures.read(flags, factbook))
                        .getMessage());
        Path broken = factbook.resolve("europe/fi.json");
        Files.writeString(broken, "[1]");
        assertTrue(
                assertThrows(DataException.class, () -> FlagPictures.read(flags, factbook))
                        .getMessage()
                        .startsWith(broken + ": must be a JSON object, got "));
        Path none = folder.resolve("none");
        assertTrue(
                assertThrows(DataException.class, () -> FlagPictures.read(flags, none))
                        .getMessage()
                        .startsWith(none + ": must be a folder, got "));
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "JZOO_FLAGS",
            matches = ".+",
            disabledReason = "JZOO_FLAGS names no folder of the flags and the Factbook")
    void theRealFoldersGiveOverTwoHundredFlags() {
        Path root = Path.of(System.getenv("JZOO_FLAGS"));
        List<NamedPicture> real =
                FlagPictures.read(root.resolve("flags"), root.resolve("factbook"));
        assertTrue(real.size() > 220, "got " + real.size());
        for (NamedPicture flag : real) {
            assertEquals(48 * 48 * 3, flag.rgb(48).length);
            assertTrue(!flag.name().equals("none"), flag.id());
        }
        assertTrue(
                real.stream()
                        .anyMatch(flag -> flag.id().equals("br") && flag.name().equals("Brazil")));
    }
}
