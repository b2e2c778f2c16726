package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.examples.finetune.SquarePictures;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.FreshJ1;
import org.jzoo.zoo.j1.J1Size;
import org.jzoo.zoo.j1.MatchTask;
import org.jzoo.zoo.j1.RetrievalTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.Shipped;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.TensorType;

/** The commands on models of texts and pictures. */
class J1CommandsTest {

    private static final J1Size SIZE =
            J1Size.TINY.withLayers(1, 1, 1).withImageSize(16).withMerge(1);

    @TempDir static Path folder;
    private static String answering;
    private static String matching;
    private static String retrieving;
    private static String pictures;

    @BeforeAll
    static void save() throws Exception {
        answering = save("answering", new AnswerTask(List.of("yes", "no"), 0));
        matching = save("matching", new MatchTask(0));
        retrieving = save("retrieving", new RetrievalTask(6));
        Path all = Files.createDirectories(folder.resolve("pictures/more"));
        for (int i = 0; i < 4; i++) {
            SquarePictures.draw(all.resolveSibling(i + ".png"), i % 2 == 0, i < 2, new Random(i));
        }
        SquarePictures.draw(all.resolve("4.png"), true, true, new Random(9));
        Files.writeString(all.resolve("notes.txt"), "no picture");
        pictures = folder.resolve("pictures").toString();
    }

    private static String save(String name, Task task) throws Exception {
        FreshJ1 fresh = FreshJ1.builder().optSize(SIZE).build();
        Path to = folder.resolve(name);
        try (LoadedModel model =
                fresh.create(name, task, List.of("a red square"), 3, Device.cpu())) {
            String card =
                    "---\nlicense: MIT\n---\n\n# test\n\nIt knows nothing.\n\nLoad path/to/test.\n";
            ModelFolder.save(to, model, card, TensorType.F32);
        }
        return to.toString();
    }

    private static List<JsonObject> lines(Shell shell) {
        assertEquals(Main.OK, shell.code(), shell.err());
        return shell.out()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    @Test
    void aTextAndAPictureAreMatched() {
        String picture = pictures + "/0.png";
        Shell shell =
                Shell.run(
                        "vqa",
                        "--model",
                        matching,
                        "--image",
                        picture,
                        "--question",
                        "a red square",
                        "--json");
        double match = lines(shell).get(0).get("match").getAsDouble();
        assertTrue(match > 0 && match < 1, shell.out());
        Shell half = Shell.run("vqa", "--model", matching, "--image", picture);
        assertTrue(half.err().contains("--image and --question must be there"), half.err());
    }

    @Test
    void aFolderIsRankedForAText() {
        Shell shell =
                Shell.run(
                        "embed",
                        "--model",
                        retrieving,
                        "--rank",
                        "a red square",
                        "--json",
                        pictures);
        List<JsonObject> ranked = lines(shell);
        assertEquals(5, ranked.size());
        List<Double> cosines =
                ranked.stream().map(line -> line.get("cosine").getAsDouble()).toList();
        List<Double> sorted = new ArrayList<>(cosines);
        sorted.sort(Comparator.reverseOrder());
        assertEquals(sorted, cosines);
        // The same by the vectors.
        String best = ranked.get(0).get("picture").getAsString();
        List<JsonObject> text = lines(Shell.run("embed", "--model", retrieving, "a red square"));
        List<JsonObject> picture =
                lines(Shell.run("embed", "--model", retrieving, "--pictures", best));
        double product = 0;
        for (int d = 0; d < 6; d++) {
            product +=
                    text.get(0).getAsJsonArray("vector").get(d).getAsDouble()
                            * picture.get(0).getAsJsonArray("vector").get(d).getAsDouble();
        }
        assertEquals(cosines.get(0), product, 1e-5);
        Shell two =
                Shell.run("embed", "--model", retrieving, "--rank", "red", "--top", "2", pictures);
        assertEquals(2, two.out().lines().count());
    }

    @Test
    void commandsThatDoNotFitSayWhichDo() {
        Shell predict = Shell.run("predict", "--model", answering, "red");
        assertTrue(predict.err().contains("use jzoo vqa"), predict.err());
        Shell embedded = Shell.run("predict", "--model", retrieving, "red");
        assertTrue(embedded.err().contains("use jzoo embed"), embedded.err());
        Shell ranked = Shell.run("embed", "--model", answering, "--rank", "red", pictures);
        assertTrue(ranked.err().contains("questions about pictures"), ranked.err());
        Shell none = Shell.run("embed", "--model", retrieving, "--rank", "red");
        assertTrue(none.err().contains("PICTURE must be pictures or folders"), none.err());
        Shell asked = Shell.run("vqa", "--model", retrieving, "--question", "red");
        assertTrue(asked.err().contains("text and picture retrieval"), asked.err());
    }

    @Test
    void aModelIsPublishedWithACardOfItsNewName() throws Exception {
        Path into = folder.resolve("resources");
        Shell shell =
                Shell.run(
                        "publish",
                        answering,
                        "--name",
                        "j1-test",
                        "--into",
                        into.toString(),
                        "--json");
        assertEquals(Main.OK, shell.code(), shell.err());
        JsonObject result = JsonParser.parseString(shell.out()).getAsJsonObject();
        assertTrue(result.get("differsBy").getAsDouble() < 1e-2, shell.out());
        String index = Files.readString(into.resolve("models.json"));
        assertTrue(index.contains("It knows nothing."), index);
        String card = Files.readString(into.resolve("models/j1-test/README.md"));
        assertTrue(card.contains("# j1-test") && !card.contains("# test"), card);
        assertTrue(card.contains("Load j1-test."), card);
        try (LoadedModel model = ModelFolder.load(into.resolve("models/j1-test"), Device.cpu())) {
            assertEquals("j1-test", model.name());
        }
        assertTrue(Shipped.of("j1-test").isEmpty());
    }
}
