package org.jzoo.blocks.part;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jzoo.blocks.attention.CrossAttentionOption;
import org.jzoo.blocks.attention.GlobalWindowOption;
import org.jzoo.blocks.attention.SegmentAttentionOption;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.chunk.ChunkAttentionOption;
import org.jzoo.blocks.chunk.ChunkMemoryOption;
import org.jzoo.blocks.chunk.ChunkStackConfig;
import org.jzoo.blocks.chunk.RetrievalOption;
import org.jzoo.blocks.chunk.StoreOption;
import org.jzoo.blocks.embedding.ConvolutionStemOption;
import org.jzoo.blocks.embedding.PatchOption;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.feedforward.experts.ExpertChoiceRouterOption;
import org.jzoo.blocks.feedforward.experts.ExpertsOption;
import org.jzoo.blocks.feedforward.experts.TopKRouterOption;
import org.jzoo.blocks.fusion.JointFusionOption;
import org.jzoo.blocks.fusion.PooledFusionOption;
import org.jzoo.blocks.fusion.TwoWayFusionOption;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.position.AlibiPositionOption;
import org.jzoo.blocks.position.BandRotaryScaling;
import org.jzoo.blocks.position.LearnedAxesPositionOption;
import org.jzoo.blocks.position.LearnedGridPositionOption;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.position.LinearRotaryScaling;
import org.jzoo.blocks.position.NtkRotaryScaling;
import org.jzoo.blocks.position.RelativePositionOption;
import org.jzoo.blocks.position.RotaryGridPositionOption;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.position.SinusoidalGridPositionOption;
import org.jzoo.blocks.position.SinusoidalPositionOption;
import org.jzoo.blocks.position.YarnRotaryScaling;
import org.jzoo.blocks.quantization.CodebookCode;
import org.jzoo.blocks.quantization.ProductCode;
import org.jzoo.blocks.quantization.UniformCode;

/** The options that a saved configuration may name: one line each. */
public final class PartRegistry {

    private static final Map<String, Class<? extends Option>> TYPES = new ConcurrentSkipListMap<>();

    static {
        TYPES.put("attention", SelfAttentionOption.class);
        TYPES.put("global-window", GlobalWindowOption.class);
        TYPES.put("cross-attention", CrossAttentionOption.class);
        TYPES.put("chunk-attention", ChunkAttentionOption.class);
        TYPES.put("chunk-stack", ChunkStackConfig.class);
        TYPES.put("chunk-memory", ChunkMemoryOption.class);
        TYPES.put("retrieval-blocks", RetrievalOption.class);
        TYPES.put("block-store", StoreOption.class);
        TYPES.put("segment-recurrent", SegmentAttentionOption.class);
        TYPES.put("dense", DenseFeedForwardOption.class);
        TYPES.put("gated", GatedFeedForwardOption.class);
        TYPES.put("experts", ExpertsOption.class);
        TYPES.put("top-k", TopKRouterOption.class);
        TYPES.put("expert-choice", ExpertChoiceRouterOption.class);
        TYPES.put("layer-norm", LayerNormOption.class);
        TYPES.put("rms-norm", RmsNormOption.class);
        TYPES.put("learned", LearnedPositionOption.class);
        TYPES.put("sinusoidal", SinusoidalPositionOption.class);
        TYPES.put("rotary", RotaryPositionOption.class);
        TYPES.put("learned-grid", LearnedGridPositionOption.class);
        TYPES.put("learned-axes", LearnedAxesPositionOption.class);
        TYPES.put("sinusoidal-grid", SinusoidalGridPositionOption.class);
        TYPES.put("rotary-grid", RotaryGridPositionOption.class);
        TYPES.put("rotary-linear", LinearRotaryScaling.class);
        TYPES.put("rotary-ntk", NtkRotaryScaling.class);
        TYPES.put("rotary-yarn", YarnRotaryScaling.class);
        TYPES.put("rotary-band", BandRotaryScaling.class);
        TYPES.put("alibi", AlibiPositionOption.class);
        TYPES.put("relative", RelativePositionOption.class);
        TYPES.put("uniform", UniformCode.class);
        TYPES.put("codebook", CodebookCode.class);
        TYPES.put("product", ProductCode.class);
        TYPES.put("patches", PatchOption.class);
        TYPES.put("convolution-stem", ConvolutionStemOption.class);
        TYPES.put("joint-fusion", JointFusionOption.class);
        TYPES.put("two-way-fusion", TwoWayFusionOption.class);
        TYPES.put("pooled-fusion", PooledFusionOption.class);
    }

    private PartRegistry() {}

    /**
     * Adds an option of another module.
     *
     * @throws IllegalArgumentException if the name stands for another record already
     */
    public static void register(String name, Class<? extends Option> type) {
        Class<? extends Option> before = TYPES.putIfAbsent(name, type);
        if (before != null && before != type) {
            throw new IllegalArgumentException(
                    "name must be free, got name=%s, taken by %s".formatted(name, before));
        }
    }

    /** The record of that name. */
    static Class<? extends Option> typeOf(String name) {
        Class<? extends Option> type = TYPES.get(name);
        if (type == null) {
            throw new IllegalArgumentException(
                    "type must be one of %s, got type=%s".formatted(TYPES.keySet(), name));
        }
        return type;
    }

    /** The name of a record. */
    static String nameOf(Class<?> type) {
        return TYPES.entrySet().stream()
                .filter(e -> e.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no registered name for " + type.getName()));
    }

    /** All options by name; the contract tests run over them. */
    public static Map<String, Class<? extends Option>> types() {
        return Map.copyOf(TYPES);
    }
}
