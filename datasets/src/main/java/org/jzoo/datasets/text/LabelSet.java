package org.jzoo.datasets.text;

import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The names of the classes, in an order that gives each its id: 0, 1, 2, ... */
public final class LabelSet {

    private static final int MAX_SCANNED = 1000;

    private final List<String> names;
    private final Map<String, Integer> ids = new LinkedHashMap<>();

    private LabelSet(List<String> names) {
        this.names = List.copyOf(names);
        for (String name : this.names) {
            if (ids.put(name, ids.size()) != null) {
                throw new IllegalArgumentException(
                        "labels must be distinct, got labels=" + this.names);
            }
        }
        if (this.names.isEmpty()) {
            throw new IllegalArgumentException("labels must not be empty, got labels=[]");
        }
    }

    /** Labels in this order. */
    public static LabelSet of(String... names) {
        return new LabelSet(List.of(names));
    }

    /** Labels in this order. */
    public static LabelSet of(List<String> names) {
        return new LabelSet(names);
    }

    /**
     * Reads a source and takes the labels in it: in numerical order if all are whole numbers, else
     * in alphabetical order.
     *
     * @throws DataException if there is no row, only one class, or over 1,000 classes
     */
    public static LabelSet scan(TextSource source) {
        if (source.target() != TargetKind.CLASS) {
            throw new IllegalArgumentException(
                    "target must be CLASS to have labels, got target=%s, source=%s"
                            .formatted(source.target(), source.name()));
        }
        TreeSet<String> found = new TreeSet<>();
        long rows = 0;
        try (Stream<TextExample> examples = source.stream()) {
            for (Iterator<TextExample> i = examples.iterator(); i.hasNext(); ) {
                TextExample example = i.next();
                rows++;
                if (found.add(example.label()) && found.size() > MAX_SCANNED) {
                    throw new DataException(
                            source.name(),
                            example.row(),
                            0,
                            "labels must be at most %d classes, got one more; is this the label column?"
                                    .formatted(MAX_SCANNED));
                }
            }
        }
        if (rows == 0) {
            throw new DataException(source.name(), "must hold at least one row, got none");
        }
        if (found.size() < 2) {
            throw new DataException(
                    source.name(),
                    "labels must be at least 2 classes, got only \"%s\" in %d rows"
                            .formatted(found.first(), rows));
        }
        if (found.stream().allMatch(name -> name.matches("-?\\d{1,15}"))) {
            return of(
                    found.stream()
                            .sorted(
                                    Comparator.<String>comparingLong(Long::parseLong)
                                            .thenComparing(Comparator.naturalOrder()))
                            .toList());
        }
        return of(List.copyOf(found));
    }

    /** The number of classes. */
    public int size() {
        return names.size();
    }

    /** All names, by id. */
    public List<String> names() {
        return names;
    }

    /**
     * The name of a class.
     *
     * @param id from 0 to {@code size() - 1}
     */
    public String name(int id) {
        if (id < 0 || id >= names.size()) {
            throw new IllegalArgumentException(
                    "id must be in [0, %d), got id=%d".formatted(names.size(), id));
        }
        return names.get(id);
    }

    /**
     * The id of a class.
     *
     * @throws IllegalArgumentException if there is no such class
     */
    public int id(String name) {
        Integer id = ids.get(name);
        if (id == null) {
            throw new IllegalArgumentException(unknown(name));
        }
        return id;
    }

    /**
     * The id of an example's class.
     *
     * @throws DataException if there is no such class, with the source and the row
     */
    public int id(TextSource source, TextExample example) {
        Integer id = ids.get(example.label());
        if (id == null) {
            throw new DataException(source.name(), example.row(), 0, unknown(example.label()));
        }
        return id;
    }

    private String unknown(String name) {
        List<String> shown = names.size() <= 20 ? names : names.subList(0, 20);
        return "label must be one of %s%s, got label=%s%s"
                .formatted(
                        shown,
                        shown.size() < names.size() ? " and others" : "",
                        name,
                        name == null ? "" : Suggestion.forName(name, names));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelSet that && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
