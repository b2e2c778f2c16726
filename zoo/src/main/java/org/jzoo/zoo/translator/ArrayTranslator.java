package org.jzoo.zoo.translator;

import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** An array of inputs as one batch, an array of answers in the same order. */
final class ArrayTranslator<I, Q, O, A> implements NoBatchifyTranslator<I[], A> {

    private final Function<I, Q> question;
    private final Exchange<Q, O> exchange;
    private final Function<List<O>, A> collect;

    ArrayTranslator(
            Function<I, Q> question, Exchange<Q, O> exchange, Function<List<O>, A> collect) {
        this.question = question;
        this.exchange = exchange;
        this.collect = collect;
    }

    @Override
    public NDList processInput(TranslatorContext context, I[] inputs) {
        if (inputs == null) {
            throw new IllegalArgumentException("input must be an array, got input=null");
        }
        return exchange.inputs(context, Arrays.stream(inputs).map(question).toList());
    }

    @Override
    public A processOutput(TranslatorContext context, NDList outputs) {
        return collect.apply(exchange.answers(context, outputs));
    }
}
