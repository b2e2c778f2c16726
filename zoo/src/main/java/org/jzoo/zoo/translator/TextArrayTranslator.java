package org.jzoo.zoo.translator;

import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** An array of inputs as one padded batch, an array of answers in the same order. */
final class TextArrayTranslator<I, O, A> implements NoBatchifyTranslator<I[], A> {

    private final Function<I, Query> question;
    private final QueryBatch<O> batch;
    private final Function<List<O>, A> collect;

    TextArrayTranslator(
            Function<I, Query> question, QueryBatch<O> batch, Function<List<O>, A> collect) {
        this.question = question;
        this.batch = batch;
        this.collect = collect;
    }

    @Override
    public NDList processInput(TranslatorContext context, I[] inputs) {
        if (inputs == null) {
            throw new IllegalArgumentException("input must be an array of texts, got input=null");
        }
        return batch.inputs(
                context, Arrays.stream(inputs).map(question).map(batch::tokenize).toList());
    }

    @Override
    public A processOutput(TranslatorContext context, NDList outputs) {
        return collect.apply(batch.answers(context, outputs));
    }
}
