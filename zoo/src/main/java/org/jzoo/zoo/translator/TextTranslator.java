package org.jzoo.zoo.translator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.util.List;
import java.util.function.Function;
import org.jzoo.zoo.translator.Query.Tokenized;

/** One input, one answer; several inputs become one padded batch. Keeps no state. */
final class TextTranslator<I, O> implements Translator<I, O> {

    private final Function<I, Query> question;
    private final QueryBatch<O> batch;

    TextTranslator(Function<I, Query> question, QueryBatch<O> batch) {
        this.question = question;
        this.batch = batch;
    }

    @Override
    public Batchifier getBatchifier() {
        return batch.batchifier();
    }

    @Override
    public NDList processInput(TranslatorContext context, I input) {
        NDList one = batchProcessInput(context, java.util.Collections.singletonList(input));
        return new NDList(one.get(0).get(0), one.get(1).get(0)); // (T), (T)
    }

    @Override
    public NDList batchProcessInput(TranslatorContext context, List<I> inputs) {
        List<Tokenized> queries = inputs.stream().map(question).map(batch::tokenize).toList();
        return batch.inputs(context, queries);
    }

    @Override
    public O processOutput(TranslatorContext context, NDList outputs) {
        try (NDArray one = outputs.get(0).expandDims(0)) { // (1, …)
            return batch.answers(context, new NDList(one)).get(0);
        }
    }

    @Override
    public List<O> batchProcessOutput(TranslatorContext context, NDList outputs) {
        return batch.answers(context, outputs);
    }
}
