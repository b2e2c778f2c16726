package org.jzoo.zoo.translator;

import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** One input, one answer; several inputs become one batch. Keeps no state. */
final class SingleTranslator<I, Q, O> implements Translator<I, O> {

    private final Function<I, Q> question;
    private final Exchange<Q, O> exchange;

    SingleTranslator(Function<I, Q> question, Exchange<Q, O> exchange) {
        this.question = question;
        this.exchange = exchange;
    }

    @Override
    public Batchifier getBatchifier() {
        return exchange.batchifier();
    }

    @Override
    public NDList processInput(TranslatorContext context, I input) {
        NDList batch = batchProcessInput(context, Collections.singletonList(input));
        if (exchange.batchifier() == null) {
            return batch;
        }
        NDList rows = new NDList();
        batch.forEach(array -> rows.add(array.get(0)));
        return rows;
    }

    @Override
    public NDList batchProcessInput(TranslatorContext context, List<I> inputs) {
        return exchange.inputs(context, inputs.stream().map(question).toList());
    }

    @Override
    public O processOutput(TranslatorContext context, NDList outputs) {
        if (exchange.batchifier() == null) {
            return exchange.answers(context, outputs).get(0);
        }
        try (NDList one = new NDList()) {
            outputs.forEach(output -> one.add(output.expandDims(0))); // (1, …)
            return exchange.answers(context, one).get(0);
        }
    }

    @Override
    public List<O> batchProcessOutput(TranslatorContext context, NDList outputs) {
        return exchange.answers(context, outputs);
    }
}
