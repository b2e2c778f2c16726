package org.jzoo.zoo.translator;

import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.translator.Query.Tokenized;

/**
 * Logits (B, T, V) to the best words in place of the mask, the most probable first.
 *
 * @param tokenizer of the model
 * @param mask the mask token
 * @param count how many words
 */
record FillingReading(TextTokenizer tokenizer, SpecialToken mask, int count)
        implements Reading<Filling[]> {

    @Override
    public void check(Tokenized query) {
        long masks = Arrays.stream(query.tokens().ids()).filter(mask::is).count();
        if (masks != 1) {
            throw new IllegalArgumentException(
                    "text must contain the mask %s once, got %d times%s in: %s"
                            .formatted(
                                    mask.content(),
                                    masks,
                                    query.tokens().truncated() ? " after truncation" : "",
                                    query.query().first()));
        }
    }

    @Override
    public List<Filling[]> read(List<Tokenized> queries, NDArray output) {
        List<Filling[]> all = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            try (NDArray logits =
                    output.get(new NDIndex("{}, {}", i, position(queries.get(i))))) { // (V)
                all.add(best(queries.get(i).query().first(), logits.toFloatArray()));
            }
        }
        return all;
    }

    private int position(Tokenized query) {
        long[] ids = query.tokens().ids();
        int position = 0;
        while (!mask.is(ids[position])) {
            position++;
        }
        return position;
    }

    private Filling[] best(String text, float[] logits) {
        double[] p = Reading.softmax(logits, 0, logits.length);
        PriorityQueue<Integer> least =
                new PriorityQueue<>(Comparator.<Integer>comparingDouble(id -> p[id]));
        for (int id = 0; id < p.length; id++) {
            if (least.size() < count) {
                least.add(id);
            } else if (p[id] > p[least.element()]) {
                least.remove();
                least.add(id);
            }
        }
        Filling[] fillings = new Filling[least.size()];
        for (int i = fillings.length - 1; i >= 0; i--) {
            int id = least.remove();
            String word = tokenizer.decode(new long[] {id}).strip();
            fillings[i] = new Filling(word, p[id], text.replace(mask.content(), word));
        }
        return fillings;
    }

    /** The same words as classes with probabilities. */
    Reading<Classifications> asClassifications() {
        FillingReading fillings = this;
        return new Reading<>() {
            @Override
            public void check(Tokenized query) {
                fillings.check(query);
            }

            @Override
            public List<Classifications> read(List<Tokenized> queries, NDArray output) {
                return fillings.read(queries, output).stream()
                        .map(FillingReading::classes)
                        .toList();
            }
        };
    }

    private static Classifications classes(Filling[] fillings) {
        return new Classifications(
                Arrays.stream(fillings).map(Filling::word).toList(),
                Arrays.stream(fillings).map(Filling::probability).toList());
    }
}
