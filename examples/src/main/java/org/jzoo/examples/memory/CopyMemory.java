package org.jzoo.examples.memory;

import ai.djl.nn.Block;
import org.jzoo.blocks.attention.SegmentAttentionOption;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.memory.RecurrentMemory;
import org.jzoo.blocks.memory.RecurrentMemoryConfig;
import org.jzoo.blocks.memory.SegmentConfig;
import org.jzoo.blocks.memory.Segmented;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.MixerOption;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.examples.character.CharacterModel;

/** What a model carries from one segment to the next. */
public enum CopyMemory {
    /** Nothing. */
    NONE("no memory"),
    /** The states of one segment: two layers see two segments back, one too few. */
    RECURRENCE_SHORT("segment recurrence, reach too short"),
    /** The states of all segments before. */
    RECURRENCE("segment recurrence"),
    /** Memory tokens with gradients through all segments. */
    TOKENS("memory tokens");

    private static final int DIM = 32;
    private static final int HEADS = 2;
    private static final int LAYERS = 2;

    private final String label;

    CopyMemory(String label) {
        this.label = label;
    }

    /** The name in tables. */
    public String label() {
        return label;
    }

    /** A fresh model that reads a task's inputs segment by segment. */
    Segmented model(CopyTask task) {
        int gradientSegments = this == TOKENS ? task.numSegments() : 1;
        return new Segmented(
                new CharacterModel(task.vocabulary(), DIM, null, body(task)),
                new SegmentConfig(task.segmentLength(), gradientSegments));
    }

    private Block body(CopyTask task) {
        TransformerConfig stack = stack(task);
        return this == TOKENS
                ? new RecurrentMemory(
                        new RecurrentMemoryConfig(
                                stack, task.numSymbols(), RecurrentMemoryConfig.Form.DECODER))
                : new Transformer(stack);
    }

    /** The layers. */
    TransformerConfig stack(CopyTask task) {
        return switch (this) {
            case NONE, TOKENS -> stack(plain());
            case RECURRENCE_SHORT -> stack(recurrent(task.segmentLength()));
            case RECURRENCE -> stack(recurrent(task.length()));
        };
    }

    private static MixerOption plain() {
        return SelfAttentionOption.builder()
                .setHeads(HEADS, DIM)
                .optCausal(true)
                .optPosition(new RotaryPositionOption(100, DIM / HEADS, false))
                .build();
    }

    private static MixerOption recurrent(int memory) {
        return SegmentAttentionOption.builder()
                .setHeads(HEADS, DIM)
                .setMemoryLength(memory)
                .build();
    }

    private static TransformerConfig stack(MixerOption mixer) {
        return TransformerConfig.uniform(
                DIM,
                LAYERS,
                new LayerConfig(
                        mixer,
                        new DenseFeedForwardOption(2 * DIM, Activation.GELU, true, 0),
                        new LayerNormOption(1e-5),
                        NormPlacement.PRE,
                        0),
                new LayerNormOption(1e-5));
    }
}
