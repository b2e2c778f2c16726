package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * What reading in chunks is made of: attention to neighbours and to a few keys from anywhere, in
 * one softmax; pooled blocks, their scores and the choice among them; cuts and joins.
 *
 * <p>B examples, H heads, C tokens of a chunk, F keys from far, n blocks of S tokens. Keys that a
 * mask leaves out get a score of -10⁹; whoever sees nothing gets a mean without meaning.
 */
public final class ChunkKernel {

    private static final Script SCRIPT =
            Script.load(List.of("fused.py", "rotary.py", "chunk.py"), Map.of());

    private ChunkKernel() {}

    /**
     * Who sees whom in a chunk.
     *
     * @param numHeads heads (H)
     * @param prefix tokens before the chunk that see all (P), those of a causal window each other
     * @param suffix tokens behind it that see all (W)
     * @param before positions back, at most {@code block}
     * @param after positions ahead, at most {@code block}; 0 for a causal window
     * @param block queries that are computed together, and positions kept of earlier chunks (R)
     * @param dropout share of weights that are zeroed
     */
    public record Reach(
            int numHeads,
            int prefix,
            int suffix,
            int before,
            int after,
            int block,
            double dropout) {}

    /**
     * How queries and keys near by turn.
     *
     * @param frequencies radians per position for each pair of a head's first features
     * @param interleaved pairs features 2i and 2i+1, or else i and i+n
     * @param scale factor of the turned features
     */
    public record Turning(double[] frequencies, boolean interleaved, double scale) {}

    /**
     * Maps of the tokens.
     *
     * @param q (B, P+C+W, D)
     * @param k (B, P+C+W, D)
     * @param v (B, P+C+W, D)
     * @param gates logits of forget gates (B, P+C+W, H); null for none
     */
    public record Maps(NDArray q, NDArray k, NDArray v, NDArray gates) {}

    /**
     * What is kept of the chunk before.
     *
     * @param keys of a block (B, H, R, Dh), not turned
     * @param values (B, H, R, Dh)
     * @param gates logarithms of forget gates (B, H, R); null for none
     */
    public record Before(NDArray keys, NDArray values, NDArray gates) {}

    /**
     * Keys and values from elsewhere that every query sees.
     *
     * @param keys (B, F, D)
     * @param values (B, F, D)
     * @param bias added to their scores, (B, F) in float32
     */
    public record Far(NDArray keys, NDArray values, NDArray bias) {}

    /**
     * Computes what layers of equal reach have in common: the shifts of scores by window and mask,
     * the mask (B, R) of the last block, which is the third array, and the turns.
     *
     * @param x the tokens (B, P+C+W, D) as the layers' maps get them
     * @param mask (B, P+C+W) booleans, true means attend
     * @param before the mask of the block before the chunk (B, R); null if there is none
     * @param turning null for none
     */
    public static NDArray[] common(
            NDArray x, NDArray mask, NDArray before, Turning turning, Reach reach) {
        return SCRIPT.callList(
                "common",
                x,
                mask,
                before,
                turning == null ? null : Constants.row(turning.frequencies(), x),
                turning != null && turning.interleaved(),
                turning == null ? 1 : turning.scale(),
                Math.toIntExact(x.getShape().get(2)) / reach.numHeads(),
                reach.prefix(),
                Math.toIntExact(x.getShape().get(1)) - reach.prefix() - reach.suffix(),
                reach.before(),
                reach.after(),
                reach.block());
    }

    /**
     * Mixes the values of each token's window, of the tokens before the chunk and of those from
     * elsewhere, in one softmax.
     *
     * @param common what {@link #common} gave
     * @param before null if there is no chunk before
     * @param far null for none
     * @param bias by offset (1 or H, before + 1 + after), added to the scores near by; null for
     *     none
     * @param turning as for {@code common}
     * @param keeps whether the next chunk needs the last block
     * @param recorded whether gradients flow through what is kept
     * @return the mix (B, P+C+W, D), then, if it is kept, the last block's keys and values (B, H,
     *     R, Dh) and logarithms of gates (B, H, R)
     */
    public static NDArray[] mix(
            Maps maps,
            NDArray[] common,
            Before before,
            Far far,
            NDArray bias,
            Turning turning,
            Reach reach,
            boolean keeps,
            boolean recorded) {
        return SCRIPT.callList(
                "mix",
                maps.q(),
                maps.k(),
                maps.v(),
                maps.gates(),
                common,
                before == null ? null : before.keys(),
                before == null ? null : before.values(),
                before == null ? null : before.gates(),
                far == null ? null : far.keys(),
                far == null ? null : far.values(),
                far == null ? null : far.bias(),
                bias,
                reach.numHeads(),
                reach.prefix(),
                reach.suffix(),
                reach.before(),
                reach.after(),
                turning == null ? 0 : 2 * turning.frequencies().length,
                turning != null && turning.interleaved(),
                reach.dropout(),
                keeps,
                recorded);
    }

    /** The places start … start + length - 1 of an axis, a view. */
    public static NDArray part(NDArray x, int axis, int start, int length) {
        return SCRIPT.call("part", x, axis, start, length);
    }

    /** A copy of {@link #part}: products of cut rows depend on where they lie in memory. */
    public static NDArray cut(NDArray x, int axis, int start, int length) {
        return SCRIPT.call("cut", x, axis, start, length);
    }

    /** One behind the other along an axis, where the first one is attached. */
    public static NDArray join(int axis, NDArray... parts) {
        return parts.length == 1 ? parts[0] : SCRIPT.call("join", parts, axis);
    }

    /** A copy of the last places of an axis, through which gradients flow if {@code recorded}. */
    public static NDArray last(NDArray x, int axis, int count, boolean recorded) {
        return SCRIPT.call("last", x, axis, count, recorded);
    }

    /** The same array, without its gradient's path unless {@code recorded}. */
    public static NDArray detached(NDArray x, boolean recorded) {
        return SCRIPT.call("detached", x, recorded);
    }

    /** Booleans, all true, (rows, columns). */
    public static NDArray allTrue(NDArray like, long rows, long columns) {
        return SCRIPT.call("ones", like, rows, columns);
    }

    /** Blocks of a chunk, the last one filled up with zeros: (B, C, …) to (B, n, S, …). */
    public static NDArray asBlocks(NDArray x, int size) {
        return SCRIPT.call("as_blocks", x, size);
    }

    /**
     * Masks of blocks and of the tokens that look for some.
     *
     * @param mask (B, T) booleans, true means a real token
     * @param prefix where the chunk begins
     * @param length tokens of the chunk (C)
     * @param seen tokens that look for blocks, the first of all
     * @param size of a block (S)
     * @return the blocks' masks (B, n, S) and their shifts, the shifts of the tokens that look (B,
     *     1, seen)
     */
    public static NDArray[] blockMasks(NDArray mask, int prefix, int length, int seen, int size) {
        return SCRIPT.callList("block_masks", mask, prefix, length, seen, size);
    }

    /**
     * Weighted means of each block of some tokens: the weights are a softmax over the block's
     * tokens, one for each of Hr heads.
     *
     * @param features (B, T, Hr·d)
     * @param logits (B, T, Hr)
     * @param bias added to the logits (B, n, S)
     * @param first where the first block begins
     * @param length of the blocks together, the last one filled up with zeros
     * @return (B, n, Hr·d) in float32
     */
    public static NDArray poolBlocks(
            NDArray features, NDArray logits, NDArray bias, int first, int length) {
        return SCRIPT.call("pool_blocks", features, logits, bias, first, length);
    }

    /** Which blocks have a real token: (B, n, S) to (B, n). */
    public static NDArray filled(NDArray mask) {
        return SCRIPT.call("filled", mask);
    }

    /**
     * Computes {@code query · key / √Dk}.
     *
     * @param query (B, Dk)
     * @param keys (B, n, Dk)
     * @param valid (B, n); the others score -10⁹
     * @return (B, n) in float32
     */
    public static NDArray scores(NDArray query, NDArray keys, NDArray valid) {
        return SCRIPT.call("scores", query, keys, valid);
    }

    /**
     * How wrong the choice among blocks is: for each of a row's right blocks {@code -log(exp(s) /
     * (1 + exp(s) + Σ exp(wrong)))}, for a row that has none {@code log(1 + Σ exp(wrong))}, the
     * mean over right blocks and over rows. Wrong are a row's other blocks and those of the other
     * rows.
     *
     * @param query (B, Dk)
     * @param keys (B, n, Dk)
     * @param valid (B, n)
     * @param marks of all tokens (B, N) int64: 2 if it answers the row's question, so that its
     *     block is right, 1 if it is like that
     * @param numbers where the blocks stand among all (B, n)
     * @param kinds (B) int64: blocks with a mark are neither right nor wrong for other rows of
     *     their kind
     * @param size tokens of a block
     * @return a scalar
     */
    public static NDArray guidance(
            NDArray query,
            NDArray keys,
            NDArray valid,
            NDArray marks,
            NDArray numbers,
            NDArray kinds,
            int size) {
        return SCRIPT.call("guidance", query, keys, valid, marks, numbers, kinds, size);
    }

    /** The best k of (B, n), best first: their scores (B, k), their places (B, k). */
    public static NDArray[] best(NDArray scores, int k) {
        return SCRIPT.callList("best", scores, k);
    }

    /**
     * The highest scores so far, without gradients.
     *
     * @param before (B, rows)
     * @param scores those of the first n places now (B, n)
     * @return (B, rows)
     */
    public static NDArray raised(NDArray before, NDArray scores) {
        return SCRIPT.call("raised", before, scores);
    }

    /** Scores below any other, float32 (B, n) for numbers (B, n). */
    public static NDArray lowest(NDArray numbers) {
        return SCRIPT.call("lowest", numbers);
    }

    /**
     * Places for new rows: first those of the {@code gone} lowest of n ranks (B, n), then those
     * from n on.
     *
     * @return (B, count) int64
     */
    public static NDArray places(NDArray ranks, int gone, int count) {
        return SCRIPT.call("places", ranks, gone, count);
    }

    /** With zeros behind the second axis, so that it has {@code rows}; x itself if it has. */
    public static NDArray room(NDArray x, int rows) {
        return x.getShape().get(1) == rows ? x : SCRIPT.call("room", x, rows);
    }

    /** Writes rows (B, k, …) over places (B, k) of each array (B, n, …), and gives the arrays. */
    public static NDArray[] put(NDArray[] arrays, NDArray places, NDArray[] rows) {
        return SCRIPT.callList("put", arrays, places, rows);
    }

    /** The numbers first … first + count - 1 for each of B examples: (B, count) int64. */
    public static NDArray numbers(NDArray like, long first, int count) {
        return SCRIPT.call("numbers", like, first, count);
    }

    /** Tokens of blocks one behind the other: (B, k, S, D) to (B, k·S, D). */
    public static NDArray rows(NDArray x) {
        return SCRIPT.call("rows", x);
    }

    /** Without the second axis, of one place: (B, 1, D) to (B, D). */
    public static NDArray squeezed(NDArray x) {
        return SCRIPT.call("squeezed", x);
    }

    /** Takes places (B, k) of the second axis of each array: (B, n, …) to (B, k, …). */
    public static NDArray[] take(NDArray places, NDArray... arrays) {
        return SCRIPT.callList("take", arrays, places);
    }

    /** Scores of blocks (B, k) and masks of their tokens (B, k, S) as shifts (B, k·S). */
    public static NDArray tokenBias(NDArray scores, NDArray mask) {
        return SCRIPT.call("token_bias", scores, mask);
    }

    /** Numbers of 8 bits and a factor for each row: (…, D) to int8 (…, D), float32 (…, 1). */
    public static NDArray[] narrowed(NDArray x) {
        return SCRIPT.callList("narrowed", x);
    }

    /** What {@link #narrowed} made, in the type of {@code like}. */
    public static NDArray widened(NDArray x, NDArray factor, NDArray like) {
        return SCRIPT.call("widened", x, factor, like);
    }

    /** Computes {@code s · before + (1 - s) · now}, s the sigmoid of {@code logits}. */
    public static NDArray gated(NDArray before, NDArray now, NDArray logits) {
        return SCRIPT.call("gated", before, now, logits);
    }

    /** The same rows (M, D) for each of B examples: (B, M, D). */
    public static NDArray forExamples(NDArray like, NDArray x) {
        return SCRIPT.call("for_examples", like, x);
    }
}
