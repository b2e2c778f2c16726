package org.jzoo.datasets.longtext;

import java.util.List;
import java.util.Random;

/**
 * One number to be found again.
 *
 * @param digits how many digits it has, from 1 to 18; the first is not 0
 * @see <a href="https://arxiv.org/abs/2305.16300">Mohtashami and Jaggi 2023, Landmark
 *     attention</a>, section 4.2
 */
public record Passkey(int digits) implements LongTask {

    /** Checks the range. */
    public Passkey {
        if (digits < 1 || digits > 18) {
            throw new IllegalArgumentException("digits must be in [1, 18], got digits=" + digits);
        }
    }

    @Override
    public Needles draw(Random random) {
        String key = number(digits, random);
        return new Needles(
                List.of("The pass key is %s, remember it.".formatted(key)),
                List.of(),
                "What is the pass key?",
                List.of("", key));
    }

    /** A number of this many digits, the first of them not 0. */
    static String number(int digits, Random random) {
        StringBuilder number = new StringBuilder().append(1 + random.nextInt(9));
        while (number.length() < digits) {
            number.append(random.nextInt(10));
        }
        return number.toString();
    }
}
