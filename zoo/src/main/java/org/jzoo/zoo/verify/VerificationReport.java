package org.jzoo.zoo.verify;

import java.util.List;

/**
 * What a comparison found.
 *
 * @param differences of each tensor that was compared, at its worst element
 * @param unsupported what could not be compared; it counts as a failure
 */
public record VerificationReport(List<Difference> differences, List<String> unsupported) {

    /** Copies the lists. */
    public VerificationReport {
        differences = List.copyOf(differences);
        unsupported = List.copyOf(unsupported);
    }

    /** The differences above {@code tolerance} of their scale. */
    public List<Difference> above(double tolerance) {
        return differences.stream().filter(d -> !(d.relative() <= tolerance)).toList();
    }

    /** Whether everything could be compared and no difference is above {@code tolerance}. */
    public boolean passes(double tolerance) {
        return unsupported.isEmpty() && above(tolerance).isEmpty() && !differences.isEmpty();
    }
}
