package org.jzoo.zoo.translator;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jzoo.zoo.document.LabelJoining;
import org.jzoo.zoo.document.TokenChunk;
import org.jzoo.zoo.text.TokenizedText;
import org.jzoo.zoo.translator.Query.Tokenized;

/**
 * Logits (B, T, labels) to labelled stretches, joined by {@link LabelJoining}. Of a pair only the
 * first text is read.
 */
record TokenLabelReading(List<String> labels) implements Reading<TokenLabel[]> {

    @Override
    public void check(Tokenized query) {
        if (query.query().second() != null) {
            throw new IllegalArgumentException(
                    "token labels must be asked of a single text, got a pair");
        }
    }

    @Override
    public List<TokenLabel[]> read(List<Tokenized> queries, NDArray output) {
        int row = Math.toIntExact(output.size(1)) * labels.size();
        float[] logits = output.toFloatArray();
        List<TokenLabel[]> all = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            all.add(labels(queries.get(i), logits, i * row));
        }
        return all;
    }

    private TokenLabel[] labels(Tokenized query, float[] logits, int offset) {
        List<TokenLabel> found = new ArrayList<>();
        LabelJoining joining =
                new LabelJoining(
                        labels,
                        l ->
                                found.add(
                                        new TokenLabel(
                                                l.words(),
                                                l.label(),
                                                l.score(),
                                                (int) l.start(),
                                                (int) l.end())));
        TokenChunk text = chunk(query);
        for (int t = 0; text != null && t < text.length(); t++) {
            int from = offset + t * labels.size();
            joining.add(text, t, Arrays.copyOfRange(logits, from, from + labels.size()));
        }
        joining.finish();
        return found.toArray(new TokenLabel[0]);
    }

    /** The whole text as one chunk, or null if it has no tokens. */
    private static TokenChunk chunk(Tokenized query) {
        String text = query.query().first();
        TokenizedText tokens = query.tokens();
        int length = tokens.ids().length;
        long[] starts = new long[length];
        long[] ends = new long[length];
        CharacterIndex index = new CharacterIndex(text);
        for (int t = 0; t < length; t++) {
            boolean none = tokens.starts()[t] < 0 || tokens.ends()[t] <= tokens.starts()[t];
            starts[t] = none ? -1 : index.of(tokens.starts()[t]);
            ends[t] = none ? -1 : index.of(tokens.ends()[t]);
        }
        return length == 0 ? null : new TokenChunk(0, tokens.ids(), starts, ends, text, 0, 1);
    }
}
