package org.jzoo.examples.cli;

import java.util.Objects;

/**
 * One line of a doctor's report.
 *
 * @param name what was looked at
 * @param value what was found
 * @param state whether that is as it should be
 * @param advice what to do; empty if nothing
 */
record Finding(String name, String value, State state, String advice) {

    /** How good a finding is. */
    enum State {
        /** As it should be. */
        OK,
        /** Works, but could be better. */
        HINT,
        /** Does not work. */
        WRONG
    }

    Finding {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(state, "state");
        if ((state == State.OK) != advice.isEmpty()) {
            throw new IllegalArgumentException(
                    "advice must be there exactly when something is not ok, got state=%s, advice=%s"
                            .formatted(state, advice));
        }
    }

    static Finding ok(String name, String value) {
        return new Finding(name, value, State.OK, "");
    }

    static Finding hint(String name, String value, String advice) {
        return new Finding(name, value, State.HINT, advice);
    }

    static Finding wrong(String name, String value, String advice) {
        return new Finding(name, value, State.WRONG, advice);
    }
}
