package org.jzoo.blocks.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.util.PairList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.kernel.Precision;

/**
 * What travels with one forward pass, inside DJL's own {@code params} argument: in go masks,
 * positions, memories and wishes, out come auxiliary losses, captured internals and new memories.
 *
 * <p>One context belongs to one pass on one thread. Arrays in it belong to their own managers; the
 * context closes nothing.
 */
public final class ForwardContext {

    private static final String KEY = "jzoo.context";

    private final PairList<String, Object> params = new PairList<>();
    private final Map<String, NDArray> losses = new LinkedHashMap<>();
    private final Map<String, NDArray> captured = new LinkedHashMap<>();
    private final Map<String, Object> states = new LinkedHashMap<>();
    private final Map<String, NDArray> shared = new HashMap<>();
    private final Map<String, Object> notes = new HashMap<>();
    private final Set<String> captures = new HashSet<>();
    private NDArray mask;
    private NDArray positions;
    private NDArray globalTokens;
    private Grid grid;
    private Precision precision = Precision.FLOAT32;
    private Checkpoints checkpoints;
    private String scope = "";
    private NDManager keeper;
    private NDManager cache;
    private NDManager memory;
    private boolean memoryRecorded;
    private ScoreShift scoreShift;
    private LayerSpan span;

    /** Creates a context with no mask, default positions and float32. */
    public ForwardContext() {
        params.add(KEY, this);
    }

    static ForwardContext from(PairList<String, Object> params) {
        return params == null ? null : (ForwardContext) params.get(KEY);
    }

    /** This context in the form that DJL's {@code Block.forward} takes. */
    public PairList<String, Object> asParams() {
        return params;
    }

    /**
     * Whether nobody asked for more than the outputs for the inputs, in any precision: then another
     * way to compute them will do.
     */
    public boolean isPlain() {
        boolean given =
                mask != null
                        || positions != null
                        || globalTokens != null
                        || grid != null
                        || scoreShift != null
                        || span != null
                        || !shared.isEmpty()
                        || !notes.isEmpty();
        boolean kept = cache != null || memory != null || checkpoints != null || keeper != null;
        return !given && !kept && captures.isEmpty() && states.isEmpty();
    }

    /**
     * Which positions exist: (B, T) for padding, (B, T, S) for arbitrary pairs; booleans, true
     * means attend. Null, the default, means all. With a {@link #cache()}, S counts the positions
     * of earlier passes too, and the mask for padding is (B, S).
     */
    public NDArray mask() {
        return mask;
    }

    /** Sets {@link #mask()}. */
    public ForwardContext withMask(NDArray newMask) {
        mask = newMask;
        return this;
    }

    /**
     * The positions of the tokens, (T) or (B, T) int64, with a row and a column each for images,
     * (T, 2); null, the default, means 0 … T-1.
     */
    public NDArray positions() {
        return positions;
    }

    /** Sets {@link #positions()}. */
    public ForwardContext withPositions(NDArray newPositions) {
        positions = newPositions;
        return this;
    }

    /** How the patches of the images lie that are encoded now; null, the default, for no images. */
    public Grid grid() {
        return grid;
    }

    /** Sets {@link #grid()}. */
    public ForwardContext withGrid(Grid newGrid) {
        grid = newGrid;
        return this;
    }

    /**
     * The tokens that attend to all and that all attend to, in mixers that tell them apart: (B, T)
     * booleans. Null, the default, means none.
     */
    public NDArray globalTokens() {
        return globalTokens;
    }

    /** Sets {@link #globalTokens()}. */
    public ForwardContext withGlobalTokens(NDArray newGlobalTokens) {
        globalTokens = newGlobalTokens;
        return this;
    }

    /** The number type of matrix products; float32 by default. */
    public Precision precision() {
        return precision;
    }

    /** Sets {@link #precision()}. */
    public ForwardContext withPrecision(Precision newPrecision) {
        precision = newPrecision;
        return this;
    }

    /**
     * Where stacks leave their segments for recomputation; null, the default, keeps activations.
     */
    public Checkpoints checkpoints() {
        return checkpoints;
    }

    /** Sets {@link #checkpoints()}. */
    public ForwardContext withCheckpoints(Checkpoints newCheckpoints) {
        checkpoints = newCheckpoints;
        return this;
    }

    /**
     * Asks parts to keep internals of a kind ("hidden", "attention", …); see {@link #captured()}.
     */
    public ForwardContext withCapture(String kind) {
        captures.add(kind);
        return this;
    }

    /** Whether somebody asked for internals of that kind. */
    public boolean captures(String kind) {
        return captures.contains(kind);
    }

    /** The path of the part that runs now, such as "layers.3."; empty outside a stack. */
    public String scope() {
        return scope;
    }

    /** Sets {@link #scope()}, and returns the one before, to be set again afterwards. */
    public String enter(String newScope) {
        String before = scope;
        scope = newScope;
        return before;
    }

    /**
     * Sets the manager to which everything that is left here gets attached, so that it outlives the
     * layer that made it; null leaves it where it is.
     *
     * @return the manager before, to be set again afterwards
     */
    public NDManager keepIn(NDManager manager) {
        NDManager before = keeper;
        keeper = manager;
        return before;
    }

    /**
     * Attaches an array to the manager that outlives the layer which runs now; see {@link #keepIn}.
     */
    public NDArray keep(NDArray array) {
        if (keeper != null) {
            array.attach(keeper);
        }
        return array;
    }

    /** Leaves an internal under the current scope; does nothing unless it was asked for. */
    public void capture(String kind, NDArray array) {
        if (captures(kind)) {
            captured.put(scope + kind, keep(array));
        }
    }

    /** The internals that were kept, by scope and kind ("layers.0.hidden"), in order. */
    public Map<String, NDArray> captured() {
        return Collections.unmodifiableMap(captured);
    }

    /** Leaves the internals that another pass left, their names behind {@code prefix}. */
    public void capture(String prefix, ForwardContext other) {
        other.captured.forEach((name, array) -> captured.put(scope + prefix + name, keep(array)));
    }

    /** Adds a scalar auxiliary loss under the current scope, already weighted. */
    public void addLoss(String name, NDArray loss) {
        losses.put(scope + name, keep(loss));
    }

    /** The auxiliary losses by scope and name, in order. */
    public Map<String, NDArray> losses() {
        return Collections.unmodifiableMap(losses);
    }

    /**
     * Owns what causal attention keeps of this pass for the next one, which then takes only the
     * positions that follow; null, the default, keeps nothing. Hand {@link #states()} on with
     * {@link #withStates}.
     */
    public NDManager cache() {
        return cache;
    }

    /** Sets {@link #cache()}. */
    public ForwardContext withCache(NDManager owner) {
        cache = owner;
        return this;
    }

    /**
     * Owns what parts with a memory keep of this segment for the next one, causal or not; null, the
     * default, keeps nothing. Hand {@link #states()} on with {@link #withStates}; what an earlier
     * segment's manager owns may be closed once the next segment has run.
     */
    public NDManager memory() {
        return memory;
    }

    /** Whether gradients of later segments flow back through the memory that this pass leaves. */
    public boolean memoryRecorded() {
        return memoryRecorded;
    }

    /** Sets {@link #memory()}, whose arrays carry values only, no gradients. */
    public ForwardContext withMemory(NDManager owner) {
        return withMemory(owner, false);
    }

    /** Sets {@link #memory()} and {@link #memoryRecorded()}. */
    public ForwardContext withMemory(NDManager owner, boolean recorded) {
        memory = owner;
        memoryRecorded = recorded;
        return this;
    }

    /** What positions add to the scores of the stack that runs now; null for nothing. */
    public ScoreShift scoreShift() {
        return scoreShift;
    }

    /** Sets {@link #scoreShift()}, and returns the one before, to be set again afterwards. */
    public ScoreShift shiftScores(ScoreShift shift) {
        ScoreShift before = scoreShift;
        scoreShift = shift;
        return before;
    }

    /** Which layers of the model's only stack run; null, the default, for all. */
    public LayerSpan span() {
        return span;
    }

    /** Sets {@link #span()}. */
    public ForwardContext withSpan(LayerSpan newSpan) {
        span = newSpan;
        return this;
    }

    /** What an earlier layer of the stack that runs now left for later ones; or null. */
    public NDArray shared(String name) {
        return shared.get(name);
    }

    /** Leaves an array for later layers of the stack that runs now. */
    public void share(String name, NDArray array) {
        shared.put(name, keep(array));
    }

    /**
     * Takes away what layers shared, as a stack does when it begins and ends.
     *
     * @return what was there, to be set again with {@link #sharing}
     */
    public Map<String, NDArray> endSharing() {
        Map<String, NDArray> before = Map.copyOf(shared);
        shared.clear();
        return before;
    }

    /** Sets again what {@link #endSharing()} returned. */
    public void sharing(Map<String, NDArray> before) {
        shared.clear();
        shared.putAll(before);
    }

    /** A cache or memory that the part at the current scope left at an earlier pass; or null. */
    public <S> S state(Class<S> type) {
        return type.cast(states.get(scope));
    }

    /** Leaves a cache or memory for the next pass. */
    public void putState(Object state) {
        states.put(scope, state);
    }

    /** All caches and memories by scope, to be handed to the next pass's context. */
    public Map<String, Object> states() {
        return Collections.unmodifiableMap(states);
    }

    /** Takes over the caches and memories of an earlier pass. */
    public ForwardContext withStates(Map<String, Object> earlier) {
        states.putAll(earlier);
        return this;
    }

    /**
     * What parts note down together during this pass, whatever their scope. It is there again when
     * a segment is recomputed, and no other pass sees it.
     *
     * @param first makes it for the part that asks first
     */
    public <N> N note(String name, Class<N> type, Supplier<N> first) {
        return type.cast(notes.computeIfAbsent(name, n -> first.get()));
    }

    /**
     * A context for the next segment of the same input: the same precision and captures, and the
     * states that were left here.
     */
    public ForwardContext next() {
        ForwardContext next = new ForwardContext().withPrecision(precision).withStates(states);
        next.captures.addAll(captures);
        return next;
    }
}
