package org.jzoo.zoo.document;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jzoo.zoo.task.TokenTags;
import org.jzoo.zoo.text.WordStarts;

/**
 * Joins the labels of tokens to labelled stretches while a text is read.
 *
 * <p>A word has the label of its first token, on which models of this kind are trained. If labels
 * mark beginnings, neighbouring words of one kind become one stretch, a new one at each beginning;
 * see {@link TokenTags}. Words labelled "O" are left out. Holds the chunk of the last token and the
 * open stretch, which may run through any number of chunks; at 1,048,576 characters it is closed.
 */
public final class LabelJoining {

    private static final int MOST_CHARACTERS = 1 << 20;

    private final TokenTags tags;
    private final boolean marked;
    private final Consumer<LongLabel> use;
    private final WordStarts words = new WordStarts();
    private final StringBuilder text = new StringBuilder(); // the open stretch, and what follows
    private TokenChunk chunk;
    private int page;
    private long paged; // the page is that of this place
    private boolean open;
    private String kind;
    private long start;
    private long end;
    private int openPage;
    private double scores;
    private int count;

    /**
     * Begins a text.
     *
     * @param labels in the order of the model's outputs
     * @param use is handed each stretch when the word after it is known
     */
    public LabelJoining(List<String> labels, Consumer<LongLabel> use) {
        tags = new TokenTags(labels);
        marked = tags.marked();
        this.use = Objects.requireNonNull(use, "use");
    }

    /**
     * Takes the next token.
     *
     * @param from the chunk that it belongs to
     * @param token its index there; one with a negative offset stands for no characters
     * @param logits one for each label
     * @throws IllegalArgumentException if there are not as many logits as labels
     */
    public void add(TokenChunk from, int token, float[] logits) {
        if (logits.length != tags.names().size()) {
            throw new IllegalArgumentException(
                    "logits must have one for each label, got logits=%d, labels=%d"
                            .formatted(logits.length, tags.names().size()));
        }
        if (chunk == null || from.index() != chunk.index()) {
            turn(from);
        }
        boolean begins =
                words.begins(
                        chunk.text(),
                        chunk.textStart(),
                        chunk.starts()[token],
                        chunk.ends()[token]);
        if (begins) {
            word(logits);
        }
        if (open) {
            end = words.end();
            append(end);
        }
    }

    private void turn(TokenChunk next) {
        if (chunk != null) {
            append(chunk.textStart() + chunk.text().length());
        }
        chunk = next;
        page = next.page();
        paged = next.textStart();
    }

    private void append(long until) {
        long from = Math.max(start + text.length(), chunk.textStart());
        if (open && until > from) {
            text.append(chunk.text(from, until));
        }
    }

    private void word(float[] logits) {
        int best = 0;
        for (int tag = 1; tag < logits.length; tag++) {
            best = logits[tag] > logits[best] ? tag : best;
        }
        boolean joins =
                open
                        && marked
                        && tags.kind(best).equals(kind)
                        && !tags.begins(best)
                        && words.end() - start <= MOST_CHARACTERS;
        if (!joins) {
            finish();
        }
        if (tags.outside(best)) {
            return;
        }
        if (!joins) {
            open = true;
            kind = tags.kind(best);
            start = words.start();
            openPage = page(start);
        }
        scores += probability(logits, best);
        count++;
    }

    private int page(long offset) {
        for (; paged < offset; paged++) {
            if (chunk.text().charAt((int) (paged - chunk.textStart())) == '\f') {
                page++;
            }
        }
        return page;
    }

    private static double probability(float[] logits, int best) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp((double) logit - logits[best]);
        }
        return 1 / sum;
    }

    /** Ends the text, or what came before a gap: hands out the stretch that is still open. */
    public void finish() {
        if (open) {
            float score = (float) (scores / count);
            String found = text.substring(0, (int) (end - start));
            use.accept(new LongLabel(found, kind, score, start, end, openPage));
        }
        open = false;
        text.setLength(0);
        scores = 0;
        count = 0;
    }
}
