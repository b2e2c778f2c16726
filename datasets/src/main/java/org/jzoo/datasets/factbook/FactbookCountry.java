package org.jzoo.datasets.factbook;

import java.util.List;
import java.util.Objects;

/**
 * A country or territory of the Factbook.
 *
 * @param id the name of its file, without the ending
 * @param name its usual name in English
 * @param fields what is said of it, in the order of the file
 */
public record FactbookCountry(String id, String name, List<FactbookField> fields) {

    /** Checks that nothing is missing. */
    public FactbookCountry {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        fields = List.copyOf(fields);
    }

    /** What stands under these headings, or null if nothing does. */
    public String text(String... path) {
        List<String> wanted = List.of(path);
        return fields.stream()
                .filter(field -> field.path().equals(wanted))
                .map(FactbookField::text)
                .findFirst()
                .orElse(null);
    }
}
