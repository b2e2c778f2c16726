package org.jzoo.datasets.longtext;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jzoo.datasets.Seeds;

/**
 * Nested operations on lists of digits, such as {@code [MAX 4 [MIN 2 3 ] 1 ]}, whose value is a
 * digit: smallest, largest, median (of an even number of arguments the mean of the middle two,
 * rounded down), sum modulo 10.
 *
 * <p>Generated as in Long Range Arena: at each place above the greatest depth an operator with
 * probability 1/4, otherwise a digit; two to ten arguments, operators and digits uniform;
 * expressions outside the lengths are drawn again. The length counts operators, digits and closing
 * brackets. The published sizes are 96,000, 2,000 and 2,000 examples.
 *
 * @see <a href="https://arxiv.org/abs/2011.04006">Tay et al. 2021, Long Range Arena</a>, section
 *     2.2
 * @see <a href="https://arxiv.org/abs/1804.06028">Nangia and Bowman 2018, ListOps</a>
 */
public final class ListOps {

    /** The digits by value, the operators, the closing bracket. */
    public static final List<String> TOKENS =
            List.of(
                    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "[MIN", "[MAX", "[MED", "[SM",
                    "]");

    private static final int MIN = 10;
    private static final int MAX = 11;
    private static final int MEDIAN = 12;
    private static final int END = 14;
    private static final int OPERATORS = 4;
    private static final double OPERATOR_SHARE = 0.25;
    private static final int MAX_DRAWS = 1_000_000;
    private static final int TRAIN = 96_000;
    private static final int VALIDATION = 2_000;
    private static final int TEST = 2_000;

    private ListOps() {}

    /** The 96,000 training examples of the published form, each made when it is asked for. */
    public static List<ListOpsExample> train(long seed) {
        return examples(ListOpsConfig.published(), 0, TRAIN, seed);
    }

    /** The 2,000 validation examples of the same seed. */
    public static List<ListOpsExample> validation(long seed) {
        return examples(ListOpsConfig.published(), TRAIN, VALIDATION, seed);
    }

    /** The 2,000 test examples of the same seed. */
    public static List<ListOpsExample> test(long seed) {
        return examples(ListOpsConfig.published(), TRAIN + VALIDATION, TEST, seed);
    }

    /** Examples of another form, each made when it is asked for. */
    public static List<ListOpsExample> examples(ListOpsConfig config, int size, long seed) {
        return examples(config, 0, size, seed);
    }

    private static List<ListOpsExample> examples(
            ListOpsConfig config, int first, int size, long seed) {
        return Seeds.list(size, index -> example(config, Seeds.random(seed, first + index)));
    }

    /**
     * The value of an expression.
     *
     * @param expression tokens of {@link #TOKENS} with white space between them
     * @throws IllegalArgumentException if the expression is not complete, or has an unknown token
     */
    public static int evaluate(String expression) {
        Deque<Integer> operators = new ArrayDeque<>();
        Deque<List<Integer>> arguments = new ArrayDeque<>();
        arguments.push(new ArrayList<>());
        String[] tokens = expression.strip().split("\\s+", -1);
        for (int i = 0; i < tokens.length; i++) {
            int token = TOKENS.indexOf(tokens[i]);
            if (token < 0) {
                throw new IllegalArgumentException(
                        "tokens must be of %s, got token=\"%s\" at %d"
                                .formatted(TOKENS, tokens[i], i));
            } else if (token < MIN) {
                arguments.element().add(token);
            } else if (token < END) {
                operators.push(token);
                arguments.push(new ArrayList<>());
            } else if (operators.isEmpty() || arguments.element().isEmpty()) {
                throw new IllegalArgumentException(
                        "a closing bracket must follow an operator and its arguments, got token %d"
                                .formatted(i));
            } else {
                int value = apply(operators.pop(), arguments.pop());
                arguments.element().add(value);
            }
        }
        if (!operators.isEmpty() || arguments.element().size() != 1) {
            throw new IllegalArgumentException(
                    "an expression must be one complete value, got open=%d, values=%d"
                            .formatted(operators.size(), arguments.element().size()));
        }
        return arguments.element().get(0);
    }

    private static int apply(int operator, List<Integer> arguments) {
        if (operator == MIN) {
            return Collections.min(arguments);
        } else if (operator == MAX) {
            return Collections.max(arguments);
        } else if (operator == MEDIAN) {
            List<Integer> sorted = arguments.stream().sorted().toList();
            int size = sorted.size();
            return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
        }
        return arguments.stream().mapToInt(Integer::intValue).sum() % 10;
    }

    private static ListOpsExample example(ListOpsConfig config, Random random) {
        byte[] tokens = new byte[config.maxLength()];
        int length = draw(config, tokens, random);
        StringBuilder text = new StringBuilder(3 * length);
        for (int i = 0; i < length; i++) {
            text.append(i == 0 ? "" : " ").append(TOKENS.get(tokens[i]));
        }
        return new ListOpsExample(text.toString(), evaluate(text.toString()));
    }

    private static int draw(ListOpsConfig config, byte[] tokens, Random random) {
        for (int i = 0; i < MAX_DRAWS; i++) {
            int length = write(config, tokens, 0, 1, random);
            if (length >= config.minLength() && length <= config.maxLength()) {
                return length;
            }
        }
        throw new IllegalStateException(
                "an expression must be found in %d draws, got none for %s"
                        .formatted(MAX_DRAWS, config));
    }

    /** Writes a value or an operation from {@code at} on and returns where it ends. */
    private static int write(
            ListOpsConfig config, byte[] tokens, int at, int depth, Random random) {
        if (depth >= config.maxDepth() || random.nextDouble() >= OPERATOR_SHARE) {
            return put(tokens, at, random.nextInt(MIN));
        }
        int next = put(tokens, at, MIN + random.nextInt(OPERATORS));
        int numArgs = 2 + random.nextInt(config.maxArgs() - 1);
        for (int i = 0; i < numArgs && next <= tokens.length; i++) {
            next = write(config, tokens, next, depth + 1, random);
        }
        return put(tokens, next, END);
    }

    /** What would stand after the longest length is dropped: the draw is refused anyway. */
    private static int put(byte[] tokens, int at, int token) {
        if (at < tokens.length) {
            tokens[at] = (byte) token;
        }
        return at + 1;
    }
}
