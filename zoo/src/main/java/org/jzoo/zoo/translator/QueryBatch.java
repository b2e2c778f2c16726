package org.jzoo.zoo.translator;

import ai.djl.modality.Input;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.util.List;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.translator.Query.Tokenized;

/**
 * Texts on their way through a model: tokens and padding in, answers out.
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
        Reading<O> reading)
        implements Exchange<Query, O> {

    private static final String QUERIES = "jzoo.queries";

    @Override
    public Asked<Query> parse(Input input) throws TranslateException {
        JsonQueries asked = JsonQueries.of(input);
        asked.queries().forEach(this::tokenize); // refuses what cannot be answered
        return new Asked<>(asked.queries(), asked.many());
    }

    /** Tokens of a query that this model can answer. */
    private Tokenized tokenize(Query query) {
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
    @Override
    public NDList inputs(TranslatorContext context, List<Query> queries) {
        List<Tokenized> tokenized = queries.stream().map(this::tokenize).toList();
        context.setAttachment(QUERIES, tokenized);
        return tokenized.isEmpty() ? new NDList() : arrays(context.getNDManager(), tokenized);
    }

    private NDList arrays(NDManager manager, List<Tokenized> queries) {
        return batchifier.batch(
                manager,
                queries.stream().map(query -> query.tokens().ids()).toList(),
                queries.stream().map(query -> query.tokens().typeIds()).toList());
    }

    /** The answers to the queries that the context remembers. */
    @Override
    @SuppressWarnings("unchecked")
    public List<O> answers(TranslatorContext context, NDList outputs) {
        List<Tokenized> queries = (List<Tokenized>) context.getAttachment(QUERIES);
        return queries.isEmpty() ? List.of() : reading.read(queries, outputs.get(0));
    }
}
