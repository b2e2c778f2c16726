package org.jzoo.zoo.translator;

import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDArray;
import ai.djl.util.StringPair;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.TextTask;
import org.jzoo.zoo.task.TokenClassificationTask;
import org.jzoo.zoo.text.TextTokenizer;

/** The inputs and answers of tasks on texts. */
final class TextOffers {

    private static final int FILLINGS = 5;

    static final Offer.Source<String, Query> TEXT = new Offer.Source<>(String.class, Query::of);
    private static final List<Offer.Source<?, Query>> PAIRS =
            List.of(
                    new Offer.Source<TextPair, Query>(TextPair.class, Query::of),
                    new Offer.Source<>(
                            StringPair.class,
                            pair -> Query.of(new TextPair(pair.getKey(), pair.getValue()))));

    private final TextTask task;
    private final ModelConfig config;
    private final TextTokenizer tokenizer;
    private final List<Offer> offers = new ArrayList<>();

    private TextOffers(TextTask task, ModelConfig config, TextTokenizer tokenizer) {
        this.task = task;
        this.config = config;
        this.tokenizer = tokenizer;
    }

    /**
     * What a task offers.
     *
     * @param config of the model, or null if no translator is going to be made
     * @param tokenizer of the model, likewise
     */
    static List<Offer> of(TextTask task, ModelConfig config, TextTokenizer tokenizer) {
        TextOffers made = new TextOffers(task, config, tokenizer);
        made.add();
        return made.offers;
    }

    private void add() {
        if (task instanceof EmbeddingTask) {
            add(Offer.vectors(), () -> (queries, output) -> Reading.rows(output));
        } else if (task instanceof ClassificationTask classification) {
            add(labels(), () -> new ClassificationReading(classification.labels()));
        } else if (task instanceof RegressionTask) {
            Supplier<Reading<Float>> numbers = () -> (queries, output) -> numbers(output);
            add(new Offer.Form<>(Float.class, float[].class, TextOffers::unbox), numbers);
            add(
                    new Offer.Form<>(Float.class, Float[].class, all -> all.toArray(new Float[0])),
                    numbers);
            add(Offer.vectors(), () -> (queries, output) -> Reading.rows(output));
        } else if (task instanceof TokenClassificationTask tokens) {
            add(
                    new Offer.Form<>(
                            TokenLabel[].class,
                            TokenLabel[][].class,
                            rows -> rows.toArray(new TokenLabel[0][])),
                    () -> new TokenLabelReading(tokens.labels()));
        } else if (task instanceof MaskedWordsTask) {
            add(
                    new Offer.Form<>(
                            Filling[].class,
                            Filling[][].class,
                            rows -> rows.toArray(new Filling[0][])),
                    this::fillings);
            add(labels(), () -> fillings().asClassifications());
        } else {
            throw new IllegalArgumentException(
                    "task must have translators, got task=" + task.getClass().getSimpleName());
        }
    }

    private FillingReading fillings() {
        return new FillingReading(tokenizer, SpecialToken.mask(tokenizer.json()), FILLINGS);
    }

    private <O, A> void add(Offer.Form<O, A> form, Supplier<? extends Reading<O>> reading) {
        Supplier<QueryBatch<O>> exchange = () -> exchange(reading.get());
        offers.addAll(Offer.of(sources(), form, exchange));
        offers.add(Offer.serving(exchange));
    }

    private <O> QueryBatch<O> exchange(Reading<O> reading) {
        int padding = Math.max(0, config.textModel().padding());
        return new QueryBatch<>(tokenizer, new PaddingBatchifier(padding), readsPairs(), reading);
    }

    private boolean readsPairs() {
        return (task instanceof ClassificationTask c && c.pair())
                || (task instanceof RegressionTask r && r.pair());
    }

    private List<Offer.Source<?, Query>> sources() {
        List<Offer.Source<?, Query>> sources = new ArrayList<>();
        if (!readsPairs()) {
            sources.add(TEXT);
        }
        if (!(task instanceof TokenClassificationTask) && !(task instanceof EmbeddingTask)) {
            sources.addAll(PAIRS);
        }
        return sources;
    }

    static Offer.Form<Classifications, Classifications[]> labels() {
        return new Offer.Form<>(
                Classifications.class,
                Classifications[].class,
                all -> all.toArray(new Classifications[0]));
    }

    private static List<Float> numbers(NDArray output) {
        return Reading.rows(output).stream().map(row -> row[0]).toList();
    }

    private static float[] unbox(List<Float> numbers) {
        float[] all = new float[numbers.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = numbers.get(i);
        }
        return all;
    }
}
