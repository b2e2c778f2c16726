package org.jzoo.examples.finetune;

import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.j1.FreshJ1;

/** The model card of a {@link QuestionFineTune}, made from the run. */
final class QuestionCard {

    private QuestionCard() {}

    static ModelCard.Builder of(
            FineTuneConfig config, FreshJ1 fresh, QuestionData data, FineTuned tuned) {
        ModelCard.Builder card =
                TuningCard.begin(
                        "J1 that answers questions about pictures like those of %s."
                                .formatted(data.train().name()),
                        fresh == null ? config.model() : textEncoder(fresh),
                        config,
                        tuned);
        add(card, data.train(), "train", data);
        add(card, data.validation(), "validation", data);
        add(card, data.test(), TuningCard.TEST, data);
        card.optSetting("pictures learned from", data.train().pictures());
        TuningCard.addSettings(card, config, tuned);
        TuningCard.addFigures(card, tuned, count(data.validation()), count(data.test()));
        return card.optLimit("Measured on pictures and questions like its training data only.")
                .optLimit("Always answers with one of its answers, whatever it is asked.")
                .optLimit("In training, %s.".formatted(tuned.truncation()));
    }

    private static String textEncoder(FreshJ1 fresh) {
        return fresh.text() == null ? null : fresh.text() + " (text encoder)";
    }

    static long count(QuestionData.Part part) {
        return part == null ? 0 : part.rows().size();
    }

    private static void add(
            ModelCard.Builder card, QuestionData.Part part, String split, QuestionData data) {
        if (part != null) {
            boolean same = part.file().equals(data.train().file());
            card.optData(
                    new DataUse(
                            part.name(),
                            split,
                            part.rows().size(),
                            same ? data.hash() : RunCard.hash(part.file().toString())));
        }
    }
}
