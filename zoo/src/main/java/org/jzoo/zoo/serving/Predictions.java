package org.jzoo.zoo.serving;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.translator.TaskTranslators;

/** Predictors of a loaded model. Safe to use from many threads, as its predictors are. */
public final class Predictions implements AutoCloseable {

    private static final int BATCH = 32;

    private final LoadedModel loaded;
    private final Map<Precision, Model> models = new EnumMap<>(Precision.class);
    private final Map<Kind, Predictor<?, ?>> shared = new HashMap<>();

    /** What a predictor is made for. */
    private record Kind(Class<?> input, Class<?> output, Precision precision) {}

    /** Creates predictions of a model, which is not closed with them. */
    public Predictions(LoadedModel loaded) {
        this.loaded = loaded;
    }

    /**
     * Creates a predictor, for as many threads as like; the caller closes it.
     *
     * @throws IllegalArgumentException if the model's task has no such types; the message names
     *     those it has
     */
    public <I, O> Predictor<I, O> predictor(Class<I> input, Class<O> output, Precision precision) {
        Translator<I, O> translator =
                TaskTranslators.of(loaded.config(), loaded.tokenizer(), input, output);
        return model(precision).newPredictor(translator);
    }

    @SuppressWarnings("unchecked")
    private synchronized <I, O> Predictor<I, O> shared(
            Class<I> input, Class<O> output, Precision precision) {
        return (Predictor<I, O>)
                shared.computeIfAbsent(
                        new Kind(input, output, precision),
                        kind -> predictor(input, output, precision));
    }

    private synchronized Model model(Precision precision) {
        return models.computeIfAbsent(precision, p -> ServedModel.asModel(loaded, p));
    }

    /**
     * Answers one input.
     *
     * @throws IllegalArgumentException if it cannot be answered; the message says why
     */
    public <I, O> O answer(Class<I> type, Class<O> output, Precision precision, I input) {
        try {
            return shared(type, output, precision).predict(input);
        } catch (TranslateException e) {
            throw unwrap(e);
        }
    }

    /**
     * Answers any number of inputs, in batches of similar length.
     *
     * @param length a measure of an input's length
     * @return the answers in the order of the inputs
     * @throws IllegalArgumentException if an input cannot be answered; the message says why
     */
    public <I, O> List<O> answers(
            Class<I> input,
            Class<O> output,
            Precision precision,
            List<I> inputs,
            ToIntFunction<I> length) {
        List<Integer> order =
                IntStream.range(0, inputs.size())
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> lengthOf(inputs.get(i), length)))
                        .toList();
        List<O> answers = new ArrayList<>(Collections.nCopies(inputs.size(), null));
        Predictor<I, O> predictor = shared(input, output, precision);
        try {
            for (int from = 0; from < order.size(); from += BATCH) {
                List<Integer> rows = order.subList(from, Math.min(from + BATCH, order.size()));
                List<O> batch = predictor.batchPredict(rows.stream().<I>map(inputs::get).toList());
                for (int i = 0; i < rows.size(); i++) {
                    answers.set(rows.get(i), batch.get(i));
                }
            }
        } catch (TranslateException e) {
            throw unwrap(e);
        }
        return answers;
    }

    private static <I> int lengthOf(I input, ToIntFunction<I> length) {
        return input == null ? 0 : length.applyAsInt(input);
    }

    // DJL wraps whatever a translator throws.
    private static RuntimeException unwrap(TranslateException e) {
        return e.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException(e);
    }

    /** Frees the DJL models; predictors are of no use then. */
    @Override
    public synchronized void close() {
        shared.values().forEach(Predictor::close);
        shared.clear();
        models.values().forEach(Model::close);
        models.clear();
    }
}
