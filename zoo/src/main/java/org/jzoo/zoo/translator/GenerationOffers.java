package org.jzoo.zoo.translator;

import ai.djl.modality.Input;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.TextGenerator;
import org.jzoo.zoo.serving.ServedModel;
import org.jzoo.zoo.text.TextTokenizer;

/** The inputs and answers of models that continue texts. */
final class GenerationOffers {

    private GenerationOffers() {}

    /**
     * What the task offers: a text for a text, and arrays of them.
     *
     * @param tokenizer of the model, or null if no translator is going to be made
     */
    static List<Offer> of(TextTokenizer tokenizer) {
        Offer.Form<String, String[]> form =
                new Offer.Form<>(String.class, String[].class, all -> all.toArray(new String[0]));
        List<Offer> offers = new ArrayList<>();
        Supplier<Continuation> exchange = () -> new Continuation(tokenizer);
        offers.addAll(Offer.of(List.of(TextOffers.TEXT), form, exchange));
        offers.add(Offer.serving(exchange));
        return offers;
    }

    /**
     * Prompts, continued greedily. A token needs the one before, so that the model computes when
     * the answers are read; before, it is handed nothing.
     */
    private record Continuation(TextTokenizer tokenizer) implements Exchange<Query, String> {

        private static final String PROMPTS = "jzoo.prompts";

        @Override
        public Batchifier batchifier() {
            return null;
        }

        @Override
        public Asked<Query> parse(Input input) throws TranslateException {
            JsonQueries asked = JsonQueries.of(input);
            for (Query query : asked.queries()) {
                if (query.second() != null) {
                    throw new TranslateException(
                            "request must be a text to go on with, got a pair of texts");
                }
                TextGenerator.prompt(tokenizer, query.first()); // refuses what cannot go on
            }
            return new Asked<>(asked.queries(), asked.many());
        }

        @Override
        public NDList inputs(TranslatorContext context, List<Query> queries) {
            context.setAttachment(PROMPTS, queries.stream().map(Query::first).toList());
            return new NDList();
        }

        @Override
        @SuppressWarnings("unchecked")
        public List<String> answers(TranslatorContext context, NDList outputs) {
            ServedModel served = (ServedModel) context.getModel().getBlock();
            GenerationConfig config =
                    GenerationConfig.builder().optPrecision(served.precision()).build();
            return new TextGenerator(served.loaded(), config)
                    .generate((List<String>) context.getAttachment(PROMPTS));
        }
    }
}
