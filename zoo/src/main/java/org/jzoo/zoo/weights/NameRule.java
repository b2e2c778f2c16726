package org.jzoo.zoo.weights;

import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a {@link NameTable}: which foreign tensors are which of ours, and how the layout
 * changes. Names may hold placeholders such as <code>{layer}</code> that stand for a number; all
 * names of a rule hold the same ones.
 *
 * <p>On the way in a foreign tensor is transposed, then reshaped, then split or joined, then
 * stacked; on the way out the same steps are undone in reverse order.
 *
 * @param foreign the foreign names: several if they are joined into one of ours
 * @param ours our names: several if one foreign tensor is split into them
 * @param transpose whether foreign matrices are (in, out); vectors are left alone
 * @param groups number of blocks of rows that the joined tensor is made of, each with a run of
 *     every part: 1 for parts one after another, the number of heads for parts that alternate
 * @param shares relative number of rows of each part in the joined tensor
 * @param inward shape of the foreign tensor on our side before it is split, −1 for one open
 *     dimension; null to keep it
 * @param outward shape of the foreign tensor on its own side, likewise; null to keep it
 * @param stack number of experts (E) if ours are (E, R, …) where the rule sees (E·R, …); 0 if they
 *     are what the rule sees
 */
public record NameRule(
        List<String> foreign,
        List<String> ours,
        boolean transpose,
        int groups,
        List<Integer> shares,
        Shape inward,
        Shape outward,
        int stack) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)}");

    /**
     * Checks that the rule can be followed both ways.
     *
     * @throws IllegalArgumentException if both sides have several names or one has none, names
     *     differ in their placeholders, there is not one positive share per part, {@code groups} is
     *     not positive, or only one of the two shapes is given
     */
    public NameRule {
        foreign = List.copyOf(foreign);
        ours = List.copyOf(ours);
        shares = List.copyOf(shares);
        int parts = Math.max(foreign.size(), ours.size());
        if (Math.min(foreign.size(), ours.size()) != 1) {
            throw new IllegalArgumentException(
                    "a rule must have one name on one side, got foreign=%s, ours=%s"
                            .formatted(foreign, ours));
        }
        if (shares.size() != parts || shares.stream().anyMatch(share -> share < 1)) {
            throw new IllegalArgumentException(
                    "shares must be one positive number for each of %d parts, got shares=%s"
                            .formatted(parts, shares));
        }
        if (groups < 1 || stack < 0) {
            throw new IllegalArgumentException(
                    "groups must be >= 1 and stack >= 0, got groups=%d, stack=%d"
                            .formatted(groups, stack));
        }
        if ((inward == null) != (outward == null) || (inward != null && foreign.size() > 1)) {
            throw new IllegalArgumentException(
                    "shapes must be given for both sides of one foreign tensor, got %s, %s, foreign=%s"
                            .formatted(inward, outward, foreign));
        }
        Set<String> placeholders = placeholders(foreign.get(0));
        for (List<String> side : List.of(foreign, ours)) {
            for (String name : side) {
                if (!placeholders(name).equals(placeholders)) {
                    throw new IllegalArgumentException(
                            "%s must have the placeholders %s, got %s"
                                    .formatted(name, placeholders, placeholders(name)));
                }
            }
        }
    }

    /** One tensor under two names. */
    public static NameRule same(String foreign, String ours) {
        return of(List.of(foreign), List.of(ours), 1);
    }

    /** One foreign tensor whose rows are several of ours, one after another in equal parts. */
    public static NameRule split(String foreign, String... ours) {
        return of(List.of(foreign), List.of(ours), ours.length);
    }

    /** Several foreign tensors whose rows make up one of ours. */
    public static NameRule join(String ours, String... foreign) {
        return of(List.of(foreign), List.of(ours), foreign.length);
    }

    private static NameRule of(List<String> foreign, List<String> ours, int parts) {
        return new NameRule(foreign, ours, false, 1, Collections.nCopies(parts, 1), null, null, 0);
    }

    /** The same rule for foreign matrices that are (in, out), as Conv1D layers and ONNX have. */
    public NameRule transposed() {
        return new NameRule(foreign, ours, true, groups, shares, inward, outward, stack);
    }

    /** The same rule for parts that take turns in blocks of rows, one block a group. */
    public NameRule interleaved(int groups) {
        return new NameRule(foreign, ours, transpose, groups, shares, inward, outward, stack);
    }

    /** The same rule for parts of unequal height, such as 4, 1, 1 for grouped queries. */
    public NameRule shares(Integer... shares) {
        return new NameRule(
                foreign, ours, transpose, groups, List.of(shares), inward, outward, stack);
    }

    /**
     * The same rule for a tensor whose shape differs: a convolution's kernel that is a matrix here.
     * One dimension of each shape may be −1.
     *
     * @param inward the shape on our side
     * @param outward the shape on theirs
     */
    public NameRule reshaped(Shape inward, Shape outward) {
        return new NameRule(foreign, ours, transpose, groups, shares, inward, outward, stack);
    }

    /**
     * The same rule for ours that hold all experts' maps at once, (E, R, …), where the rule itself
     * sees their rows one below the other, (E·R, …):
     *
     * <pre>{@code
     * NameRule.join("up.weight", "experts.0.w3.weight", "experts.1.w3.weight").stacked(2)
     * NameRule.split("gate_up_proj", "gate.weight", "up.weight") // (E, 2·F, D)
     *         .reshaped(new Shape(-1, dim), new Shape(numExperts, -1, dim))
     *         .interleaved(numExperts)
     *         .stacked(numExperts)
     * }</pre>
     *
     * @param numExperts E, at least 1
     */
    public NameRule stacked(int numExperts) {
        return new NameRule(foreign, ours, transpose, groups, shares, inward, outward, numExperts);
    }

    /** Our tensors from theirs, in the order of the names. */
    List<LazyTensor> inwards(List<LazyTensor> theirs) {
        List<LazyTensor> turned = transpose ? turn(theirs) : theirs;
        if (inward != null) {
            turned = List.of(turned.get(0).reshaped(inward));
        }
        List<LazyTensor> found = regroup(turned, ours.size());
        return stack == 0 ? found : found.stream().map(t -> t.stacked(stack)).toList();
    }

    /** Their tensors from ours, in the order of the names. */
    List<LazyTensor> outwards(List<LazyTensor> mine) {
        List<LazyTensor> flat =
                stack == 0 ? mine : mine.stream().map(t -> t.unstacked(stack)).toList();
        List<LazyTensor> grouped = regroup(flat, foreign.size());
        if (outward != null) {
            grouped = List.of(grouped.get(0).reshaped(outward));
        }
        return transpose ? turn(grouped) : grouped;
    }

    private List<LazyTensor> regroup(List<LazyTensor> tensors, int wanted) {
        if (tensors.size() == wanted) {
            return tensors;
        }
        return wanted == 1
                ? List.of(LazyTensor.join(tensors, groups))
                : tensors.get(0).split(groups, shares);
    }

    private static List<LazyTensor> turn(List<LazyTensor> tensors) {
        return tensors.stream().map(LazyTensor::transposed).toList();
    }

    static Set<String> placeholders(String name) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = PLACEHOLDER.matcher(name);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** A pattern for the names that {@code template} stands for, with a group a placeholder. */
    static Pattern pattern(String template) {
        StringBuilder regex = new StringBuilder();
        Set<String> seen = new TreeSet<>();
        Matcher matcher = PLACEHOLDER.matcher(template);
        int from = 0;
        while (matcher.find()) {
            regex.append(Pattern.quote(template.substring(from, matcher.start())));
            String name = matcher.group(1);
            regex.append(seen.add(name) ? "(?<" + name + ">[0-9]+)" : "\\k<" + name + ">");
            from = matcher.end();
        }
        regex.append(Pattern.quote(template.substring(from)));
        return Pattern.compile(regex.toString());
    }
}
