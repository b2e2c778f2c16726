package org.jzoo.zoo.j3;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jzoo.blocks.attention.ForgetGate;
import org.jzoo.blocks.chunk.ChunkAttentionOption;
import org.jzoo.blocks.chunk.ChunkMemoryOption;
import org.jzoo.blocks.chunk.ChunkStackConfig;
import org.jzoo.blocks.chunk.ChunkStackConfig.Form;
import org.jzoo.blocks.chunk.RetrievalOption;
import org.jzoo.blocks.chunk.StoreOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.feedforward.experts.ExpertsOption;
import org.jzoo.blocks.feedforward.experts.RouterLoss;
import org.jzoo.blocks.feedforward.experts.TopKRouterOption;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.position.AlibiPositionOption;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;

/**
 * A J3 of some size, with some of its parts: every part can be left out, to see what it is worth.
 *
 * @param size how large
 * @param window how far a position sees, even
 * @param position what a position's distance is known by
 * @param memoryTokens tokens handed from chunk to chunk (M); 0 for none
 * @param globals whether all chunks see the question
 * @param forgets whether attention in windows and the memory have forget gates
 * @param retrieved blocks of earlier chunks that join the attention in every second layer (k); 0
 *     for none
 * @param store what is kept of earlier chunks
 * @param experts of every second layer's feed-forward, two of which compute a token; 0 for none
 * @param dropout of embeddings and branches, in [0, 1)
 */
public record J3Parts(
        J3Size size,
        int window,
        Position position,
        int memoryTokens,
        boolean globals,
        boolean forgets,
        int retrieved,
        StoreOption store,
        int experts,
        double dropout) {

    /** What distances in a window are known by. */
    public enum Position {
        /** Half of a head's features turn. */
        ROTARY,
        /** Scores fall with distance. */
        ALIBI,
        /** Nothing. */
        NONE
    }

    private static final RmsNormOption NORM = new RmsNormOption(1e-6);
    private static final double ROTARY_BASE = 10_000;
    private static final double GATE_BIAS = 5;

    // Three quarters of a memory are new with each chunk, so that training on a few of them shows
    // it as it is after many.
    private static final double MEMORY_BIAS = -1;

    /** Checks what the parts themselves do not. */
    public J3Parts {
        Objects.requireNonNull(size, "size");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(store, "store");
        if (memoryTokens < 0 || retrieved < 0 || experts < 0) {
            throw new IllegalArgumentException(
                    "memoryTokens, retrieved and experts must be >= 0, got memoryTokens=%d, retrieved=%d, experts=%d"
                            .formatted(memoryTokens, retrieved, experts));
        }
    }

    /**
     * Starts with all parts but experts: windows of 64, rotary positions, 16 memory tokens, four
     * blocks found again, all blocks kept.
     */
    public static Builder of(J3Size size) {
        return new Builder(size);
    }

    /** An encoder for a vocabulary; padding is its token, or -1 for none. */
    public J3Config encoder(int vocabularySize, int padding) {
        return config(vocabularySize, padding, Form.ENCODER);
    }

    /** A causal language model for a vocabulary; padding is its token, or -1 for none. */
    public J3Config decoder(int vocabularySize, int padding) {
        return config(vocabularySize, padding, Form.DECODER);
    }

    private J3Config config(int vocabularySize, int padding, Form form) {
        List<LayerConfig> layers = new ArrayList<>();
        for (int l = 0; l < size.numLayers(); l++) {
            layers.add(
                    new LayerConfig(
                            mixer(form == Form.DECODER, l % 2 == 1),
                            feedForward(l % 2 == 1),
                            NORM,
                            NormPlacement.PRE,
                            dropout));
        }
        TransformerConfig stack =
                new TransformerConfig(
                        size.dim(),
                        layers,
                        NORM,
                        position == Position.ALIBI
                                ? new AlibiPositionOption(size.numHeads())
                                : null);
        ChunkMemoryOption memory =
                memoryTokens == 0
                        ? null
                        : new ChunkMemoryOption(memoryTokens, forgets ? MEMORY_BIAS : null);
        return new J3Config(
                vocabularySize,
                padding,
                dropout,
                size.chunkLength(),
                size.gradientChunks(),
                new ChunkStackConfig(stack, memory, globals, form));
    }

    private ChunkAttentionOption mixer(boolean causal, boolean finds) {
        int features = size.dim() / size.numHeads();
        return new ChunkAttentionOption(
                size.numHeads(),
                window,
                causal,
                false,
                0,
                position == Position.ROTARY
                        ? new RotaryPositionOption(ROTARY_BASE, features / 4 * 2, false)
                        : null,
                forgets ? new ForgetGate(GATE_BIAS) : null,
                finds && retrieved > 0
                        ? new RetrievalOption(
                                size.blockLength(), retrieved, size.numHeads(), features, store)
                        : null);
    }

    private FeedForwardOption feedForward(boolean second) {
        GatedFeedForwardOption dense =
                new GatedFeedForwardOption(size.feedForward(), Activation.SILU, false, 0);
        return experts == 0 || !second
                ? dense
                : ExpertsOption.builder()
                        .setNumExperts(experts)
                        .setExpert(dense)
                        .setRouter(TopKRouterOption.mixtral(2))
                        .optIgnorePadding(true)
                        .optLoss(new RouterLoss(0.02, 0, RouterLoss.Scope.STACK))
                        .build();
    }

    /** Collects the components. */
    public static final class Builder {

        private final J3Size size;
        private int window = 64;
        private Position position = Position.ROTARY;
        private int memoryTokens = 16;
        private boolean globals = true;
        private boolean forgets = true;
        private int retrieved = 4;
        private StoreOption store = StoreOption.ALL;
        private int experts;
        private double dropout;

        private Builder(J3Size size) {
            this.size = size;
        }

        /** Sets how far a position sees. */
        public Builder optWindow(int positions) {
            window = positions;
            return this;
        }

        /** Sets what distances are known by. */
        public Builder optPosition(Position value) {
            position = value;
            return this;
        }

        /** Sets the memory tokens; 0 for none. */
        public Builder optMemoryTokens(int count) {
            memoryTokens = count;
            return this;
        }

        /** Sets whether all chunks see the question. */
        public Builder optGlobals(boolean value) {
            globals = value;
            return this;
        }

        /** Sets whether there are forget gates. */
        public Builder optForgets(boolean value) {
            forgets = value;
            return this;
        }

        /** Sets the blocks that are found again; 0 for none. */
        public Builder optRetrieved(int blocks) {
            retrieved = blocks;
            return this;
        }

        /** Sets what is kept of earlier chunks. */
        public Builder optStore(StoreOption value) {
            store = value;
            return this;
        }

        /** Sets the experts of every second layer; 0 for none. */
        public Builder optExperts(int count) {
            experts = count;
            return this;
        }

        /** Sets the dropout of embeddings and branches. */
        public Builder optDropout(double share) {
            dropout = share;
            return this;
        }

        /** Builds the parts. */
        public J3Parts build() {
            return new J3Parts(
                    size,
                    window,
                    position,
                    memoryTokens,
                    globals,
                    forgets,
                    retrieved,
                    store,
                    experts,
                    dropout);
        }
    }
}
