package org.jzoo.zoo.translator;

import ai.djl.modality.Input;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.TextGenerator;
import org.jzoo.zoo.serving.ServedModel;

/** The inputs and answers of models that continue texts. */
final class GenerationOffers {

    private GenerationOffers() {}

    /** What the task offers: a text for a text, and arrays of them. */
    static List<Offer> of() {
        Offer.Form<String, String[]> form =
                new Offer.Form<>(String.class, String[].class, all -> all.toArray(new String[0]));
        List<Offer> offers = new ArrayList<>();
        offers.addAll(Offer.of(List.of(TextOffers.TEXT), form, Continuation::new));
        offers.add(Offer.serving(Continuation::new));
        return offers;
    }

    /**
     * Prompts, continued greedily. A token needs the one before, so that the model computes when
     * the answers are read; before, it is handed nothing.
     */
    private static final class Continuation implements Exchange<Query, String> {

        private static final String PROMPTS = "jzoo.prompts";

        @Override
        public Batchifier batchifier() {
            return null;
        }

        @Override
        public Asked<Query> parse(Input input) throws TranslateException {
            JsonQueries asked = JsonQueries.of(input);
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
