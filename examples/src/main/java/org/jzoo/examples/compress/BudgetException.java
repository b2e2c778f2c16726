package org.jzoo.examples.compress;

/** A budget that is too small for what has to stay of a model. */
public final class BudgetException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final long least;

    BudgetException(long least, String reason, long budget) {
        super("budget must be >= %,d weights %s, got %,d".formatted(least, reason, budget));
        this.least = least;
    }

    /** How many weights are the fewest. */
    public long least() {
        return least;
    }
}
