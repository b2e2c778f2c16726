package org.jzoo.zoo.translator;

import ai.djl.modality.cv.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jzoo.zoo.registry.ImageModelOption;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.ImageClassificationTask;
import org.jzoo.zoo.task.ImageEmbeddingTask;
import org.jzoo.zoo.task.ImageTask;

/** The inputs and answers of tasks on pictures. */
final class ImageOffers {

    static final Offer.Source<Image, Image> PICTURE =
            new Offer.Source<>(Image.class, image -> image);

    private ImageOffers() {}

    /**
     * What a task offers.
     *
     * @param config of the model, or null if no translator is going to be made
     */
    static List<Offer> of(ImageTask task, ModelConfig config) {
        if (task instanceof ImageClassificationTask classification) {
            return offers(
                    TextOffers.labels(),
                    config,
                    new ClassificationReading(classification.labels()));
        }
        if (task instanceof ImageEmbeddingTask) {
            return offers(Offer.vectors(), config, (queries, output) -> Reading.rows(output));
        }
        throw new IllegalArgumentException(
                "task must have translators, got task=" + task.getClass().getSimpleName());
    }

    private static <O, A> List<Offer> offers(
            Offer.Form<O, A> form, ModelConfig config, Reading<O> reading) {
        Supplier<ImageBatch<O>> exchange = () -> exchange(config, reading);
        List<Offer> offers = new ArrayList<>(Offer.of(List.of(PICTURE), form, exchange));
        offers.add(Offer.serving(exchange));
        return offers;
    }

    static <O> ImageBatch<O> exchange(ModelConfig config, Reading<O> reading) {
        return new ImageBatch<>(((ImageModelOption) config.model()).preprocessing(), reading);
    }
}
