package org.jzoo.datasets.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.datasets.text.DataException;

class PictureQuestionsTest {

    @TempDir Path folder;
    private Path csv;

    @BeforeEach
    void writePictures() throws IOException {
        csv = folder.resolve("questions.csv");
        Files.createDirectory(folder.resolve("cats"));
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(image, "png", folder.resolve("a.png").toFile());
        ImageIO.write(image, "jpg", folder.resolve("cats/b.jpg").toFile());
        Files.writeString(folder.resolve("notes.png"), "these are notes");
    }

    private List<PictureQuestion> read(String text) throws IOException {
        Files.writeString(csv, text);
        try (Stream<PictureQuestion> questions = PictureQuestions.of(folder, csv).stream()) {
            return questions.toList();
        }
    }

    @Test
    void rowsNamePicturesBelowTheFolder() throws IOException {
        List<PictureQuestion> questions =
                read(
                        """
                        question,image,answer
                        "which, and
                        where?",cats/b.jpg,left
                        how many?,a.png, 2
                        """);
        assertEquals(
                List.of(
                        new PictureQuestion(
                                1, folder.resolve("cats/b.jpg"), "which, and\nwhere?", "left"),
                        new PictureQuestion(2, folder.resolve("a.png"), "how many?", "2")),
                questions);
        assertEquals(List.of("2", "left"), PictureQuestions.of(folder, csv).answers().names());
    }

    @Test
    void questionsAloneNeedNoAnswers() throws IOException {
        Files.writeString(csv, "image,question\na.png,what?\n");
        try (Stream<PictureQuestion> questions =
                PictureQuestions.withoutAnswers(folder, csv).stream()) {
            assertEquals(
                    List.of(new PictureQuestion(1, folder.resolve("a.png"), "what?", null)),
                    questions.toList());
        }
    }

    @Test
    void faultsNameFileRowAndLine() throws IOException {
        assertFault(
                "image,question,answer\na.png,\"two\nlines\",y\nc.png,x,y\n",
                csv + " row 2 (line 4): image must exist, got no file " + folder.resolve("c.png"));
        assertFault(
                "image,question,answer\nnotes.png,x,y\n",
                csv
                        + " row 1 (line 2): image must be a picture, got a file of another kind "
                        + folder.resolve("notes.png"));
        assertFault(
                "image,question,answer\n../a.png,x,y\n",
                csv + " row 1 (line 2): image must lie below " + folder + ", got image=../a.png");
        assertFault(
                "image,question,answer\na.png,x\n",
                csv
                        + " row 1 (line 2): a row must have as many fields as the header, got"
                        + " fields=2, header=3 [image, question, answer]");
        assertFault(
                "picture,question,answer\na.png,x,y\n",
                csv + ": column image must exist, got columns=[picture, question, answer]");
    }

    private void assertFault(String text, String message) {
        assertEquals(message, assertThrows(DataException.class, () -> read(text)).getMessage());
    }

    @Test
    void foldersAndFilesMustBeThere() {
        assertEquals(
                csv
                        + ": must be a CSV file with the columns image, question and answer, got no"
                        + " file",
                assertThrows(DataException.class, () -> PictureQuestions.of(folder, csv))
                        .getMessage());
        Path none = folder.resolve("none");
        assertEquals(
                none + ": must be a folder of pictures, got none",
                assertThrows(DataException.class, () -> PictureQuestions.of(none, csv))
                        .getMessage());
    }
}
