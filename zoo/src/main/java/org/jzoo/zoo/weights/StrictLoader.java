package org.jzoo.zoo.weights;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jzoo.blocks.part.IntegerInitializer;

/**
 * Sets every parameter of a model from a {@link TensorSource}, or none: whatever is missing,
 * unexpected or of another shape is listed in one exception and the parameters stay as they were.
 *
 * <p>A parameter needs its shape, either from {@code setShape} or because it is initialized; a new
 * array replaces an old one and asks for gradients if that did. A parameter under several names
 * (tied weights) needs one of them in the source; if there are more, they must be equal.
 */
public final class StrictLoader {

    private static final int SHOWN = 20;

    private final Map<String, Parameter> parameters;
    private final List<Pattern> ignored;
    private final List<Pattern> kept;

    private StrictLoader(
            Map<String, Parameter> parameters, List<Pattern> ignored, List<Pattern> kept) {
        this.parameters = parameters;
        this.ignored = ignored;
        this.kept = kept;
    }

    /** A loader that sets these parameters, all of them, from tensors of the same names. */
    public static StrictLoader into(Map<String, Parameter> parameters) {
        return new StrictLoader(new LinkedHashMap<>(parameters), List.of(), List.of());
    }

    /**
     * This loader, which also lets tensors pass that no parameter wants if their name matches one
     * of these patterns; {@code *} stands for any characters, dots included.
     */
    public StrictLoader ignoring(String... patterns) {
        return new StrictLoader(parameters, plus(ignored, patterns), kept);
    }

    /**
     * This loader, which also lets parameters keep what they have if the source lacks them and
     * their name matches one of these patterns: a new head on a pretrained body. Those without a
     * value are given the one that their own initializer makes.
     */
    public StrictLoader keeping(String... patterns) {
        return new StrictLoader(parameters, ignored, plus(kept, patterns));
    }

    /**
     * Sets the parameters to FLOAT32 arrays, tables of codes to arrays of their own type.
     *
     * @param manager owner of the arrays, on whose device they are made
     * @throws MalformedModelException if a tensor is missing, unexpected, of another shape, or
     *     neither F32, F16 nor BF16, or tied tensors differ; nothing has been set then
     * @throws IllegalStateException if a parameter has no shape yet
     */
    public void load(TensorSource source, NDManager manager) throws MalformedModelException {
        Map<Parameter, List<String>> namesOf = namesOf();
        check(source, namesOf);
        Map<Parameter, NDArray> arrays = new LinkedHashMap<>();
        try (NDManager staging = manager.newSubManager()) {
            namesOf.forEach(
                    (parameter, names) -> {
                        List<String> present = present(source, names);
                        if (!present.isEmpty()) {
                            arrays.put(parameter, source.toNDArray(staging, present.get(0)));
                        } else if (!parameter.isInitialized()) {
                            arrays.put(parameter, initial(parameter, staging));
                        }
                    });
            arrays.values().forEach(array -> array.attach(manager));
        }
        arrays.forEach(StrictLoader::replace);
    }

    /**
     * Checks that {@link #load} would succeed, and sets nothing.
     *
     * @throws MalformedModelException if it would not, as there
     */
    public void check(TensorSource source) throws MalformedModelException {
        check(source, namesOf());
    }

    private Map<Parameter, List<String>> namesOf() {
        Map<Parameter, List<String>> namesOf = new LinkedHashMap<>();
        parameters.forEach(
                (name, parameter) ->
                        namesOf.computeIfAbsent(parameter, key -> new ArrayList<>()).add(name));
        return namesOf;
    }

    private static NDArray initial(Parameter parameter, NDManager manager) {
        return parameter
                .getInitializer()
                .initialize(manager, parameter.getShape(), DataType.FLOAT32);
    }

    private static void replace(Parameter parameter, NDArray array) {
        boolean gradient = parameter.isInitialized() && parameter.getArray().hasGradient();
        parameter.close();
        // An array is only accepted by a parameter that has no shape.
        parameter.setShape(null);
        parameter.setArray(array);
        if (gradient) {
            array.setRequiresGradient(true);
        }
    }

    private void check(TensorSource source, Map<Parameter, List<String>> namesOf)
            throws MalformedModelException {
        List<String> missing = new ArrayList<>();
        List<String> unexpected = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
            Shape shape = entry.getValue().getShape();
            if (shape == null) {
                throw new IllegalStateException(
                        "parameter %s must have a shape before it is loaded, got none"
                                .formatted(entry.getKey()));
            }
            if (source.entries().containsKey(entry.getKey())) {
                checkEntry(source.entry(entry.getKey()), entry.getValue(), wrong);
            }
        }
        namesOf.forEach(
                (parameter, names) -> {
                    if (present(source, names).isEmpty()
                            && names.stream().noneMatch(name -> matches(kept, name))) {
                        missing.add(String.join(" = ", names) + " " + parameter.getShape());
                    }
                });
        for (TensorEntry entry : source.entries().values()) {
            if (!parameters.containsKey(entry.name()) && !matches(ignored, entry.name())) {
                unexpected.add(entry.name() + " " + entry.shape());
            }
        }
        if (wrong.isEmpty()) {
            checkTies(source, namesOf, wrong);
        }
        int count = missing.size() + unexpected.size() + wrong.size();
        if (count > 0) {
            throw new MalformedModelException(
                    source.origin()
                            + ": the tensors must be those of the model, got "
                            + count
                            + (count == 1 ? " difference" : " differences")
                            + list("missing", missing)
                            + list("unexpected", unexpected)
                            + list("wrong", wrong));
        }
    }

    private static void checkEntry(TensorEntry entry, Parameter parameter, List<String> wrong) {
        Shape shape = parameter.getShape();
        if (!entry.shape().equals(shape)) {
            wrong.add(
                    "%s must have shape %s, got %s".formatted(entry.name(), shape, entry.shape()));
        } else if (parameter.getInitializer() instanceof IntegerInitializer codes) {
            TensorType wanted = TensorType.of(codes.type());
            if (entry.type() != wanted) {
                wrong.add(
                        "%s must have type %s, got %s"
                                .formatted(entry.name(), wanted, entry.type()));
            }
        } else if (!entry.type().fitsFloat()) {
            wrong.add(
                    "%s must have type F32, F16 or BF16, got %s"
                            .formatted(entry.name(), entry.type()));
        }
    }

    private static void checkTies(
            TensorSource source, Map<Parameter, List<String>> namesOf, List<String> wrong) {
        for (List<String> names : namesOf.values()) {
            List<String> present = present(source, names);
            for (String other : present.subList(Math.min(1, present.size()), present.size())) {
                LazyTensor first = LazyTensor.of(source, present.get(0));
                if (!first.sameElements(LazyTensor.of(source, other))) {
                    wrong.add(
                            "%s and %s must be equal, since the model ties them, got %s that differ"
                                    .formatted(present.get(0), other, first.entry().shape()));
                }
            }
        }
    }

    private static List<String> present(TensorSource source, List<String> names) {
        return names.stream().filter(source.entries()::containsKey).toList();
    }

    private static String list(String title, List<String> items) {
        if (items.isEmpty()) {
            return "";
        }
        List<String> sorted = items.stream().sorted().toList();
        String shown = String.join("\n    ", sorted.subList(0, Math.min(SHOWN, sorted.size())));
        String rest = sorted.size() > SHOWN ? "\n    and " + (sorted.size() - SHOWN) + " more" : "";
        return "\n  " + title + ":\n    " + shown + rest;
    }

    private static boolean matches(List<Pattern> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }

    private static List<Pattern> plus(List<Pattern> patterns, String... globs) {
        List<Pattern> all = new ArrayList<>(patterns);
        for (String glob : globs) {
            StringBuilder regex = new StringBuilder();
            for (String part : glob.split("\\*", -1)) {
                regex.append(regex.length() == 0 ? "" : ".*").append(Pattern.quote(part));
            }
            all.add(Pattern.compile(regex.toString()));
        }
        return List.copyOf(all);
    }
}
