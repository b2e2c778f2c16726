package org.jzoo.examples.tagging;

import java.util.ArrayList;
import java.util.List;
import org.jzoo.datasets.label.LabelledText;
import org.jzoo.datasets.label.LabelledTexts;
import org.jzoo.zoo.task.TokenTags;

/**
 * Labelled texts as tokens with tags.
 *
 * @param examples in the order of the texts
 * @param spans how many stretches they have
 * @param bent how many of these begin or end within a word
 */
public record TagData(List<TagExample> examples, int spans, int bent) {

    /** Copies the list. */
    public TagData {
        examples = List.copyOf(examples);
    }

    /**
     * Makes tokens of texts.
     *
     * @throws IllegalArgumentException if a label has no tag; the message names the text
     */
    public static TagData of(LabelledTexts texts, TokenTags tags, TagReading reading) {
        List<TagExample> examples = new ArrayList<>();
        for (LabelledText text : texts.texts()) {
            try {
                examples.add(TagExample.of(text, tags, reading.tokenizer(), reading.inside()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "%s %s: %s".formatted(texts.name(), text.name(), e.getMessage()), e);
            }
        }
        int bent = examples.stream().mapToInt(TagExample::bent).sum();
        return new TagData(examples, texts.spans(), bent);
    }

    /** What to say of stretches that begin or end within a word, as part of a sentence. */
    public String remark() {
        return bent == 0
                ? ""
                : "; %d of %d stretches begin or end within a word, whose label holds for all of it"
                        .formatted(bent, spans);
    }
}
