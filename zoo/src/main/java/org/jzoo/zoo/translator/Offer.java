package org.jzoo.zoo.translator;

import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.translate.Translator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A pair of types that a task has, and the translator for it, which is not made until it is wanted.
 */
record Offer(Class<?> input, Class<?> output, Supplier<Translator<?, ?>> maker) {

    /** A type of input, and how a query is read from it. */
    record Source<I, Q>(Class<I> type, Function<I, Q> question) {}

    /** A type of answer, one and many. */
    record Form<O, A>(Class<O> one, Class<A> many, Function<List<O>, A> collect) {}

    /** One input and an array of them, for every type of input. */
    static <Q, O, A> List<Offer> of(
            List<? extends Source<?, Q>> sources,
            Form<O, A> form,
            Supplier<? extends Exchange<Q, O>> exchange) {
        List<Offer> offers = new ArrayList<>();
        for (Source<?, Q> source : sources) {
            offers.add(single(source, form, exchange));
            offers.add(array(source, form, exchange));
        }
        return offers;
    }

    private static <I, Q, O> Offer single(
            Source<I, Q> source, Form<O, ?> form, Supplier<? extends Exchange<Q, O>> exchange) {
        return new Offer(
                source.type(),
                form.one(),
                () -> new SingleTranslator<>(source.question(), exchange.get()));
    }

    private static <I, Q, O, A> Offer array(
            Source<I, Q> source, Form<O, A> form, Supplier<? extends Exchange<Q, O>> exchange) {
        return new Offer(
                source.type().arrayType(),
                form.many(),
                () -> new ArrayTranslator<>(source.question(), exchange.get(), form.collect()));
    }

    /** Requests and responses of a server. */
    static <Q, O> Offer serving(Supplier<? extends Exchange<Q, O>> exchange) {
        return new Offer(Input.class, Output.class, () -> new JsonTranslator<>(exchange.get()));
    }

    /** Vectors as arrays of numbers. */
    static Form<float[], float[][]> vectors() {
        return new Form<>(float[].class, float[][].class, rows -> rows.toArray(new float[0][]));
    }
}
