package org.jzoo.zoo.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What labels of tokens say of stretches of text. "B-X" begins a stretch of X, "I-X" goes on with
 * one, or begins one where there is none; "O" is outside. Beside them "E-X" (or "L-X") ends a
 * stretch and "S-X" (or "U-X") is one of a single word. Labels without such marks say each word's
 * kind.
 *
 * @param names the labels in the order of a model's outputs
 * @see <a href="https://arxiv.org/abs/cmp-lg/9505040">Ramshaw and Marcus 1995</a>, which has B only
 *     where two stretches of a kind touch
 */
public record TokenTags(List<String> names) {

    /** The label of words outside all stretches. */
    public static final String OUTSIDE = "O";

    /** Begins the label of a stretch's first word. */
    public static final String BEGIN = "B-";

    /** Begins the label of a stretch's other words. */
    public static final String INSIDE = "I-";

    private static final Pattern OTHERS = Pattern.compile("[ELSU]-.+");
    private static final String BEGINNINGS = "BSU";

    /** Copies the list. */
    public TokenTags {
        names = List.copyOf(names);
    }

    /** O, then B- and I- of each kind, kinds in alphabetical order. */
    public static TokenTags of(Collection<String> kinds) {
        List<String> names = new ArrayList<>(List.of(OUTSIDE));
        for (String kind : new TreeSet<>(kinds)) {
            names.add(BEGIN + kind);
            names.add(INSIDE + kind);
        }
        return new TokenTags(names);
    }

    /** Whether labels mark where stretches begin. */
    public boolean marked() {
        return names.stream().anyMatch(this::isMarked);
    }

    private boolean isMarked(String name) {
        return name.startsWith(BEGIN)
                || name.startsWith(INSIDE)
                || (OTHERS.matcher(name).matches()
                        && names.contains(BEGIN + name.substring(BEGIN.length())));
    }

    /** The kind that a label means, without mark; {@value #OUTSIDE} for none. */
    public String kind(int tag) {
        String name = names.get(tag);
        return isMarked(name) ? name.substring(BEGIN.length()) : name;
    }

    /** Whether a label begins a stretch wherever it stands. */
    public boolean begins(int tag) {
        String name = names.get(tag);
        return isMarked(name) && BEGINNINGS.indexOf(name.charAt(0)) >= 0;
    }

    /** Whether a label is outside all stretches. */
    public boolean outside(int tag) {
        return names.get(tag).equals(OUTSIDE);
    }

    /** The kinds that the labels mean, in their order. */
    public List<String> kinds() {
        List<String> kinds = new ArrayList<>();
        for (int tag = 0; tag < names.size(); tag++) {
            if (!outside(tag) && !kinds.contains(kind(tag))) {
                kinds.add(kind(tag));
            }
        }
        return kinds;
    }

    /**
     * The label of a stretch's word.
     *
     * @param kind of the stretch; {@value #OUTSIDE} for none
     * @param first whether it is the stretch's first word
     * @return the tag, or -1 if there is no such label
     */
    public int tag(String kind, boolean first) {
        int marked = names.indexOf((first ? BEGIN : INSIDE) + kind);
        int other = names.indexOf((first ? INSIDE : BEGIN) + kind);
        if (kind.equals(OUTSIDE) || (marked < 0 && other < 0)) {
            return names.indexOf(kind);
        }
        return marked < 0 && first ? other : marked;
    }
}
