package org.jzoo.datasets.longtext;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.text.TextExample;

class ListOpsTest {

    private static final Pattern INNERMOST = Pattern.compile("\\[(M..|SM)((?: \\d)+) ]");

    /** Replaces operations without operations in them by their values until a digit is left. */
    private static int rewrite(String expression) {
        String text = expression;
        while (text.length() > 1 && INNERMOST.matcher(text).find()) {
            text =
                    INNERMOST
                            .matcher(text)
                            .replaceAll(match -> "" + value(match.group(1), match.group(2)));
        }
        assertEquals(1, text.length(), text);
        return Integer.parseInt(text);
    }

    private static int value(String operator, String arguments) {
        int[] digits =
                Arrays.stream(arguments.strip().split(" "))
                        .mapToInt(Integer::parseInt)
                        .sorted()
                        .toArray();
        int last = digits.length - 1;
        return switch (operator) {
            case "MIN" -> digits[0];
            case "MAX" -> digits[last];
            case "MED" -> (int) ((digits[last / 2] + digits[(last + 1) / 2]) / 2.0);
            default -> IntStream.of(digits).sum() % 10;
        };
    }

    @Test
    void valuesAreThoseWorkedByHand() {
        assertEquals(4, ListOps.evaluate("[MAX 4 [MIN 2 3 ] 1 ]"));
        assertEquals(5, ListOps.evaluate("[MAX 2 [MIN [MED 4 5 8 ] 7 ] 0 1 ]"));
        assertEquals(3, ListOps.evaluate("[SM 9 9 5 ]"));
        assertEquals(2, ListOps.evaluate("[MED 0 4 1 9 ]"), "2.5 rounded down");
        assertEquals(7, ListOps.evaluate(" 7 "));
    }

    @Test
    void answersAreWhatRewritingFromInsideGives() {
        for (ListOpsExample example : ListOps.test(3).subList(0, 60)) {
            assertEquals(rewrite(example.text()), example.answer());
        }
        ListOpsConfig small = new ListOpsConfig(4, 60, 4, 5);
        for (ListOpsExample example : ListOps.examples(small, 2_000, 3)) {
            assertEquals(rewrite(example.text()), example.answer(), example.text());
        }
    }

    @Test
    void expressionsHaveThePublishedForm() {
        List<ListOpsExample> examples = ListOps.train(1).subList(0, 150);
        int deepest = 0;
        int widest = 0;
        for (ListOpsExample example : examples) {
            int[] ids = example.ids();
            assertTrue(ids.length > 500 && ids.length < 2_000, "got " + ids.length);
            int[] arguments = new int[11];
            int depth = 0;
            for (int id : ids) {
                if (id < 14) {
                    arguments[depth]++;
                }
                if (id >= 10 && id < 14) {
                    arguments[++depth] = 0;
                } else if (id == 14) {
                    assertTrue(arguments[depth] >= 2 && arguments[depth] <= 10);
                    widest = Math.max(widest, arguments[depth]);
                    depth--;
                }
                deepest = Math.max(deepest, depth);
            }
            assertEquals(0, depth);
        }
        assertEquals(9, deepest, "nine operators and the numbers below make depth 10");
        assertEquals(10, widest);
    }

    @Test
    void allTenAnswersOccurAndNoneIsTooFrequent() {
        int[] counts = new int[10];
        ListOps.test(5).forEach(example -> counts[example.answer()]++);
        assertTrue(Arrays.stream(counts).allMatch(n -> n > 80 && n < 450), Arrays.toString(counts));
    }

    @Test
    void sizesAreThePublishedOnesAndOneSeedGivesTheSameExamples() {
        assertEquals(96_000, ListOps.train(0).size());
        assertEquals(2_000, ListOps.validation(0).size());
        assertEquals(2_000, ListOps.test(0).size());
        assertNotEquals(ListOps.train(0).get(0), ListOps.test(0).get(0));
        assertNotEquals(ListOps.validation(0).get(0), ListOps.test(0).get(0));
        StringBuilder all = new StringBuilder();
        for (ListOpsExample example : ListOps.test(42).subList(0, 50)) {
            all.append(example.text()).append('\t').append(example.answer()).append('\n');
        }
        assertEquals(
                "3bc25aafeddeca2e3dc02bac1ad4251bb957d8ecfa9e6cb98d2254758322f61b",
                DataHash.sha256(all.toString()));
    }

    @Test
    void incompleteExpressionsAreRefused() {
        assertFault(
                "tokens must be of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, [MIN, [MAX, [MED, [SM, ]], got"
                        + " token=\"[SUM\" at 0",
                "[SUM 1 2 ]");
        assertFault("an expression must be one complete value, got open=1, values=2", "[MIN 1 2");
        assertFault("an expression must be one complete value, got open=0, values=2", "1 2");
        String bracket = "a closing bracket must follow an operator and its arguments, got token 1";
        assertFault(bracket, "1 ]");
        assertFault(bracket, "[MAX ]");
    }

    private static void assertFault(String message, String expression) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> ListOps.evaluate(expression))
                        .getMessage());
    }

    @Test
    void formsThatCannotBeAreRefused() {
        assertEquals(
                "minLength must be in [4, maxLength], got minLength=9, maxLength=8",
                assertThrows(IllegalArgumentException.class, () -> new ListOpsConfig(9, 8, 10, 10))
                        .getMessage());
        assertEquals(
                "maxDepth and maxArgs must be >= 2, got maxDepth=1, maxArgs=10",
                assertThrows(IllegalArgumentException.class, () -> new ListOpsConfig(4, 8, 1, 10))
                        .getMessage());
        List<ListOpsExample> none = ListOps.examples(new ListOpsConfig(40, 50, 2, 3), 1, 0);
        assertEquals(
                "an expression must be found in 1000000 draws, got none for"
                        + " ListOpsConfig[minLength=40, maxLength=50, maxDepth=2, maxArgs=3]",
                assertThrows(IllegalStateException.class, () -> none.get(0)).getMessage());
    }

    @Test
    void examplesAreTextsWithTheirValueAsLabel() {
        List<ListOpsExample> examples = ListOps.examples(new ListOpsConfig(5, 40, 4, 3), 7, 2);
        ListOpsSource source = new ListOpsSource("operations", examples);
        assertEquals(7, source.count());
        List<TextExample> rows = source.stream().toList();
        for (int i = 0; i < rows.size(); i++) {
            assertEquals(i + 1, rows.get(i).row());
            assertEquals(examples.get(i).text(), rows.get(i).text());
            assertEquals(
                    ListOps.evaluate(rows.get(i).text()),
                    ListOpsSource.labels().id(rows.get(i).label()));
        }
    }
}
