package org.jzoo.examples.tagging;

import java.util.Objects;
import org.jzoo.zoo.document.TextFrame;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.text.TextTokenizer;

/**
 * How a model is given texts. A J3 learns from excerpts and reads whole texts, whose first and last
 * tokens the frame is; other encoders learn from and read windows, each in its frame.
 *
 * @param tokenizer that makes the tokens
 * @param inside the tokens at a text's beginning and end
 * @param around the tokens at an excerpt's or window's beginning and end
 * @param excerpt tokens of the longest excerpt, without those around it
 * @param window tokens of the longest text that is read at once, without those around it
 * @param padding the token that fills up shorter ones
 */
public record TagReading(
        TextTokenizer tokenizer,
        TextFrame inside,
        TextFrame around,
        int excerpt,
        int window,
        long padding) {

    /** Checks that there is something to read. */
    public TagReading {
        Objects.requireNonNull(tokenizer, "tokenizer");
        if (excerpt < 1 || window < 1) {
            throw new IllegalArgumentException(
                    "excerpt and window must be >= 1, got excerpt=%d, window=%d"
                            .formatted(excerpt, window));
        }
    }

    /**
     * What suits a model.
     *
     * @param maxLength tokens of the longest excerpt, those around it included
     * @throws IllegalArgumentException if the model reads no texts, or none so long
     */
    public static TagReading of(LoadedModel model, int maxLength) {
        int limit = model.config().textModel().maxLength();
        long padding = Math.max(0, model.config().textModel().padding());
        TextFrame frame = TextFrame.of(model.tokenizer());
        if (model.block() instanceof J3Model) {
            return new TagReading(
                    model.tokenizer(),
                    frame,
                    TextFrame.NONE,
                    maxLength,
                    Integer.MAX_VALUE,
                    padding);
        }
        if (maxLength > limit || maxLength <= frame.length()) {
            throw new IllegalArgumentException(
                    "maxLength must be in (%d, %d], the longest text of %s, got maxLength=%d"
                            .formatted(frame.length(), limit, model.name(), maxLength));
        }
        int window = maxLength - frame.length();
        return new TagReading(model.tokenizer(), TextFrame.NONE, frame, window, window, padding);
    }
}
