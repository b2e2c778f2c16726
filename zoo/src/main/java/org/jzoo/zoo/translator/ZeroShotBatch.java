package org.jzoo.zoo.translator;

import ai.djl.modality.Classifications;
import ai.djl.modality.Input;
import ai.djl.modality.cv.VisionLanguageInput;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.TokenizedText;

/**
 * Pictures with candidate labels on their way through a model of images and texts. Each label fills
 * the braces of the hypothesis, "This is a photo of {}." unless the query brings its own.
 *
 * <p>A server's request is {@code {"image": base64, "labels": […], "hypothesis": "…"}}, the last
 * being optional.
 */
record ZeroShotBatch(
        TextTokenizer tokenizer, PaddingBatchifier padding, ImagePreprocessing preprocessing)
        implements Exchange<VisionLanguageInput, Classifications> {

    private static final String QUERIES = "jzoo.queries";
    private static final String HYPOTHESIS = "This is a photo of {}.";
    private static final String FORMAT =
            "request must be {\"image\": base64, \"labels\": […], \"hypothesis\": \"… {} …\"}, the"
                    + " last being optional";

    /** None: the texts of a query are not one row. */
    @Override
    public Batchifier batchifier() {
        return null;
    }

    @Override
    public Asked<VisionLanguageInput> parse(Input input) throws TranslateException {
        JsonRequest request = JsonRequest.of(input, FORMAT);
        VisionLanguageInput query =
                new VisionLanguageInput(
                        request.picture("image"),
                        null,
                        request.texts("labels").toArray(new String[0]),
                        request.text("hypothesis"));
        texts(query); // refuses what cannot be answered
        return new Asked<>(List.of(query), false);
    }

    private static List<String> texts(VisionLanguageInput query) {
        if (query == null || query.getImage() == null) {
            throw new IllegalArgumentException("query must have a picture, got none");
        }
        String[] labels = query.getCandidates();
        if (labels == null || labels.length == 0) {
            throw new IllegalArgumentException("candidates must be labels, got none");
        }
        String hypothesis = query.getHypothesisTemplate();
        String frame = hypothesis == null || hypothesis.isBlank() ? HYPOTHESIS : hypothesis;
        if (!frame.contains("{}")) {
            throw new IllegalArgumentException(
                    "hypothesis must have {} where the label goes, got hypothesis=" + frame);
        }
        return Arrays.stream(labels).map(label -> frame.replace("{}", label)).toList();
    }

    @Override
    public NDList inputs(TranslatorContext context, List<VisionLanguageInput> queries) {
        context.setAttachment(QUERIES, queries);
        if (queries.isEmpty()) {
            return new NDList();
        }
        List<long[]> ids = new ArrayList<>();
        List<long[]> types = new ArrayList<>();
        for (VisionLanguageInput query : queries) {
            for (String text : texts(query)) {
                TokenizedText tokens = tokenizer.encode(text);
                ids.add(tokens.ids());
                types.add(tokens.typeIds());
            }
        }
        NDList inputs = padding.batch(context.getNDManager(), ids, types);
        inputs.add(
                preprocessing.batch(
                        context.getNDManager(),
                        queries.stream().map(VisionLanguageInput::getImage).toList()));
        return inputs;
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<Classifications> answers(TranslatorContext context, NDList outputs) {
        List<VisionLanguageInput> queries =
                (List<VisionLanguageInput>) context.getAttachment(QUERIES);
        List<Classifications> answers = new ArrayList<>();
        if (queries.isEmpty()) {
            return answers;
        }
        List<float[]> rows = Reading.rows(outputs.get(0)); // (B, all texts)
        int from = 0;
        for (int i = 0; i < queries.size(); i++) {
            List<String> labels = List.of(queries.get(i).getCandidates());
            double[] p = Reading.softmax(rows.get(i), from, from + labels.size());
            answers.add(new Classifications(labels, Arrays.stream(p).boxed().toList()));
            from += labels.size();
        }
        return answers;
    }
}
