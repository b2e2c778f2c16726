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

    private static final Script SCRIPT = Script.load(List.of("fused.py", "chunk.py"), Map.of());

    private ChunkKernel() {}

    /**
     * Keys and values that every query sees.
     *
     * @param keys (B, H, F, Dh)
     * @param values (B, H, F, Dh)
     * @param bias added to their scores, (B, F) in float32
     */
    public record Far(NDArray keys, NDArray values, NDArray bias) {}

    /**
     * The neighbourhood of a query.
     *
     * @param before positions back, at most {@code block}
     * @param after positions ahead, at most {@code block}
     * @param block queries that are computed together, and positions kept of earlier chunks
     * @param bias by offset (1 or H, before + 1 + after), added to the scores; null for none
     */
    public record Near(int before, int after, int block, NDArray bias) {}

    /**
     * Attends to the neighbourhood and to keys from far.
     *
     * @param q (B, H, C, Dh)
     * @param k (B, H, block + C, Dh): a block of earlier positions, then the chunk's
     * @param v (B, H, block + C, Dh)
     * @param mask (B, block + C) booleans, true means attend
     * @param cumulated logarithms of forget gates (B, H, block + C), see {@link ForgetKernel}; null
     *     for none
     * @param far null for none
     * @return (B, H, C, Dh)
     */
    public static NDArray attend(
            NDArray q,
            NDArray k,
            NDArray v,
            NDArray mask,
            NDArray cumulated,
            Near near,
            Far far,
            double dropout) {
        return SCRIPT.call(
                "attend",
                q,
                k,
                v,
                mask,
                far == null ? null : far.keys(),
                far == null ? null : far.values(),
                far == null ? null : far.bias(),
                near.bias(),
                cumulated,
                near.before(),
                near.after(),
                near.block(),
                dropout);
    }

    /** Attends to all keys, their scores shifted by {@code bias} (B, S): (B, H, P, Dh). */
    public static NDArray attendAll(NDArray q, NDArray k, NDArray v, NDArray bias, double dropout) {
        return SCRIPT.call("attend_all", q, k, v, bias, dropout);
    }

    /** Shifts of scores by a mask, true means attend: of any shape, in float32. */
    public static NDArray keyBias(NDArray mask) {
        return SCRIPT.call("key_bias", mask);
    }

    /** Keys (B, H, S, Dh) with zeros for their first features, which know positions. */
    public static NDArray withoutPosition(NDArray k, int turned) {
        return turned == 0 ? k : SCRIPT.call("without_position", k, turned);
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

    /** Puts {@code before}, or {@code count} places of zeros if it is null, before {@code x}. */
    public static NDArray behind(NDArray x, NDArray before, int axis, int count) {
        return SCRIPT.call("behind", x, before, axis, count);
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

    /** Logarithms of gates: logits (B, T, H) to (B, H, T) in float32. */
    public static NDArray logGates(NDArray logits) {
        return SCRIPT.call("log_gates", logits);
    }

    /** Running sums along the last axis, in float32. */
    public static NDArray cumulate(NDArray logs) {
        return SCRIPT.call("cumulate", logs);
    }

    /** Blocks of a chunk, the last one filled up with zeros: (B, C, …) to (B, n, S, …). */
    public static NDArray asBlocks(NDArray x, int size) {
        return SCRIPT.call("as_blocks", x, size);
    }

    /**
     * Weighted means of each block: the weights are a softmax over the block's tokens, one for each
     * of Hr heads.
     *
     * @param features (B, n, S, Hr·d)
     * @param logits (B, n, S, Hr)
     * @param mask (B, n, S) booleans, true means a real token
     * @return (B, n, Hr·d) in float32
     */
    public static NDArray pool(NDArray features, NDArray logits, NDArray mask) {
        return SCRIPT.call("pool", features, logits, mask);
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

    /** Writes rows (B, k, …) over places (B, k) of the second axis of x (B, n, …), and gives x. */
    public static NDArray put(NDArray x, NDArray places, NDArray rows) {
        return SCRIPT.call("put", x, places, rows);
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

    /** Takes places (B, k) of the second axis: (B, n, …) to (B, k, …). */
    public static NDArray take(NDArray x, NDArray places) {
        return SCRIPT.call("take", x, places);
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
