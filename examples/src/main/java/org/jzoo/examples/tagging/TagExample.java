package org.jzoo.examples.tagging;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.datasets.label.LabelledSpan;
import org.jzoo.datasets.label.LabelledText;
import org.jzoo.training.metric.Entity;
import org.jzoo.zoo.document.TextFrame;
import org.jzoo.zoo.document.TokenChunk;
import org.jzoo.zoo.task.TokenTags;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.TokenizedText;
import org.jzoo.zoo.text.WordStarts;

/**
 * A text as tokens with tags. The first token of each word has the word's tag, as models of this
 * kind are read; its other tokens have none. A word has the first stretch that shares a character
 * with it.
 *
 * @param text with its stretches
 * @param ids token ids (N), those around the text included
 * @param starts offset of each token's first character, -1 for none (N)
 * @param ends offset past its last one, -1 for none (N)
 * @param tags the tag of each token, {@link LossKernel#IGNORE} for none (N)
 * @param bent how many stretches begin or end within a word and so cannot be met
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of tokens: equality is never asked for.
public record TagExample(
        LabelledText text, long[] ids, long[] starts, long[] ends, long[] tags, int bent) {

    /**
     * Makes tokens of a text.
     *
     * @param frame tokens at its beginning and end
     * @throws IllegalArgumentException if there is no tag for one of its labels
     */
    public static TagExample of(
            LabelledText text, TokenTags tags, TextTokenizer tokenizer, TextFrame frame) {
        TokenizedText plain = tokenizer.encodePlain(text.text());
        long[] starts = framed(frame, plain.starts());
        long[] ends = framed(frame, plain.ends());
        long[] ids = frame.around(plain.ids());
        long[] all = new long[ids.length];
        Arrays.fill(all, LossKernel.IGNORE);
        int bent = tag(words(text.text(), starts, ends), text.spans(), tags, all);
        return new TagExample(text, ids, starts, ends, all, bent);
    }

    private static long[] framed(TextFrame frame, int... offsets) {
        long[] all = new long[frame.length() + offsets.length];
        Arrays.fill(all, -1);
        for (int i = 0; i < offsets.length; i++) {
            all[frame.before().length + i] = offsets[i];
        }
        return all;
    }

    /** A word with its first token. */
    private record Word(int token, long start, long end) {}

    private static List<Word> words(String text, long[] starts, long[] ends) {
        WordStarts words = new WordStarts();
        List<Word> all = new ArrayList<>();
        for (int t = 0; t < starts.length; t++) {
            if (words.begins(text, 0, starts[t], ends[t])) {
                all.add(new Word(t, words.start(), words.end()));
            } else if (!all.isEmpty()) {
                Word last = all.remove(all.size() - 1);
                all.add(new Word(last.token(), last.start(), words.end()));
            }
        }
        return all;
    }

    private static int tag(List<Word> words, List<LabelledSpan> spans, TokenTags tags, long[] all) {
        int span = 0;
        int met = 0;
        int entered = -1; // the last span that has a word
        boolean exact = false; // whether that one begins with its first word
        for (Word word : words) {
            while (span < spans.size() && spans.get(span).end() <= word.start()) {
                span++;
            }
            boolean in = span < spans.size() && spans.get(span).start() < word.end();
            String label = in ? spans.get(span).label() : TokenTags.OUTSIDE;
            int tag = tags.tag(label, entered != span);
            if (in && tag < 0) {
                throw new IllegalArgumentException(
                        "label must be one of %s, got label=%s".formatted(tags.kinds(), label));
            }
            all[word.token()] = tag < 0 ? LossKernel.IGNORE : tag;
            if (in) {
                exact = entered == span ? exact : spans.get(span).start() == word.start();
                met += exact && spans.get(span).end() == word.end() ? 1 : 0;
                entered = span;
            }
        }
        return spans.size() - met;
    }

    /** N, the number of tokens. */
    public int length() {
        return ids.length;
    }

    /** The same, of which only the first tokens are read. */
    TagExample first(int tokens) {
        int length = Math.min(tokens, ids.length);
        return new TagExample(
                text,
                Arrays.copyOf(ids, length),
                Arrays.copyOf(starts, length),
                Arrays.copyOf(ends, length),
                Arrays.copyOf(tags, length),
                bent);
    }

    /** Whether a token between these, the second left out, has a tag. */
    public boolean tagged(int from, int to) {
        return nextTagged(from, to) < to;
    }

    /** The first token from a place on that has a tag, or {@code limit} if none before that has. */
    int nextTagged(int from, int limit) {
        int t = from;
        while (t < limit && tags[t] == LossKernel.IGNORE) {
            t++;
        }
        return t;
    }

    /** The true stretches. */
    public List<Entity> entities() {
        return text.spans().stream().map(s -> new Entity(s.label(), s.start(), s.end())).toList();
    }

    /** The text as one chunk; it must have tokens. */
    TokenChunk chunk() {
        return new TokenChunk(0, ids, starts, ends, text.text(), 0, 1);
    }
}
