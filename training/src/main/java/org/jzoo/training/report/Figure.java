package org.jzoo.training.report;

/**
 * How a measured figure is shown in a table.
 *
 * @param name the figure's key in the rows, and its title
 * @param unit the unit after the title, such as {@code %} or {@code ms}; may be empty
 * @param scale what values are multiplied by to be in that unit, such as 100 for percent; above 0
 * @param digits decimals after the point, 0 … 9
 */
public record Figure(String name, String unit, double scale, int digits) {

    /** Checks the ranges. */
    public Figure {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank, got name=" + name);
        }
        if (!(scale > 0) || Double.isInfinite(scale) || digits < 0 || digits > 9) {
            throw new IllegalArgumentException(
                    "scale must be > 0 and digits in 0..9, got scale=%s, digits=%d"
                            .formatted(scale, digits));
        }
    }

    /** A fraction 0 … 1 shown in percent with one decimal. */
    public static Figure percent(String name) {
        return new Figure(name, "%", 100, 1);
    }

    /** A figure that is shown as it was measured. */
    public static Figure plain(String name, String unit, int digits) {
        return new Figure(name, unit, 1, digits);
    }

    String title() {
        return unit.isEmpty() ? name : name + " (" + unit + ")";
    }
}
