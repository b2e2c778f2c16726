package org.jzoo.examples.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.jzoo.training.loop.StepReport;

class LossCurveTest {

    private static String told(LossCurve curve, double auxiliary) {
        PrintStream before = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            for (int step = 1; step <= 4; step++) {
                curve.onStep(
                        new StepReport(
                                step, 80, 0, 0, step, auxiliary * step, 1, 1e-3, 2, 300, 0.5));
            }
        } finally {
            System.setErr(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void stretchesHaveTheirMeanAndItsAuxiliaryPart() {
        LossCurve curve = new LossCurve("run", 80);
        assertEquals(
                """
                run step 2: loss 1.500, auxiliary 0.375 of it, 600 tokens/s
                run step 4: loss 3.500, auxiliary 0.875 of it, 600 tokens/s
                """,
                told(curve, 0.25));
        assertEquals(Map.of(2, 1.5, 4, 3.5), curve.losses());
    }

    @Test
    void nothingIsSaidOfAnAuxiliaryLossThatIsNotThere() {
        assertEquals(
                "run step 2: loss 1.500, 600 tokens/s\nrun step 4: loss 3.500, 600 tokens/s\n",
                told(new LossCurve("run", 80), 0));
    }
}
