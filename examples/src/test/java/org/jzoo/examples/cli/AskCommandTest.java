package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.zoo.document.Evidence;
import org.jzoo.zoo.document.LongAnswer;
import org.jzoo.zoo.document.ReadingReport;

class AskCommandTest {

    private static final ReadingReport READING = new ReadingReport(null, 90, 20, 1, 0, 0);

    private static String printed(double best, double second, double noAnswer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Evidence> evidence =
                List.of(
                        new Evidence("Ann", 0, 3, 1, best, "Ann sings.", 0),
                        new Evidence("Bob", 11, 14, 1, second, "Bob hums.", 11));
        AskCommand.print(
                new LongAnswer(evidence, noAnswer, READING),
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(
                                new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theBestAnswerIsShownHoweverImprobable() {
        String ann = "Ann  (%s%%, page 1, characters 0 to 3)%n    Ann sings.%n";
        String bob = "Bob  (%s%%, page 1, characters 11 to 14)%n    Bob hums.%n";
        assertEquals(ann.formatted("90.0"), printed(0.9, 4e-4, 0.05));
        assertEquals(ann.formatted("50.0") + bob.formatted("40.0"), printed(0.5, 0.4, 0.1));
        // Of very many spans of a long document none is probable.
        assertEquals(ann.formatted("0.0"), printed(4e-4, 3e-4, 1e-6));
        assertEquals(
                "The document does not seem to say. The closest:%n".formatted()
                        + ann.formatted("0.0")
                        + bob.formatted("0.0"),
                printed(4e-4, 3e-4, 0.9));
    }
}
