package org.jzoo.zoo.card;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.testing.TinyModels;

class ModelCardTest {

    @AfterEach
    void forget() {
        System.clearProperty(Commit.PROPERTY);
    }

    @Test
    void aCardSaysWhatTheRunMeasured() {
        System.setProperty(Commit.PROPERTY, "abc123");
        String text;
        try (LoadedModel model = TinyModels.of(TinyModels.labels(false))) {
            text =
                    ModelCard.of(model)
                            .optName("mood")
                            .optSummary("Tells the mood of a text.")
                            .optBaseModel("minilm-l6")
                            .optData(new DataUse("moods.csv", "train, 80% by hash", 12345, "00ff"))
                            .optSetting("epochs", 3)
                            .optSeed(17)
                            .optMetric("accuracy", "test", 0.97512, 400)
                            .optBytes(1_250_000)
                            .optSpeed("1 text of 16 tokens, 2 threads", "5.2 ms")
                            .optLimit("English only | tested on mail")
                            .optLicence("Apache-2.0")
                            .build()
                            .toMarkdown();
        }
        assertEquals(
                """
                ---
                license: Apache-2.0
                library_name: jzoo
                base_model: minilm-l6
                tags:
                - bert
                - classification
                ---

                # mood

                Tells the mood of a text.

                | | |
                |---|---|
                | Architecture | bert |
                | Task | classification |
                | Labels | bad, so-so, good |
                | Base model | minilm-l6 |
                | Weights | 245,763 |
                | Size | 1.3 MB |
                | 1 text of 16 tokens, 2 threads | 5.2 ms |
                | Licence | Apache-2.0 |

                ## Quality

                | metric | data | value | examples |
                |---|---|---:|---:|
                | accuracy | test | 0.9751 | 400 |

                ## Data

                | name | split | examples | SHA-256 |
                |---|---|---:|---|
                | moods.csv | train, 80% by hash | 12,345 | `00ff` |

                ## Training

                - commit: abc123
                - seeds: 17
                - epochs: 3

                ## Limits

                - English only | tested on mail

                ## Use

                ```java
                try (LoadedModel model = Zoo.load("path/to/mood")) {
                    Classifications labels = model.classify("a text");
                }
                ```

                ```
                ./jzoo predict --model path/to/mood "a text"
                ```
                """,
                text);
    }

    @Test
    void anEmptyCardStillSaysWhatTheModelIs() {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings())) {
            String text = ModelCard.of(model).optCommit("c").build().toMarkdown();
            assertTrue(text.startsWith("---\nlicense: unknown\n"), text);
            assertTrue(text.contains("| Task | embedding |\n| Base model | none |"), text);
            assertTrue(text.contains("float[] vector = model.embed("), text);
            assertTrue(text.contains("./jzoo embed --model path/to/"), text);
        }
    }

    @Test
    void aModelOfPairsIsAskedAboutPairs() {
        try (LoadedModel model = TinyModels.of(TinyModels.labels(true))) {
            String text = ModelCard.of(model).build().toMarkdown();
            assertTrue(text.contains("| Task | pair classification |"), text);
            assertTrue(
                    text.contains("model.classify(new TextPair(\"a text\", \"another\"))"), text);
            assertTrue(text.contains("predict --model path/to/tiny \"a text\" \"another\""), text);
        }
    }

    @Test
    void withoutBuildInformationTheCommitIsUnknown() {
        System.setProperty(Commit.PROPERTY, " ");
        assertEquals("unknown", Commit.current());
    }

    @Test
    void countsAreChecked() {
        assertEquals(
                "examples must be >= 1, got examples=0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Measured("accuracy", "test", 1, 0))
                        .getMessage());
    }
}
