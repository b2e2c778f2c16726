package org.jzoo.zoo.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.zoo.document.LongAnswer;
import org.jzoo.zoo.document.LongQuestion;

/** The readers of long texts that ship, as DJL's users load them. */
class ShippedReadersTest {

    private static final String SENTENCE = "The peace with all nations has been kept this year. ";
    private static final String KEY = "The pass key is 52817, remember it. ";

    private static Criteria<LongQuestion, LongAnswer> reader(String name) {
        return Criteria.builder()
                .setTypes(LongQuestion.class, LongAnswer.class)
                .optArtifactId(name)
                .build();
    }

    @Test
    void oneKnowsPagesOfCountries() throws Exception {
        String page = "Morvania\n\nGovernment\nCapital (name): Larn\n\nEconomy\nExports: timber\n";
        try (ZooModel<LongQuestion, LongAnswer> model = ModelZoo.loadModel(reader("j3-factbook"));
                Predictor<LongQuestion, LongAnswer> predictor = model.newPredictor()) {
            LongAnswer answer =
                    predictor.predict(
                            LongQuestion.of(page, "What is the capital (name) of Morvania?"));
            assertTrue(answer.found());
            assertEquals("Larn", answer.text());
            assertEquals(page.indexOf("Larn"), answer.evidence().get(0).start());
        }
    }

    /** A key may stand where a chunk of 512 tokens ends and the next begins. */
    @Test
    void oneFindsKeysWhereverChunksAreCut() throws Exception {
        try (ZooModel<LongQuestion, LongAnswer> model = ModelZoo.loadModel(reader("j3-recall"));
                Predictor<LongQuestion, LongAnswer> predictor = model.newPredictor()) {
            List<String> missed = new ArrayList<>();
            for (int shift = 0; shift < 24; shift++) {
                String before = SENTENCE.repeat(44) + "so ".repeat(shift);
                LongAnswer answer =
                        predictor.predict(
                                LongQuestion.of(
                                        before + KEY + SENTENCE.repeat(9),
                                        "What is the pass key?"));
                if (!answer.found() || !answer.text().equals("52817")) {
                    missed.add(shift + ": " + answer.evidence().get(0));
                }
            }
            assertEquals(List.of(), missed);
        }
    }
}
