package org.jzoo.zoo.translator;

import ai.djl.modality.Input;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.util.List;

/**
 * Queries of one kind on their way through a model: arrays in, answers out. Keeps no state but in
 * the context.
 */
interface Exchange<Q, O> {

    /** How DJL makes one batch of several inputs, and the reverse; null runs each alone. */
    Batchifier batchifier();

    /** What a server's request asks. */
    Asked<Q> parse(Input input) throws TranslateException;

    /** The model's inputs; none for no queries. */
    NDList inputs(TranslatorContext context, List<Q> queries);

    /** One answer a query; none for none. */
    List<O> answers(TranslatorContext context, NDList outputs);

    /**
     * What one request asked.
     *
     * @param queries at least one unless {@code many}
     * @param many whether the request was an array, and the response is to be one
     */
    record Asked<Q>(List<Q> queries, boolean many) {}
}
