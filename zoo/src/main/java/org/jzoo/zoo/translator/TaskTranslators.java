package org.jzoo.zoo.translator;

import ai.djl.modality.Classifications;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.VisionLanguageInput;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.Translator;
import ai.djl.util.Pair;
import ai.djl.util.StringPair;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.CaptionTask;
import org.jzoo.zoo.j1.MatchTask;
import org.jzoo.zoo.j1.RetrievalTask;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.lxmert.RegionTextTask;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.ImageTask;
import org.jzoo.zoo.task.ImageTextTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TextTask;
import org.jzoo.zoo.text.TextTokenizer;

/**
 * Which inputs and answers each task has.
 *
 * <p>Inputs of tasks on texts are {@code String}, {@link TextPair} and {@link StringPair}, of tasks
 * on pictures {@link Image}, and arrays of them. Answers are {@code float[]} (embedding), {@link
 * Classifications}, {@code Float} or {@code float[]} (regression), {@code TokenLabel[]}, {@code
 * Filling[]} or {@link Classifications} (masked words), and arrays of them for arrays. Models that
 * continue texts answer {@code String} with {@code String}, those that write captions {@link Image}
 * with {@code String}. Models of images and texts take {@link VisionLanguageInput}, a picture with
 * labels to choose from, too. Questions about pictures are {@link org.jzoo.zoo.j1.VisualQuestion}s,
 * their answers {@link org.jzoo.zoo.j1.Answer}s, and {@code Float} says how well a text and a
 * picture match. Questions about long documents are {@link org.jzoo.zoo.document.LongQuestion}s,
 * their answers {@link org.jzoo.zoo.document.LongAnswer}s. Every task also has {@link Input} and
 * {@link Output} for serving, and plain {@link NDList}s.
 */
public final class TaskTranslators {

    private TaskTranslators() {}

    /**
     * Creates a translator.
     *
     * @param config of the model
     * @param tokenizer of the model; null for models without text
     * @param input the type of input
     * @param output the type of answer
     * @throws IllegalArgumentException if the task has no such types; the message names those it
     *     has
     */
    @SuppressWarnings("unchecked")
    public static <I, O> Translator<I, O> of(
            ModelConfig config, TextTokenizer tokenizer, Class<I> input, Class<O> output) {
        return offers(config.task(), config, tokenizer).stream()
                .filter(offer -> offer.input() == input && offer.output() == output)
                .findFirst()
                .map(offer -> (Translator<I, O>) offer.maker().get())
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        unsupported(config.task(), input, output)));
    }

    /** The types of input and answer that a task has. */
    public static Set<Pair<Type, Type>> supported(Task task) {
        Set<Pair<Type, Type>> types = new LinkedHashSet<>();
        for (Offer offer : offers(task, null, null)) {
            types.add(new Pair<>(offer.input(), offer.output()));
        }
        return types;
    }

    // A line for each kind of task.
    private static List<Offer> offers(Task task, ModelConfig config, TextTokenizer tokenizer) {
        List<Offer> offers = new ArrayList<>();
        if (task instanceof TextTask texts) {
            offers.addAll(TextOffers.of(texts, config, tokenizer));
        } else if (task instanceof ImageTask images) {
            offers.addAll(ImageOffers.of(images, config));
        } else if (task instanceof CausalLanguageTask) {
            offers.addAll(GenerationOffers.of(tokenizer));
        } else if (task instanceof ImageTextTask) {
            offers.addAll(ImageTextOffers.of(config, tokenizer));
        } else if (task instanceof AnswerTask answers) {
            offers.addAll(QuestionOffers.of(answers, config, tokenizer));
        } else if (task instanceof MatchTask) {
            offers.addAll(QuestionOffers.matches(config, tokenizer));
        } else if (task instanceof CaptionTask) {
            offers.addAll(CaptionOffers.of());
        } else if (task instanceof RetrievalTask) {
            offers.addAll(QuestionOffers.vectors(config, tokenizer));
        } else if (task instanceof SpanTask) {
            offers.addAll(LongOffers.of());
        } else if (!(task instanceof RegionTextTask)) {
            throw new IllegalArgumentException(
                    "task must have translators, got task=" + task.getClass().getSimpleName());
        }
        offers.add(new Offer(NDList.class, NDList.class, NoopTranslator::new));
        return offers;
    }

    /** Says that a task has no such types, and which it has. */
    public static String unsupported(Task task, Class<?> input, Class<?> output) {
        return "input and output must be types of the task %s (%s), got input=%s, output=%s"
                .formatted(
                        task.getClass().getSimpleName(),
                        names(supported(task)),
                        input.getSimpleName(),
                        output.getSimpleName());
    }

    private static String names(Set<Pair<Type, Type>> types) {
        return types.stream()
                .map(t -> name(t.getKey()) + " -> " + name(t.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String name(Type type) {
        return ((Class<?>) type).getSimpleName();
    }
}
