package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class PublishedCardTest {

    private static final String CARD =
            """
            ---
            license: unknown
            library_name: jzoo
            ---

            # run-7

            What it does,
            in two lines.

            | | |
            |---|---|
            | Weights | 7 |
            | Licence | unknown |

            Load it from path/to/run-7.
            """;

    @Test
    void nameSummaryAndLicenceAreSetAndTheRestStays() {
        PublishedCard card = new PublishedCard(CARD);
        assertEquals("What it does, in two lines.", card.summary());
        assertEquals(
                CARD.replace("# run-7", "# j3-new")
                        .replace("path/to/run-7", "j3-new")
                        .replace("What it does,\nin two lines.", "Finds $1 codes.")
                        .replace("license: unknown", "license: CC0-1.0")
                        .replace("| Licence | unknown |", "| Licence | CC0-1.0 |"),
                card.named("j3-new").saying("Finds $1 codes.").licensed("CC0-1.0").text());
    }

    @Test
    void aCardWithoutSummaryGetsOne() {
        String bare = "# run-7\n\n| | |\n";
        assertNull(new PublishedCard(bare).summary());
        assertEquals(
                "# run-7\n\nFinds codes.\n\n| | |\n",
                new PublishedCard(bare).saying("Finds codes.").text());
        assertEquals("# j3-new\n\n", new PublishedCard("").named("j3-new").text());
        assertEquals(
                "# j3-new\n\nFinds codes.\n\n",
                new PublishedCard("").named("j3-new").saying("Finds codes.").text());
    }

    @Test
    void theLicenceIsThatOfTheHeadAlone() {
        String text = "# run-7\n\nlicense: of what?\n";
        assertEquals(text, new PublishedCard(text).licensed("MIT").text());
    }
}
