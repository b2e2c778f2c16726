package org.jzoo.zoo.translator;

import ai.djl.modality.Input;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.j1.Captioner;
import org.jzoo.zoo.serving.ServedModel;

/** The inputs and answers of models that write captions. */
final class CaptionOffers {

    private CaptionOffers() {}

    /** What the task offers: a text for a picture, and arrays of them. */
    static List<Offer> of() {
        Offer.Form<String, String[]> form =
                new Offer.Form<>(String.class, String[].class, all -> all.toArray(new String[0]));
        Supplier<Captions> exchange = Captions::new;
        List<Offer> offers =
                new ArrayList<>(Offer.of(List.of(ImageOffers.PICTURE), form, exchange));
        offers.add(Offer.serving(exchange));
        return offers;
    }

    /**
     * Pictures, captioned greedily. A token needs the one before, so that the model computes when
     * the answers are read; before, it is handed nothing.
     */
    private record Captions() implements Exchange<Image, String> {

        private static final String PICTURES = "jzoo.pictures";

        @Override
        public Batchifier batchifier() {
            return null;
        }

        @Override
        public Asked<Image> parse(Input input) throws TranslateException {
            return ImageBatch.picture(input);
        }

        @Override
        public NDList inputs(TranslatorContext context, List<Image> pictures) {
            context.setAttachment(PICTURES, pictures);
            return new NDList();
        }

        @Override
        @SuppressWarnings("unchecked")
        public List<String> answers(TranslatorContext context, NDList outputs) {
            ServedModel served = (ServedModel) context.getModel().getBlock();
            GenerationConfig config =
                    GenerationConfig.builder().optPrecision(served.precision()).build();
            return new Captioner(served.loaded(), config)
                    .captions((List<Image>) context.getAttachment(PICTURES));
        }
    }
}
