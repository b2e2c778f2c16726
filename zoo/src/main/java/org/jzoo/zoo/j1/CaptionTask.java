package org.jzoo.zoo.j1;

import java.util.List;
import java.util.Objects;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.task.Task;

/**
 * A text about a picture: the image's tokens stand before the text in a decoder, which goes on.
 *
 * @param decoder the text decoder; its longest input holds the image's tokens and the text
 * @param firstToken the token that every text begins with
 * @param endTokens tokens that end a text, at least one
 * @see <a href="https://arxiv.org/abs/2111.09734">Mokady et al. 2021, ClipCap</a>, section 3
 */
public record CaptionTask(DecoderConfig decoder, long firstToken, List<Long> endTokens)
        implements Task {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a token is not in the vocabulary or none ends a text
     */
    public CaptionTask {
        Objects.requireNonNull(decoder, "decoder");
        endTokens = List.copyOf(endTokens);
        boolean known =
                firstToken >= 0
                        && firstToken < decoder.vocabularySize()
                        && endTokens.stream()
                                .allMatch(end -> end >= 0 && end < decoder.vocabularySize());
        if (endTokens.isEmpty() || !known) {
            throw new IllegalArgumentException(
                    "firstToken and one or more endTokens must be in [0, vocabularySize), got"
                            + " firstToken=%d, endTokens=%s, vocabularySize=%d"
                                    .formatted(firstToken, endTokens, decoder.vocabularySize()));
        }
    }
}
