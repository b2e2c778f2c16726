package org.jzoo.zoo.translator;

import ai.djl.modality.cv.VisionLanguageInput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jzoo.zoo.registry.ImageModelOption;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.text.TextTokenizer;

/** The inputs and answers of models of images and texts: vectors of either, and labels by words. */
final class ImageTextOffers {

    private ImageTextOffers() {}

    /**
     * What the task offers.
     *
     * @param config of the model, or null if no translator is going to be made
     * @param tokenizer of the model, likewise
     */
    static List<Offer> of(ModelConfig config, TextTokenizer tokenizer) {
        Reading<float[]> vectors = (queries, output) -> Reading.rows(output);
        List<Offer> offers = new ArrayList<>();
        Supplier<QueryBatch<float[]>> texts =
                () -> new QueryBatch<>(tokenizer, padding(config), false, vectors);
        offers.addAll(Offer.of(List.of(TextOffers.TEXT), Offer.vectors(), texts));
        offers.addAll(
                Offer.of(
                        List.of(ImageOffers.PICTURE),
                        Offer.vectors(),
                        () -> ImageOffers.exchange(config, vectors)));
        Supplier<ZeroShotBatch> labelled =
                () ->
                        new ZeroShotBatch(
                                tokenizer,
                                padding(config),
                                ((ImageModelOption) config.model()).preprocessing());
        Offer.Source<VisionLanguageInput, VisionLanguageInput> query =
                new Offer.Source<>(VisionLanguageInput.class, input -> input);
        offers.addAll(Offer.of(List.of(query), TextOffers.labels(), labelled));
        offers.add(Offer.serving(labelled));
        return offers;
    }

    private static PaddingBatchifier padding(ModelConfig config) {
        return new PaddingBatchifier(config.textModel().padding());
    }
}
