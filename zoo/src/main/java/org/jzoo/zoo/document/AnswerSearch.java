package org.jzoo.zoo.document;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the most probable answers while a document is read. The probability of a span is {@code
 * exp(first + last) / (1 + Σ exp(first + last))} over all spans of at most {@code maxTokens}
 * tokens, which may begin in one chunk and end in the next; the 1 stands for "the document does not
 * say". Holds three chunks, for the sentences around answers.
 */
final class AnswerSearch {

    private final int maxTokens;
    private final int most;
    private final List<Found> best = new ArrayList<>();
    private final List<Found> waiting = new ArrayList<>(); // in the chunk before the last
    private TokenChunk before;
    private TokenChunk last;
    private float[][] lastLogits;
    private double logSum; // of 1 + Σ exp(first + last)

    /** What a search has come to, to go on with. */
    record State(
            List<Span> best,
            TokenChunk before,
            TokenChunk last,
            float[][] lastLogits,
            double logSum) {

        /** A span; without words until the next chunk is known. */
        record Span(
                double score,
                long start,
                long end,
                int page,
                String answer,
                String sentence,
                long sentenceStart) {}
    }

    /** A span with its score and, once the next chunk is known, its words. */
    private static final class Found {

        private final double score;
        private final long start;
        private final long end;
        private final int page;
        private String answer;
        private String sentence;
        private long sentenceStart;

        Found(double score, long start, long end, int page) {
            this.score = score;
            this.start = start;
            this.end = end;
            this.page = page;
        }

        Found(State.Span span) {
            this(span.score, span.start, span.end, span.page);
            answer = span.answer;
            sentence = span.sentence;
            sentenceStart = span.sentenceStart;
        }

        State.Span span() {
            return new State.Span(score, start, end, page, answer, sentence, sentenceStart);
        }

        double score() {
            return score;
        }

        boolean overlaps(Found other) {
            return start < other.end && other.start < end;
        }

        /** Cuts the words out of a text that begins at {@code textStart}. */
        void read(String text, long textStart) {
            int from = (int) (start - textStart);
            int to = (int) (end - textStart);
            int[] around = Sentences.around(text, from, to);
            answer = text.substring(from, to);
            sentence = text.substring(around[0], around[1]);
            sentenceStart = textStart + around[0];
        }

        Evidence evidence(double logSum) {
            double probability = Math.exp(score - logSum);
            return new Evidence(answer, start, end, page, probability, sentence, sentenceStart);
        }
    }

    AnswerSearch(int maxTokens, int most) {
        this.maxTokens = maxTokens;
        this.most = most;
    }

    /** What to {@link #restore} later. */
    State state() {
        List<State.Span> spans = best.stream().map(Found::span).toList();
        return new State(spans, before, last, lastLogits, logSum);
    }

    /** Goes on, from the beginning, with what another search had come to. */
    void restore(State state) {
        state.best.forEach(span -> best.add(new Found(span)));
        before = state.before;
        last = state.last;
        lastLogits = state.lastLogits;
        logSum = state.logSum;
        keepWaiting();
    }

    /** Takes the logits (T, 2) of the next chunk. */
    void add(TokenChunk chunk, float[][] logits) {
        if (logits.length != chunk.length()) {
            throw new IllegalArgumentException(
                    "logits must have a row for each token, got rows=%d, tokens=%d"
                            .formatted(logits.length, chunk.length()));
        }
        finishWaiting(chunk);
        if (last != null) {
            int length = lastLogits.length;
            for (int start = Math.max(0, length - maxTokens + 1); start < length; start++) {
                spans(
                        last,
                        start,
                        lastLogits[start][0],
                        chunk,
                        logits,
                        0,
                        start + maxTokens - length);
            }
        }
        for (int start = 0; start < logits.length; start++) {
            spans(chunk, start, logits[start][0], chunk, logits, start, start + maxTokens);
        }
        before = last;
        last = chunk;
        lastLogits = logits;
        waiting.clear();
        keepWaiting();
    }

    private void keepWaiting() {
        best.stream().filter(found -> found.answer == null).forEach(waiting::add);
    }

    /**
     * The spans from a token of {@code from} to the tokens {@code first … limit - 1} of a chunk.
     */
    private void spans(
            TokenChunk from,
            int start,
            double logit,
            TokenChunk chunk,
            float[][] logits,
            int first,
            int limit) {
        int bestEnd = first;
        for (int end = first; end < Math.min(logits.length, limit); end++) {
            logSum = logAdd(logSum, logit + logits[end][1]);
            bestEnd = logits[end][1] > logits[bestEnd][1] ? end : bestEnd;
        }
        double score = logit + logits[bestEnd][1];
        if (best.size() < most || score > best.get(best.size() - 1).score) {
            long begin = from.starts()[start];
            offer(new Found(score, begin, chunk.ends()[bestEnd], from.page(begin)));
        }
    }

    /** Keeps a span unless a better one overlaps it; lets go of worse ones that do. */
    private void offer(Found found) {
        if (best.stream().anyMatch(o -> o.overlaps(found) && o.score >= found.score)) {
            return;
        }
        best.removeIf(found::overlaps);
        best.add(found);
        best.sort(Comparator.comparingDouble(Found::score).reversed());
        if (best.size() > most) {
            best.remove(best.size() - 1);
        }
    }

    /** Cuts out the sentences of the last chunk's spans, now that the next chunk is known. */
    private void finishWaiting(TokenChunk next) {
        if (waiting.isEmpty()) {
            return;
        }
        long start = before == null ? last.textStart() : before.textStart();
        StringBuilder text = new StringBuilder();
        append(text, before, start);
        append(text, last, start);
        append(text, next, start);
        waiting.forEach(found -> found.read(text.toString(), start));
    }

    /** Chunks overlap where tokens share a character. */
    private static void append(StringBuilder text, TokenChunk chunk, long start) {
        if (chunk != null) {
            long end = chunk.textStart() + chunk.text().length();
            text.append(chunk.text(Math.max(chunk.textStart(), start + text.length()), end));
        }
    }

    private static double logAdd(double a, double b) {
        double larger = Math.max(a, b);
        return larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
    }

    /** What was found in all that was read. */
    LongAnswer finish(ReadingReport report) {
        finishWaiting(null);
        List<Evidence> evidence = best.stream().map(found -> found.evidence(logSum)).toList();
        return new LongAnswer(evidence, Math.exp(-logSum), report);
    }
}
