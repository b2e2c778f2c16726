package org.jzoo.zoo.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooModel;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;
import org.jzoo.zoo.j1.Answer;
import org.jzoo.zoo.j1.VisualQuestion;
import org.jzoo.zoo.translator.TextPair;

/** The packed students that ship, as DJL's users load them. */
class ShippedStudentsTest {

    private static final int SIDE = 75;
    private static final int[] COLOURS = {
        0xFF0000, 0x0000FF, 0x00FF00, 0xFF9C00, 0xFFFF00, 0x808080
    };
    private static final int[][] PLACES = {
        {8, 12}, {50, 9}, {30, 30}, {58, 36}, {10, 55}, {40, 60}
    };

    private static <I, O> O ask(String name, Class<I> in, Class<O> out, I input) throws Exception {
        Criteria<I, O> criteria = Criteria.builder().setTypes(in, out).optArtifactId(name).build();
        try (ZooModel<I, O> model = ModelZoo.loadModel(criteria);
                Predictor<I, O> predictor = model.newPredictor()) {
            return predictor.predict(input);
        }
    }

    private static String feeling(String text) throws Exception {
        return ask("j2-lite-sst2", String.class, Classifications.class, text).best().getClassName();
    }

    @Test
    void oneTellsPraiseFromBlame() throws Exception {
        assertEquals("1", feeling("a warm , funny and deeply moving film"));
        assertEquals("0", feeling("a dull , lifeless mess that wastes its cast"));
    }

    private static float alike(String one, String other) throws Exception {
        return ask("j2-lite-stsb", TextPair.class, Float.class, new TextPair(one, other));
    }

    @Test
    void oneTellsHowAlikeSentencesAre() throws Exception {
        float same = alike("A man is playing a guitar.", "A man plays the guitar.");
        float others = alike("A man is playing a guitar.", "The price of oil fell on Monday.");
        assertTrue(same > 3.5 && others < 1.5, same + " and " + others);
    }

    // Six objects, every other one a circle, as the model knows them.
    private static BufferedImage picture() {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, SIDE, SIDE);
        for (int i = 0; i < COLOURS.length; i++) {
            graphics.setColor(new Color(COLOURS[i]));
            if (i % 2 == 0) {
                graphics.fillRect(PLACES[i][0], PLACES[i][1], 11, 11);
            } else {
                graphics.fillOval(PLACES[i][0], PLACES[i][1], 11, 11);
            }
        }
        graphics.dispose();
        return picture;
    }

    private static String answer(String question) throws Exception {
        VisualQuestion asked =
                new VisualQuestion(ImageFactory.getInstance().fromImage(picture()), question);
        return ask("j2-lite-vqa", VisualQuestion.class, Answer.class, asked).best();
    }

    @Test
    void oneAnswersQuestionsAboutPictures() throws Exception {
        assertEquals("square", answer("what is the shape of the red object?"));
        assertEquals("circle", answer("what is the shape of the blue object?"));
    }
}
