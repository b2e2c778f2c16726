package org.jzoo.zoo.translator;

import ai.djl.modality.Input;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.j1.VisualQuestion;
import org.jzoo.zoo.text.TextTokenizer;

/**
 * Questions about pictures on their way through a J1. A server's request is {@code {"image":
 * base64, "question": "…"}}, either of which may be left out.
 */
final class QuestionBatch<O> implements Exchange<VisualQuestion, O> {

    private static final String QUESTIONS = "jzoo.questions";
    private static final String FORMAT =
            "request must be {\"image\": base64, \"question\": \"…\"}, either of which may be left"
                    + " out";

    private final J1Config config;
    private final TextTokenizer tokenizer;
    private final Reader<O> reader;

    /** Turns a model's outputs into one answer a question. */
    @FunctionalInterface
    interface Reader<O> {
        List<O> read(List<VisualQuestion> questions, NDList outputs);
    }

    QuestionBatch(J1Config config, TextTokenizer tokenizer, Reader<O> reader) {
        this.config = config;
        this.tokenizer = tokenizer;
        this.reader = reader;
    }

    @Override
    public Batchifier batchifier() {
        return Batchifier.STACK;
    }

    @Override
    public Asked<VisualQuestion> parse(Input input) throws TranslateException {
        JsonRequest request = JsonRequest.of(input, FORMAT);
        VisualQuestion question =
                new VisualQuestion(request.picture("image"), request.text("question"));
        check(question); // refuses what cannot be answered
        return new Asked<>(List.of(question), false);
    }

    private void check(VisualQuestion question) {
        if (question == null) {
            throw new IllegalArgumentException("question must be there, got question=null");
        }
        if (!config.hasBoth()) {
            boolean reads = config.text() != null;
            if (reads ? question.text() == null : question.image() == null) {
                throw new IllegalArgumentException(
                        "question must have %s for this model, got none"
                                .formatted(reads ? "a text" : "an image"));
            }
        }
    }

    @Override
    public NDList inputs(TranslatorContext context, List<VisualQuestion> questions) {
        questions.forEach(this::check);
        context.setAttachment(QUESTIONS, questions);
        NDList inputs = new NDList();
        if (questions.isEmpty()) {
            return inputs;
        }
        NDManager manager = context.getNDManager();
        if (config.text() != null) {
            inputs.addAll(texts(questions, manager));
        }
        if (config.image() != null) {
            List<Image> images = questions.stream().map(q -> imageOf(q)).toList();
            inputs.add(config.preprocessing().batch(manager, images)); // (B, C, Hi, Wi)
        }
        if (config.hasBoth()) {
            int rows = questions.size();
            boolean[] present = new boolean[2 * rows];
            for (int b = 0; b < rows; b++) {
                present[2 * b] = questions.get(b).text() != null;
                present[2 * b + 1] = questions.get(b).image() != null;
            }
            inputs.add(manager.create(present, new Shape(rows, 2)));
            inputs.add(manager.zeros(new Shape(rows), DataType.UINT8)); // asks for attention
        }
        return inputs;
    }

    // What stands for a missing picture is not looked at.
    private static Image imageOf(VisualQuestion question) {
        return question.image() != null
                ? question.image()
                : ImageFactory.getInstance()
                        .fromImage(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
    }

    /** Ids and mask (B, T). */
    private NDList texts(List<VisualQuestion> questions, NDManager manager) {
        List<long[]> tokens =
                questions.stream()
                        .map(q -> tokenizer.encode(q.text() == null ? "" : q.text()).ids())
                        .toList();
        int length = Math.max(1, tokens.stream().mapToInt(t -> t.length).max().orElse(1));
        long[] ids = new long[questions.size() * length];
        boolean[] mask = new boolean[ids.length];
        Arrays.fill(ids, Math.max(0, config.padding()));
        for (int b = 0; b < tokens.size(); b++) {
            for (int t = 0; t < tokens.get(b).length; t++) {
                ids[b * length + t] = tokens.get(b)[t];
                mask[b * length + t] = true;
            }
        }
        Shape shape = new Shape(questions.size(), length);
        return new NDList(manager.create(ids, shape), manager.create(mask, shape));
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<O> answers(TranslatorContext context, NDList outputs) {
        List<VisualQuestion> questions = (List<VisualQuestion>) context.getAttachment(QUESTIONS);
        return questions.isEmpty() ? List.of() : reader.read(questions, outputs);
    }
}
