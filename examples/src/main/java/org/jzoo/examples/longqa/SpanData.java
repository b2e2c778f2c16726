package org.jzoo.examples.longqa;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.datasets.document.DocumentQuestion;
import org.jzoo.datasets.longtext.Span;
import org.jzoo.zoo.document.TextTokens;
import org.jzoo.zoo.text.TokenizedText;

/** Makes tokens of questions and their documents; every document once. */
public final class SpanData {

    private SpanData() {}

    /** The questions with whole documents. */
    public static List<SpanExample> whole(List<DocumentQuestion> questions, TextTokens tokens) {
        return of(questions, tokens, Integer.MAX_VALUE);
    }

    /**
     * The questions with the first tokens of their documents; the answers further back are lost.
     *
     * @param length tokens that are left of a document
     */
    public static List<SpanExample> truncated(
            List<DocumentQuestion> questions, TextTokens tokens, int length) {
        return of(questions, tokens, length);
    }

    private static List<SpanExample> of(
            List<DocumentQuestion> questions, TextTokens tokens, int length) {
        Map<String, TokenizedText> documents = new HashMap<>();
        List<SpanExample> examples = new ArrayList<>();
        for (DocumentQuestion question : questions) {
            TokenizedText document =
                    documents.computeIfAbsent(
                            question.text(), text -> cut(tokens.of(text), length));
            examples.add(example(question, document, tokens));
        }
        return List.copyOf(examples);
    }

    private static SpanExample example(
            DocumentQuestion question, TokenizedText document, TextTokens tokens) {
        int[] places = tokens(document, question.answer());
        return new SpanExample(
                question.text(),
                document,
                tokens.of(question.question()).ids(),
                places[0],
                places[1],
                question.answerText());
    }

    /**
     * The first and last token of a stretch of text; the number of tokens if it is not all there.
     */
    static int[] tokens(TokenizedText tokens, Span span) {
        int length = tokens.ids().length;
        int first = 0;
        while (first < length && tokens.ends()[first] <= span.start()) {
            first++;
        }
        int last = first;
        while (last + 1 < length && tokens.starts()[last + 1] < span.end()) {
            last++;
        }
        boolean there = first < length && tokens.ends()[last] >= span.end();
        return there ? new int[] {first, last} : new int[] {length, length};
    }

    private static TokenizedText cut(TokenizedText tokens, int length) {
        if (tokens.ids().length <= length) {
            return tokens;
        }
        return new TokenizedText(
                Arrays.copyOf(tokens.ids(), length),
                Arrays.copyOf(tokens.typeIds(), length),
                Arrays.copyOf(tokens.starts(), length),
                Arrays.copyOf(tokens.ends(), length),
                tokens.originalLength());
    }
}
