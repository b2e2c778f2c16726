package org.jzoo.zoo.translator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jzoo.zoo.j1.Answer;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.j1.VisualQuestion;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.text.TextTokenizer;

/** The inputs and answers of tasks on a text and a picture. */
final class QuestionOffers {

    private static final Offer.Source<VisualQuestion, VisualQuestion> QUESTION =
            new Offer.Source<>(VisualQuestion.class, question -> question);

    private QuestionOffers() {}

    /**
     * What question answering offers.
     *
     * @param config of the model, or null if no translator is going to be made
     * @param tokenizer of the model, likewise
     */
    static List<Offer> of(AnswerTask task, ModelConfig config, TextTokenizer tokenizer) {
        Offer.Form<Answer, Answer[]> form =
                new Offer.Form<>(Answer.class, Answer[].class, all -> all.toArray(new Answer[0]));
        return offers(
                form,
                () ->
                        new QuestionBatch<>(
                                (J1Config) config.model(),
                                tokenizer,
                                new AnswerReading((J1Config) config.model(), task.labels())));
    }

    /** What matching offers: the probability that the text and the picture belong together. */
    static List<Offer> matches(ModelConfig config, TextTokenizer tokenizer) {
        Offer.Form<Float, Float[]> form =
                new Offer.Form<>(Float.class, Float[].class, all -> all.toArray(new Float[0]));
        return offers(
                form,
                () ->
                        new QuestionBatch<Float>(
                                (J1Config) config.model(),
                                tokenizer,
                                (questions, outputs) ->
                                        Reading.rows(outputs.get(0)).stream()
                                                .map(row -> (float) (1 / (1 + Math.exp(-row[0]))))
                                                .toList()));
    }

    /** What retrieval offers: the vectors of texts and of pictures. */
    static List<Offer> vectors(ModelConfig config, TextTokenizer tokenizer) {
        Reading<float[]> vectors = (queries, output) -> Reading.rows(output);
        List<Offer> offers = new ArrayList<>();
        offers.addAll(
                Offer.of(
                        List.of(TextOffers.TEXT),
                        Offer.vectors(),
                        () -> {
                            PaddingBatchifier padding =
                                    new PaddingBatchifier(
                                            Math.max(0, config.textModel().padding()));
                            return new QueryBatch<>(tokenizer, padding, false, vectors);
                        }));
        offers.addAll(
                Offer.of(
                        List.of(ImageOffers.PICTURE),
                        Offer.vectors(),
                        () -> ImageOffers.exchange(config, vectors)));
        return offers;
    }

    private static <O, A> List<Offer> offers(
            Offer.Form<O, A> form, Supplier<QuestionBatch<O>> exchange) {
        List<Offer> offers = new ArrayList<>(Offer.of(List.of(QUESTION), form, exchange));
        offers.add(Offer.serving(exchange));
        return offers;
    }
}
