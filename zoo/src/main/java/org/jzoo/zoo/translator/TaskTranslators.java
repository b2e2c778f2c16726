package org.jzoo.zoo.translator;

import ai.djl.modality.Classifications;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.Translator;
import ai.djl.util.Pair;
import ai.djl.util.StringPair;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;
import org.jzoo.zoo.text.TextTokenizer;

/**
 * Which inputs and answers each task has.
 *
 * <p>Inputs are {@code String}, {@link TextPair} and {@link StringPair}, and arrays of them.
 * Answers are {@code float[]} (embedding), {@link Classifications}, {@code Float} or {@code
 * float[]} (regression), {@code TokenLabel[]}, {@code Filling[]} or {@link Classifications} (masked
 * words), and arrays of them for arrays. Every task also has {@link Input} and {@link Output} for
 * serving, and plain {@link NDList}s.
 */
public final class TaskTranslators {

    private static final int FILLINGS = 5;

    /** A type of input, and how a query is read from it. */
    private record Source<I>(Class<I> type, boolean pair, Function<I, Query> question) {

        Class<?> arrayType() {
            return type.arrayType();
        }
    }

    /** A type of answer, one and many. */
    private record Form<O, A>(
            Class<O> one, Class<A> many, Function<List<O>, A> collect, Reading<O> reading) {}

    private static final List<Source<?>> SOURCES =
            List.of(
                    new Source<>(String.class, false, Query::of),
                    new Source<>(TextPair.class, true, Query::of),
                    new Source<>(
                            StringPair.class,
                            true,
                            pair -> Query.of(new TextPair(pair.getKey(), pair.getValue()))));

    private TaskTranslators() {}

    /**
     * Creates a translator.
     *
     * @param config of the model
     * @param tokenizer of the model
     * @param input the type of input
     * @param output the type of answer
     * @throws IllegalArgumentException if the task has no such types; the message names those it
     *     has
     */
    @SuppressWarnings("unchecked")
    public static <I, O> Translator<I, O> of(
            ModelConfig config, TextTokenizer tokenizer, Class<I> input, Class<O> output) {
        if (input == NDList.class && output == NDList.class) {
            return (Translator<I, O>) new NoopTranslator();
        }
        Translator<?, ?> found = null;
        for (Form<?, ?> form : forms(config.task(), tokenizer)) {
            found = found == null ? find(config, tokenizer, input, output, form) : found;
        }
        if (found == null) {
            throw new IllegalArgumentException(unsupported(config.task(), input, output));
        }
        return (Translator<I, O>) found;
    }

    /** The types of input and answer that a task has. */
    public static Set<Pair<Type, Type>> supported(Task task) {
        Set<Pair<Type, Type>> types = new LinkedHashSet<>();
        for (Form<?, ?> form : forms(task, null)) {
            for (Source<?> source : sources(task)) {
                types.add(new Pair<>(source.type(), form.one()));
                types.add(new Pair<>(source.arrayType(), form.many()));
            }
        }
        types.add(new Pair<>(Input.class, Output.class));
        types.add(new Pair<>(NDList.class, NDList.class));
        return types;
    }

    /** Says that a task has no such types, and which it has. */
    public static String unsupported(Task task, Class<?> input, Class<?> output) {
        return "input and output must be types of the task %s (%s), got input=%s, output=%s"
                .formatted(
                        task.getClass().getSimpleName(),
                        names(supported(task)),
                        input.getSimpleName(),
                        output.getSimpleName());
    }

    private static String names(Set<Pair<Type, Type>> types) {
        return types.stream()
                .map(t -> name(t.getKey()) + " -> " + name(t.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String name(Type type) {
        return ((Class<?>) type).getSimpleName();
    }

    private static <O, A> Translator<?, ?> find(
            ModelConfig config,
            TextTokenizer tokenizer,
            Class<?> input,
            Class<?> output,
            Form<O, A> form) {
        QueryBatch<O> batch =
                new QueryBatch<>(
                        tokenizer, batchifier(config), readsPairs(config.task()), form.reading());
        if (input == Input.class && output == Output.class) {
            return new JsonTranslator<>(batch);
        }
        for (Source<?> source : sources(config.task())) {
            if (input == source.type() && output == form.one()) {
                return new TextTranslator<>(source.question(), batch);
            }
            if (input == source.arrayType() && output == form.many()) {
                return new TextArrayTranslator<>(source.question(), batch, form.collect());
            }
        }
        return null;
    }

    private static PaddingBatchifier batchifier(ModelConfig config) {
        return new PaddingBatchifier(Math.max(0, config.textModel().padding()));
    }

    private static boolean readsPairs(Task task) {
        return (task instanceof ClassificationTask c && c.pair())
                || (task instanceof RegressionTask r && r.pair());
    }

    private static List<Source<?>> sources(Task task) {
        boolean single = task instanceof TokenClassificationTask || task instanceof EmbeddingTask;
        return SOURCES.stream()
                .filter(source -> source.pair() ? !single : !readsPairs(task))
                .toList();
    }

    private static List<Form<?, ?>> forms(Task task, TextTokenizer tokenizer) {
        if (task instanceof EmbeddingTask) {
            return List.of(
                    new Form<>(
                            float[].class,
                            float[][].class,
                            rows -> rows.toArray(new float[0][]),
                            (queries, output) -> Reading.rows(output)));
        }
        if (task instanceof ClassificationTask classification) {
            return List.of(labels(new ClassificationReading(classification.labels())));
        }
        if (task instanceof RegressionTask) {
            return List.of(
                    new Form<>(
                            Float.class,
                            float[].class,
                            TaskTranslators::unbox,
                            (queries, output) -> numbers(output)),
                    new Form<>(
                            Float.class,
                            Float[].class,
                            numbers -> numbers.toArray(new Float[0]),
                            (queries, output) -> numbers(output)),
                    new Form<>(
                            float[].class,
                            float[][].class,
                            rows -> rows.toArray(new float[0][]),
                            (queries, output) -> Reading.rows(output)));
        }
        if (task instanceof TokenClassificationTask tokens) {
            return List.of(
                    new Form<>(
                            TokenLabel[].class,
                            TokenLabel[][].class,
                            rows -> rows.toArray(new TokenLabel[0][]),
                            new TokenLabelReading(tokens.labels())));
        }
        if (task instanceof MaskedWordsTask) {
            FillingReading reading =
                    tokenizer == null
                            ? null
                            : new FillingReading(
                                    tokenizer, SpecialToken.mask(tokenizer.json()), FILLINGS);
            return List.of(
                    new Form<>(
                            Filling[].class,
                            Filling[][].class,
                            rows -> rows.toArray(new Filling[0][]),
                            reading),
                    labels(reading == null ? null : reading.asClassifications()));
        }
        throw new IllegalArgumentException(
                "task must have translators, got task=" + task.getClass().getSimpleName());
    }

    private static Form<Classifications, Classifications[]> labels(
            Reading<Classifications> reading) {
        return new Form<>(
                Classifications.class,
                Classifications[].class,
                all -> all.toArray(new Classifications[0]),
                reading);
    }

    private static List<Float> numbers(NDArray output) {
        return Reading.rows(output).stream().map(row -> row[0]).toList();
    }

    private static float[] unbox(List<Float> numbers) {
        float[] all = new float[numbers.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = numbers.get(i);
        }
        return all;
    }
}
