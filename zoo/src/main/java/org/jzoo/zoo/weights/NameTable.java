package org.jzoo.zoo.weights;

import ai.djl.MalformedModelException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Foreign tensor names and ours, one table an architecture, read both ways: {@link #toOurs} imports
 * a published checkpoint, {@link #toForeign} exports one that its own library can load.
 *
 * <pre>{@code
 * NameTable gpt2 = NameTable.of(
 *         NameRule.same("wte.weight", "tokens.weight"),
 *         NameRule.split("h.{layer}.attn.c_attn.weight",
 *                 "layers.{layer}.mixer.query.weight",
 *                 "layers.{layer}.mixer.key.weight",
 *                 "layers.{layer}.mixer.value.weight").transposed())
 *         .tied("lm_head.weight", "wte.weight");
 * StrictLoader.into(parameters).load(gpt2.toOurs(Safetensors.open(folder)), manager);
 * }</pre>
 *
 * <p>The first rule that knows a name decides. Names that no rule knows are passed on as they are,
 * so that a {@link StrictLoader} reports or ignores them under the name they have in the file.
 */
public final class NameTable {

    private final List<NameRule> rules;
    private final Map<String, String> ties;
    private final String prefix;
    private final List<String> outside;

    private NameTable(
            List<NameRule> rules, Map<String, String> ties, String prefix, List<String> outside) {
        this.rules = rules;
        this.ties = ties;
        this.prefix = prefix;
        this.outside = outside;
    }

    /** A table of these rules. */
    public static NameTable of(NameRule... rules) {
        return new NameTable(List.of(rules), Map.of(), "", List.of());
    }

    /** This table followed by more rules. */
    public NameTable and(NameRule... more) {
        List<NameRule> all = new ArrayList<>(rules);
        all.addAll(List.of(more));
        return new NameTable(List.copyOf(all), ties, prefix, outside);
    }

    /**
     * This table for files in which a foreign tensor may appear a second time under another name.
     * On the way in both must hold the same bytes and either may be absent; on the way out the
     * alias is not written.
     */
    public NameTable tied(String alias, String foreign) {
        Map<String, String> more = new LinkedHashMap<>(ties);
        more.put(alias, foreign);
        return new NameTable(rules, more, prefix, outside);
    }

    /**
     * This table for files in which every name that the rules know may begin with {@code prefix},
     * such as {@code bert.}: on the way in it is dropped where it leads to a known name, on the way
     * out none is added.
     *
     * @param outside beginnings of names that never carry the prefix: those of heads
     */
    public NameTable prefixed(String prefix, String... outside) {
        return new NameTable(rules, ties, prefix, List.of(outside));
    }

    /**
     * The tensors of {@code foreign} under our names and in our layout.
     *
     * @throws MalformedModelException if only a part of the tensors of a rule is there, two tensors
     *     lead to the same name, a shape does not fit its rule, or tied tensors differ
     */
    public TensorSource toOurs(TensorSource foreign) throws MalformedModelException {
        Map<String, LazyTensor> tensors = new TreeMap<>();
        for (String name : foreign.entries().keySet()) {
            LazyTensor tensor = LazyTensor.of(foreign, name);
            put(foreign, tensors, tensor.named(withoutPrefix(name)));
        }
        for (Map.Entry<String, String> tie : ties.entrySet()) {
            LazyTensor alias = tensors.remove(tie.getKey());
            if (alias != null) {
                LazyTensor main = tensors.putIfAbsent(tie.getValue(), alias.named(tie.getValue()));
                if (main != null && !main.sameElements(alias)) {
                    throw new MalformedModelException(
                            "%s: tied tensors %s and %s must be equal, got %s and %s that differ"
                                    .formatted(
                                            foreign.origin(),
                                            tie.getKey(),
                                            tie.getValue(),
                                            alias.entry().shape(),
                                            main.entry().shape()));
                }
            }
        }
        return apply(foreign, tensors, true);
    }

    /**
     * Our tensors under foreign names and in the foreign layout.
     *
     * @throws MalformedModelException if only a part of the tensors of a rule is there, two tensors
     *     lead to the same name, or a shape does not fit its rule
     */
    public TensorSource toForeign(TensorSource ours) throws MalformedModelException {
        Map<String, LazyTensor> tensors = new TreeMap<>();
        for (String name : ours.entries().keySet()) {
            tensors.put(name, LazyTensor.of(ours, name));
        }
        return apply(ours, tensors, false);
    }

    /**
     * Our name of one foreign tensor that no rule splits or joins, for tensors that go with it,
     * such as adapters; null if no rule knows it.
     */
    public String ourName(String foreign) {
        String name = withoutPrefix(foreign);
        for (NameRule rule : rules) {
            if (rule.foreign().size() == 1 && rule.ours().size() == 1) {
                String ours = renamed(rule.foreign().get(0), rule.ours().get(0), name);
                if (ours != null) {
                    return ours;
                }
            }
        }
        return null;
    }

    /**
     * The foreign name of one tensor of ours that no rule splits or joins, with the prefix that it
     * has in a published model with a head; null if no rule knows it. The inverse of {@link
     * #ourName}.
     */
    public String foreignName(String ours) {
        for (NameRule rule : rules) {
            if (rule.foreign().size() == 1 && rule.ours().size() == 1) {
                String name = renamed(rule.ours().get(0), rule.foreign().get(0), ours);
                if (name != null) {
                    return outside.stream().anyMatch(name::startsWith) ? name : prefix + name;
                }
            }
        }
        return null;
    }

    /** A name that fits one template, by the other; null if it does not fit. */
    private static String renamed(String from, String to, String name) {
        Matcher matcher = NameRule.pattern(from).matcher(name);
        if (!matcher.matches()) {
            return null;
        }
        Map<String, String> numbers = new TreeMap<>();
        for (String placeholder : NameRule.placeholders(from)) {
            numbers.put(placeholder, matcher.group(placeholder));
        }
        return fill(to, numbers);
    }

    private String withoutPrefix(String name) {
        if (!prefix.isEmpty() && name.startsWith(prefix)) {
            String rest = name.substring(prefix.length());
            if (ties.containsKey(rest) || rules.stream().anyMatch(rule -> knows(rule, rest))) {
                return rest;
            }
        }
        return name;
    }

    private static boolean knows(NameRule rule, String name) {
        return rule.foreign().stream()
                .anyMatch(template -> NameRule.pattern(template).matcher(name).matches());
    }

    private TensorSource apply(
            TensorSource source, Map<String, LazyTensor> tensors, boolean inwards)
            throws MalformedModelException {
        Map<String, LazyTensor> results = new TreeMap<>();
        Map<String, LazyTensor> left = new TreeMap<>(tensors);
        for (NameRule rule : rules) {
            List<String> from = inwards ? rule.foreign() : rule.ours();
            List<String> to = inwards ? rule.ours() : rule.foreign();
            for (Match match : matches(source, from, left)) {
                List<LazyTensor> made;
                try {
                    made = inwards ? rule.inwards(match.tensors()) : rule.outwards(match.tensors());
                } catch (IllegalArgumentException e) {
                    throw new MalformedModelException(source.origin() + ": " + e.getMessage(), e);
                }
                for (int i = 0; i < to.size(); i++) {
                    put(source, results, made.get(i).named(fill(to.get(i), match.numbers())));
                }
            }
        }
        for (LazyTensor unknown : left.values()) {
            put(source, results, unknown);
        }
        return new LazySource(source.origin(), results.values());
    }

    private static void put(TensorSource source, Map<String, LazyTensor> tensors, LazyTensor tensor)
            throws MalformedModelException {
        if (tensors.put(tensor.entry().name(), tensor) != null) {
            throw new MalformedModelException(
                    "%s: one tensor must lead to %s, got two"
                            .formatted(source.origin(), tensor.entry().name()));
        }
    }

    /** Tensors that fill the templates of one side of a rule, with the numbers they share. */
    private record Match(Map<String, String> numbers, List<LazyTensor> tensors) {}

    /** Takes the tensors that a rule knows out of {@code left}. */
    private static List<Match> matches(
            TensorSource source, List<String> templates, Map<String, LazyTensor> left)
            throws MalformedModelException {
        List<Pattern> patterns = templates.stream().map(NameRule::pattern).toList();
        Map<Map<String, String>, LazyTensor[]> found = new LinkedHashMap<>();
        for (LazyTensor tensor : List.copyOf(left.values())) {
            for (int i = 0; i < patterns.size(); i++) {
                Matcher matcher = patterns.get(i).matcher(tensor.entry().name());
                if (matcher.matches()) {
                    Map<String, String> numbers = new TreeMap<>();
                    for (String placeholder : NameRule.placeholders(templates.get(i))) {
                        numbers.put(placeholder, matcher.group(placeholder));
                    }
                    found.computeIfAbsent(numbers, key -> new LazyTensor[patterns.size()])[i] =
                            tensor;
                    left.remove(tensor.entry().name());
                    break;
                }
            }
        }
        List<Match> matches = new ArrayList<>();
        for (Map.Entry<Map<String, String>, LazyTensor[]> entry : found.entrySet()) {
            List<LazyTensor> tensors = new ArrayList<>();
            for (int i = 0; i < templates.size(); i++) {
                if (entry.getValue()[i] == null) {
                    throw new MalformedModelException(
                            "%s: missing %s, which belongs to the tensors %s"
                                    .formatted(
                                            source.origin(),
                                            fill(templates.get(i), entry.getKey()),
                                            templates));
                }
                tensors.add(entry.getValue()[i]);
            }
            matches.add(new Match(entry.getKey(), tensors));
        }
        return matches;
    }

    private static String fill(String template, Map<String, String> numbers) {
        String name = template;
        for (Map.Entry<String, String> number : numbers.entrySet()) {
            name = name.replace("{" + number.getKey() + "}", number.getValue());
        }
        return name;
    }
}
