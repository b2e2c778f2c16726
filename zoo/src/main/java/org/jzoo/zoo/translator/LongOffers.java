package org.jzoo.zoo.translator;

import ai.djl.modality.Input;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.zoo.document.LongAnswer;
import org.jzoo.zoo.document.LongQuestion;
import org.jzoo.zoo.document.LongReader;
import org.jzoo.zoo.serving.ServedModel;

/** The inputs and answers of models that find answers in long documents. */
final class LongOffers {

    private static final Offer.Source<LongQuestion, LongQuestion> QUESTION =
            new Offer.Source<>(LongQuestion.class, question -> question);

    private LongOffers() {}

    /** What the task offers: a question for an answer, and arrays of them. */
    static List<Offer> of() {
        Offer.Form<LongAnswer, LongAnswer[]> form =
                new Offer.Form<>(
                        LongAnswer.class,
                        LongAnswer[].class,
                        all -> all.toArray(new LongAnswer[0]));
        List<Offer> offers = new ArrayList<>(Offer.of(List.of(QUESTION), form, Reading::new));
        offers.add(Offer.serving(Reading::new));
        return offers;
    }

    /**
     * Questions, each answered by reading its document chunk by chunk: the model computes when the
     * answers are read; before, it is handed nothing. A server's request is {@code {"document":
     * "…", "question": "…"}}.
     */
    private static final class Reading implements Exchange<LongQuestion, LongAnswer> {

        private static final String QUESTIONS = "jzoo.longQuestions";
        private static final String FORMAT =
                "request must be {\"document\": \"…\", \"question\": \"…\"}";

        @Override
        public Batchifier batchifier() {
            return null;
        }

        @Override
        public Asked<LongQuestion> parse(Input input) throws TranslateException {
            JsonRequest request = JsonRequest.of(input, FORMAT);
            String document = request.text("document");
            if (document == null) {
                throw new TranslateException(FORMAT + ", got no document");
            }
            return new Asked<>(List.of(LongQuestion.of(document, request.text("question"))), false);
        }

        @Override
        public NDList inputs(TranslatorContext context, List<LongQuestion> questions) {
            context.setAttachment(QUESTIONS, questions);
            return new NDList();
        }

        @Override
        @SuppressWarnings("unchecked")
        public List<LongAnswer> answers(TranslatorContext context, NDList outputs) {
            ServedModel served = (ServedModel) context.getModel().getBlock();
            LongReader reader = LongReader.of(served.loaded()).withPrecision(served.precision());
            List<LongAnswer> answers = new ArrayList<>();
            for (LongQuestion question : (List<LongQuestion>) context.getAttachment(QUESTIONS)) {
                try {
                    answers.add(reader.answer(question));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return answers;
        }
    }
}
