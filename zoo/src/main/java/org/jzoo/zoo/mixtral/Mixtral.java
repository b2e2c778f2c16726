package org.jzoo.zoo.mixtral;

import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.feedforward.experts.ExpertsOption;
import org.jzoo.blocks.feedforward.experts.RouterLoss;
import org.jzoo.blocks.feedforward.experts.TopKRouterOption;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.llama.LlamaArchitecture;
import org.jzoo.zoo.llama.LlamaReading;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/**
 * Mixtral: Llama with a mixture of experts in each layer, of which every token takes a few. Weights
 * may hold the experts one by one or fused.
 *
 * @see <a href="https://arxiv.org/abs/2401.04088">Jiang et al. 2024, Mixtral of Experts</a>
 */
public final class Mixtral implements LlamaArchitecture {

    private static final double ROTARY_BASE = 1e6;

    /** Stateless: one is as good as another. */
    public Mixtral() {}

    @Override
    public String name() {
        return "mixtral";
    }

    @Override
    public DecoderConfig readConfig(HuggingFaceConfig config) {
        int window = config.integer("sliding_window", 0);
        // Whether losses are reported: here the context holds them, whoever asks.
        config.ignore("output_router_logits");
        ExpertsOption experts =
                ExpertsOption.builder()
                        .setNumExperts(config.integer("num_local_experts", 8))
                        .setExpert(
                                new GatedFeedForwardOption(
                                        config.integer("intermediate_size"),
                                        config.activation("hidden_act", Activation.SILU),
                                        false,
                                        0))
                        .setRouter(
                                TopKRouterOption.builder()
                                        .setTopK(config.integer("num_experts_per_tok", 2))
                                        .optJitter(config.number("router_jitter_noise", 0))
                                        .build())
                        .optLoss(
                                new RouterLoss(
                                        config.number("router_aux_loss_coef", 0.001),
                                        0,
                                        RouterLoss.Scope.STACK))
                        .build();
        return new LlamaReading(config)
                .withWindows(layer -> window)
                .withRotaryBase(ROTARY_BASE)
                .withFeedForward(experts)
                .read();
    }

    @Override
    public NameTable names(ModelConfig config) {
        DecoderConfig decoder = (DecoderConfig) config.model();
        ExpertsOption experts = (ExpertsOption) decoder.stack().layers().get(0).feedForward();
        int count = experts.numExperts();
        String apart = "layers.{layer}.block_sparse_moe.";
        String fused = "layers.{layer}.mlp.";
        String ours = "decoder.transformer.layers.{layer}.feedForward.";
        return LlamaArchitecture.super
                .names(config)
                .and(
                        NameRule.same(fused + "gate.weight", ours + "router.weight"),
                        NameRule.split(
                                        fused + "experts.gate_up_proj",
                                        ours + "gate.weight",
                                        ours + "up.weight")
                                .reshaped(
                                        new Shape(-1, decoder.dim()),
                                        new Shape(count, -1, decoder.dim()))
                                .interleaved(count)
                                .stacked(count),
                        NameRule.same(fused + "experts.down_proj", ours + "down.weight"),
                        NameRule.same(apart + "gate.weight", ours + "router.weight"),
                        each(apart, "w1", ours + "gate.weight", count),
                        each(apart, "w3", ours + "up.weight", count),
                        each(apart, "w2", ours + "down.weight", count));
    }

    private static NameRule each(String prefix, String map, String ours, int numExperts) {
        return NameRule.join(
                        ours,
                        IntStream.range(0, numExperts)
                                .mapToObj(e -> "%sexperts.%d.%s.weight".formatted(prefix, e, map))
                                .toArray(String[]::new))
                .stacked(numExperts);
    }
}
