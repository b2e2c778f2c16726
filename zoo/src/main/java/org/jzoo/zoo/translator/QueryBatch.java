package org.jzoo.zoo.translator;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.TranslatorContext;
import java.util.List;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.translator.Query.Tokenized;

/**
 * Queries on their way through a model: tokens and padding in, answers out.
 *
 * @param tokenizer of the model
 * @param batchifier that pads with the model's padding token
 * @param pairsOnly whether the model reads nothing but pairs
 * @param reading of the model's output
 */
record QueryBatch<O>(
        TextTokenizer tokenizer,
        PaddingBatchifier batchifier,
        boolean pairsOnly,
        Reading<O> reading) {

    private static final String QUERIES = "jzoo.queries";

    /** Tokens of a query that this model can answer. */
    Tokenized tokenize(Query query) {
        if (pairsOnly && query.second() == null) {
            throw new IllegalArgumentException(
                    "input must be a pair of texts, which this model compares, got one text: "
                            + query.first());
        }
        Tokenized tokenized = query.tokenize(tokenizer);
        reading.check(tokenized);
        return tokenized;
    }

    /** The model's inputs, padded; the context remembers the queries. */
    NDList inputs(TranslatorContext context, List<Tokenized> queries) {
        context.setAttachment(QUERIES, queries);
        return queries.isEmpty() ? new NDList() : arrays(context.getNDManager(), queries);
    }

    private NDList arrays(NDManager manager, List<Tokenized> queries) {
        return batchifier.batch(
                manager,
                queries.stream().map(query -> query.tokens().ids()).toList(),
                queries.stream().map(query -> query.tokens().typeIds()).toList());
    }

    /** The answers to the queries that the context remembers. */
    @SuppressWarnings("unchecked")
    List<O> answers(TranslatorContext context, NDList outputs) {
        List<Tokenized> queries = (List<Tokenized>) context.getAttachment(QUERIES);
        return queries.isEmpty() ? List.of() : reading.read(queries, outputs.get(0));
    }
}
