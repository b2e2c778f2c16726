package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.examples.finetune.SquarePictures;

/** A folder of pictures with captions becomes a model that writes them. */
class CaptionCommandTest {

    @TempDir Path folder;

    @Test
    void captionsOfPicturesNeverSeenAreWritten() throws Exception {
        Path train = SquarePictures.writeCaptions(folder, "train", 140, 1);
        Path test = SquarePictures.writeCaptions(folder, "test", 40, 2);
        String model = folder.resolve("model").toString();
        Shell run =
                Shell.run(
                        "finetune",
                        "--task",
                        "caption",
                        "--train",
                        train.toString(),
                        "--test",
                        test.toString(),
                        "--layers",
                        "1,1,1",
                        "--image-size",
                        "16",
                        "--batch-size",
                        "16",
                        "--epochs",
                        "12",
                        "--evaluate-every",
                        "48",
                        "--device",
                        "cpu",
                        "--json",
                        "--out",
                        model);
        assertEquals(Main.OK, run.code(), run.err());
        JsonObject result = JsonParser.parseString(run.out()).getAsJsonObject();
        double exact = result.getAsJsonObject("test").get("exact").getAsDouble();
        assertTrue(exact >= 0.9, run.out());
        for (boolean red : new boolean[] {true, false}) {
            Path picture = folder.resolve(red + ".png");
            SquarePictures.draw(picture, red, red, new Random(4));
            Shell caption = Shell.run("caption", "--model", model, picture.toString());
            assertEquals(Main.OK, caption.code(), caption.err());
            assertEquals(
                    (red ? "left a red square" : "right a blue square") + "\t" + picture,
                    caption.out().strip());
        }
        Shell asked = Shell.run("vqa", "--model", model, "--question", "what?");
        assertTrue(asked.err().contains("captions of pictures"), asked.err());
    }
}
