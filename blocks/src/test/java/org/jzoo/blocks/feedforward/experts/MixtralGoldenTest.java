package org.jzoo.blocks.feedforward.experts;

import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.check.Golden;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

/** Mixtral as published, put together from parts. */
class MixtralGoldenTest {

    private static final int DIM = 32;
    private static final int EXPERTS = 4;
    private static final int WIDTH = 96;
    private static final Map<String, String> SAME =
            Map.of(
                    "mixer.query.weight", "self_attn.q_proj.weight",
                    "mixer.key.weight", "self_attn.k_proj.weight",
                    "mixer.value.weight", "self_attn.v_proj.weight",
                    "mixer.output.weight", "self_attn.o_proj.weight",
                    "mixerNorm.weight", "input_layernorm.weight",
                    "feedForwardNorm.weight", "post_attention_layernorm.weight",
                    "feedForward.router.weight", "mlp.gate.weight",
                    "feedForward.down.weight", "mlp.experts.down_proj");

    private NDManager manager;
    private Transformer body;
    private Map<String, NDArray> weights;
    private Map<String, NDArray> outputs;
    private NDArray ids;

    @BeforeEach
    void load() {
        manager = PyTorch.newBaseManager();
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(4, DIM)
                                .optNumKeyHeads(2)
                                .optBias(false, false)
                                .optCausal(true)
                                .optPosition(new RotaryPositionOption(1e6, 8, false))
                                .build(),
                        ExpertsOption.builder()
                                .setNumExperts(EXPERTS)
                                .setExpert(
                                        new GatedFeedForwardOption(
                                                WIDTH, Activation.SILU, false, 0))
                                .setRouter(TopKRouterOption.mixtral(2))
                                .optLoss(new RouterLoss(1, 0, RouterLoss.Scope.STACK))
                                .build(),
                        new RmsNormOption(1e-5),
                        NormPlacement.PRE,
                        0);
        body =
                Run.initialized(
                        new Transformer(
                                TransformerConfig.uniform(DIM, 2, layer, new RmsNormOption(1e-5))),
                        manager,
                        1);
        weights = Golden.read(manager, "mixtral", "model");
        outputs = Golden.read(manager, "mixtral", "outputs");
        ids = Golden.read(manager, "mixtral", "inputs").get("input_ids");
        Map<String, NDArray> ours = ours(weights);
        ParameterPaths.of(body)
                .forEach(
                        (path, parameter) ->
                                parameter.getArray().set(ours.get(path).toFloatArray()));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** The published tensors of the body under our names. */
    private static Map<String, NDArray> ours(Map<String, NDArray> theirs) {
        Map<String, NDArray> found = new LinkedHashMap<>();
        for (int l = 0; l < 2; l++) {
            String mine = "layers." + l + ".";
            String published = "model.layers." + l + ".";
            SAME.forEach((a, b) -> found.put(mine + a, theirs.get(published + b)));
            NDArray both = theirs.get(published + "mlp.experts.gate_up_proj"); // (E, 2*F, D)
            found.put(mine + "feedForward.gate.weight", both.get(":, :" + WIDTH));
            found.put(mine + "feedForward.up.weight", both.get(":, " + WIDTH + ":"));
        }
        found.put("finalNorm.weight", theirs.get("model.norm.weight"));
        return found;
    }

    @Test
    void hiddenStatesLogitsAndTheAuxiliaryLossAreThePublishedOnes() {
        try (GradientMode off = GradientMode.off()) {
            ForwardContext context = new ForwardContext().withCapture(Transformer.HIDDEN);
            NDArray x = EmbeddingKernel.lookup(ids, weights.get("model.embed_tokens.weight"), -1);
            NDArray y = Run.forward(body, x, false, context);
            for (int l = 0; l < 2; l++) {
                assertClose(
                        outputs.get("hidden_states." + l),
                        context.captured().get("layers." + l + ".hidden"),
                        1e-5);
            }
            assertClose(outputs.get("hidden_states.2"), y, 1e-5);
            assertClose(
                    outputs.get("aux_loss").get(0), context.losses().get(RouterLoss.BALANCE), 1e-5);
        }
    }

    @Test
    void gradientsAreThePublishedOnes() {
        NDArray table = weights.get("model.embed_tokens.weight");
        NDArray head = weights.get("lm_head.weight");
        table.setRequiresGradient(true);
        head.setRequiresGradient(true);
        try (GradientMode on = GradientMode.on()) {
            NDArray x = EmbeddingKernel.lookup(ids, table, -1);
            NDArray y = Run.forward(body, x, true, new ForwardContext());
            NDArray logits = LinearKernel.linear(y, head, null, Precision.FLOAT32);
            assertClose(outputs.get("logits"), logits, 1e-5);
            GradientMode.backward(logits, outputs.get("cotangent"));
        }
        Map<String, NDArray> gradients = Golden.read(manager, "mixtral", "gradients");
        assertRelativelyClose(
                gradients.get("model.embed_tokens.weight"), table.getGradient(), 1e-4);
        assertRelativelyClose(gradients.get("lm_head.weight"), head.getGradient(), 1e-4);
        Map<String, NDArray> expected = ours(gradients);
        ParameterPaths.of(body)
                .forEach(
                        (path, parameter) ->
                                assertRelativelyClose(
                                        expected.get(path),
                                        parameter.getArray().getGradient(),
                                        1e-4));
    }
}
