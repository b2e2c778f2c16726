package org.jzoo.zoo.translator;

import ai.djl.modality.Input;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;
import java.util.List;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.image.Pictures;

/**
 * Pictures on their way through a model. A server's request is the bytes of one picture.
 *
 * @param preprocessing of the model
 * @param reading of the model's output
 */
record ImageBatch<O>(ImagePreprocessing preprocessing, Reading<O> reading)
        implements Exchange<Image, O> {

    @Override
    public Batchifier batchifier() {
        return Batchifier.STACK;
    }

    @Override
    public Asked<Image> parse(Input input) throws TranslateException {
        return picture(input);
    }

    /** The one picture of a request, whose bytes are its body. */
    static Asked<Image> picture(Input input) throws TranslateException {
        byte[] picture = JsonRequest.sent(input).getAsBytes();
        try {
            return new Asked<>(List.of(Pictures.read("request", picture)), false);
        } catch (IOException e) {
            throw new TranslateException(e.getMessage(), e);
        }
    }

    @Override
    public NDList inputs(TranslatorContext context, List<Image> queries) {
        return queries.isEmpty()
                ? new NDList()
                : new NDList(preprocessing.batch(context.getNDManager(), queries));
    }

    @Override
    public List<O> answers(TranslatorContext context, NDList outputs) {
        return outputs.isEmpty() ? List.of() : reading.read(List.of(), outputs.get(0));
    }
}
