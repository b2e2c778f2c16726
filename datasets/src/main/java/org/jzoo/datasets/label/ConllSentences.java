package org.jzoo.datasets.label;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jzoo.datasets.text.TextLines;

/**
 * Labelled sentences as the CoNLL shared tasks have them: a line for each token, its first column
 * the token, its last the tag; blank lines part sentences, lines that begin with {@code -DOCSTART-}
 * are left out. A sentence's text is its tokens with a blank between them.
 *
 * <p>A file's tags are BIOES (also BILOU) if they have E, S, L or U; else IOB2 if each stretch
 * begins with B; else IOB1, in which B stands only where a stretch touches another of its label.
 *
 * @see <a href="https://aclanthology.org/W03-0419">Tjong Kim Sang and De Meulder 2003</a>, on the
 *     data format
 */
final class ConllSentences {

    private static final String DOCUMENT = "-DOCSTART-";
    private static final String OUTSIDE = "O";
    private static final Pattern TAG = Pattern.compile("O|[BIESLU]-\\S+");

    private final TextLines lines;
    private final List<List<Token>> sentences = new ArrayList<>();

    /** A line of the file. */
    private record Token(String word, String tag, long row) {}

    /** What tags mean. */
    private enum Scheme {
        IOB2("begin each stretch with B-"),
        IOB1("begin stretches with B- only where they touch another of their label"),
        BIOES("begin stretches with B-, end them with E-, and tag those of one token S-");

        private final String rule;

        Scheme(String rule) {
            this.rule = rule;
        }

        /** Whether a tag may stand after another. */
        boolean allows(String before, String tag) {
            boolean same = label(before).equals(label(tag));
            return switch (this) {
                case IOB2 -> mark(tag) != 'I' || same;
                case IOB1 -> mark(tag) != 'B' || same;
                case BIOES -> goesOn(tag) ? same && isOpen(before) : !isOpen(before);
            };
        }

        private static boolean isOpen(String tag) {
            return mark(tag) == 'B' || mark(tag) == 'I';
        }

        private static boolean goesOn(String tag) {
            return mark(tag) == 'I' || mark(tag) == 'E';
        }
    }

    private ConllSentences(TextLines lines) {
        this.lines = lines;
    }

    static List<LabelledText> read(Path file) throws IOException {
        try (TextLines lines = TextLines.of(file)) {
            ConllSentences reader = new ConllSentences(lines);
            reader.read();
            reader.check(reader.scheme());
            return reader.sentences.stream().map(ConllSentences::text).toList();
        }
    }

    private void read() throws IOException {
        List<Token> sentence = new ArrayList<>();
        for (String line = lines.next(); line != null; line = lines.next()) {
            boolean ends = line.isBlank() || line.startsWith(DOCUMENT);
            if (!ends) {
                sentence.add(token(line));
            } else if (!sentence.isEmpty()) {
                sentences.add(sentence);
                sentence = new ArrayList<>();
            }
        }
        if (!sentence.isEmpty()) {
            sentences.add(sentence);
        }
    }

    private Token token(String line) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns.length < 2) {
            throw lines.fault(
                    "a line must have a token and its tag in columns, got %s; a file of JSON lines must end in .jsonl"
                            .formatted(TextLines.shorten(line)));
        }
        String tag = columns[columns.length - 1];
        if (!TAG.matcher(tag).matches()) {
            throw lines.fault(
                    "the last column must be a tag: O, or B-, I-, E- or S- and a label, got "
                            + TextLines.shorten(tag));
        }
        char mark = mark(tag);
        char usual = mark == 'L' ? 'E' : mark == 'U' ? 'S' : mark;
        return new Token(columns[0], usual + tag.substring(1), lines.row());
    }

    private static char mark(String tag) {
        return tag.charAt(0);
    }

    private static String label(String tag) {
        return tag.equals(OUTSIDE) ? "" : tag.substring(2);
    }

    private Scheme scheme() {
        if (tokens().anyMatch(token -> mark(token.tag()) == 'E' || mark(token.tag()) == 'S')) {
            return Scheme.BIOES;
        }
        Predicate<Scheme> fits =
                scheme -> sentences.stream().allMatch(sentence -> fault(scheme, sentence) < 0);
        return !fits.test(Scheme.IOB2) && fits.test(Scheme.IOB1) ? Scheme.IOB1 : Scheme.IOB2;
    }

    private Stream<Token> tokens() {
        return sentences.stream().flatMap(List::stream);
    }

    /** The first token whose tag may not stand there, their number for the end, or -1. */
    private static int fault(Scheme scheme, List<Token> sentence) {
        String before = OUTSIDE;
        for (int i = 0; i < sentence.size(); i++) {
            if (!scheme.allows(before, sentence.get(i).tag())) {
                return i;
            }
            before = sentence.get(i).tag();
        }
        return scheme.allows(before, OUTSIDE) ? -1 : sentence.size();
    }

    private void check(Scheme scheme) {
        for (List<Token> sentence : sentences) {
            int at = fault(scheme, sentence);
            if (at >= 0) {
                boolean ended = at == sentence.size();
                Token token = sentence.get(ended ? at - 1 : at);
                String before = at == 0 ? "the beginning" : sentence.get(at - 1).tag();
                throw lines.faultAt(
                        token.row(),
                        "tags of %s must not have %s after %s; %s"
                                .formatted(
                                        scheme,
                                        ended ? "the end of a sentence" : token.tag(),
                                        before,
                                        scheme.rule));
            }
        }
    }

    private static LabelledText text(List<Token> sentence) {
        StringBuilder text = new StringBuilder();
        List<LabelledSpan> spans = new ArrayList<>();
        String before = OUTSIDE;
        int start = 0;
        int end = 0;
        for (Token token : sentence) {
            boolean begins = begins(before, token.tag());
            if (!before.equals(OUTSIDE) && (begins || token.tag().equals(OUTSIDE))) {
                spans.add(new LabelledSpan(start, end, label(before)));
            }
            text.append(text.isEmpty() ? "" : " ");
            start = begins ? text.length() : start;
            text.append(token.word());
            end = text.length();
            before = token.tag();
        }
        if (!before.equals(OUTSIDE)) {
            spans.add(new LabelledSpan(start, end, label(before)));
        }
        return new LabelledText("row " + sentence.get(0).row(), text.toString(), spans);
    }

    // True of all schemes: I and E of another label than before them begin a stretch in IOB1 only.
    private static boolean begins(String before, String tag) {
        return mark(tag) == 'B'
                || mark(tag) == 'S'
                || (!tag.equals(OUTSIDE) && !label(before).equals(label(tag)));
    }
}
