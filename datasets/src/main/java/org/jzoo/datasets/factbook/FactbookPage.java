package org.jzoo.datasets.factbook;

import java.util.ArrayList;
import java.util.List;
import org.jzoo.datasets.longtext.Span;

/**
 * A country as a document: its name, then a line for every field, under the section's name.
 *
 * @param country what it is about
 * @param text the whole document
 * @param lines where it has the line of each field
 */
record FactbookPage(FactbookCountry country, String text, List<Span> lines) {

    private static final String COLON = ": ";

    static FactbookPage of(FactbookCountry country) {
        StringBuilder text = new StringBuilder(country.name()).append('\n');
        List<Span> lines = new ArrayList<>();
        String section = "";
        for (FactbookField field : country.fields()) {
            if (!field.section().equals(section)) {
                section = field.section();
                text.append('\n').append(section).append('\n');
            }
            int start = text.length();
            text.append(field.heading()).append(COLON).append(field.text());
            lines.add(new Span(start, text.length()));
            text.append('\n');
        }
        return new FactbookPage(country, text.toString(), lines);
    }

    /** Where it has what is said under a field's heading. */
    Span value(int field) {
        Span line = lines.get(field);
        int heading = country.fields().get(field).heading().length();
        return new Span(line.start() + heading + COLON.length(), line.end());
    }
}
