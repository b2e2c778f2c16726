package org.jzoo.blocks.feedforward.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;
import static org.jzoo.blocks.check.Close.values;

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
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.position.RelativePositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

/**
 * A Switch encoder as published, put together from parts: every other layer has experts. The
 * published code reads {@code expert_capacity} but drops no token, since it counts along an axis of
 * length 1: so no capacity reproduces it.
 */
class SwitchGoldenTest {

    private static final int DIM = 32;
    private static final int EXPERTS = 4;
    private static final int TOKENS = 96;

    private NDManager manager;
    private Map<String, NDArray> weights;
    private Map<String, NDArray> outputs;
    private NDArray ids;

    @BeforeEach
    void load() {
        manager = PyTorch.newBaseManager();
        weights = Golden.read(manager, "switch-encoder", "model");
        outputs = Golden.read(manager, "switch-encoder", "outputs");
        ids = Golden.read(manager, "switch-encoder", "inputs").get("input_ids");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static FeedForwardOption experts(ExpertCapacity capacity) {
        return ExpertsOption.builder()
                .setNumExperts(EXPERTS)
                .setExpert(new DenseFeedForwardOption(64, Activation.RELU, false, 0))
                .setRouter(TopKRouterOption.switchTransformer(0, capacity))
                .optNumGroups(0)
                .build();
    }

    private static LayerConfig layer(FeedForwardOption feedForward) {
        return new LayerConfig(
                SelfAttentionOption.builder()
                        .setHeads(4, DIM)
                        .optBias(false, false)
                        .optScale(1.0)
                        .build(),
                feedForward,
                new RmsNormOption(1e-6),
                NormPlacement.PRE,
                0);
    }

    private Transformer encoder(ExpertCapacity capacity) {
        TransformerConfig config =
                TransformerConfig.alternating(
                                DIM,
                                4,
                                layer(new DenseFeedForwardOption(64, Activation.RELU, false, 0)),
                                layer(experts(capacity)),
                                new RmsNormOption(1e-6))
                        .withScorePosition(new RelativePositionOption(4, 32, 128, true));
        Transformer encoder = Run.initialized(new Transformer(config), manager, 1);
        Map<String, NDArray> ours = ours(weights);
        ParameterPaths.of(encoder)
                .forEach(
                        (path, parameter) ->
                                parameter.getArray().set(ours.get(path).toFloatArray()));
        return encoder;
    }

    /** The published tensors under our names. */
    private static Map<String, NDArray> ours(Map<String, NDArray> theirs) {
        Map<String, NDArray> found = new LinkedHashMap<>();
        for (int l = 0; l < 4; l++) {
            String mine = "layers." + l + ".";
            String published = "encoder.block." + l + ".layer.";
            String attention = published + "0.SelfAttention.";
            found.put(mine + "mixer.query.weight", theirs.get(attention + "q.weight"));
            found.put(mine + "mixer.key.weight", theirs.get(attention + "k.weight"));
            found.put(mine + "mixer.value.weight", theirs.get(attention + "v.weight"));
            found.put(mine + "mixer.output.weight", theirs.get(attention + "o.weight"));
            found.put(mine + "mixerNorm.weight", theirs.get(published + "0.layer_norm.weight"));
            found.put(
                    mine + "feedForwardNorm.weight", theirs.get(published + "1.layer_norm.weight"));
            String mlp = published + "1.mlp.";
            String inner = mine + "feedForward.";
            if (l % 2 == 1) {
                found.put(inner + "router.weight", theirs.get(mlp + "router.classifier.weight"));
                found.put(inner + "up.weight", stacked(theirs, mlp, "wi"));
                found.put(inner + "down.weight", stacked(theirs, mlp, "wo"));
            } else {
                found.put(inner + "up.weight", theirs.get(mlp + "wi.weight"));
                found.put(inner + "down.weight", theirs.get(mlp + "wo.weight"));
            }
        }
        found.put("finalNorm.weight", theirs.get("encoder.final_layer_norm.weight"));
        found.put(
                "scorePosition.weight",
                theirs.get("encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"));
        return found;
    }

    private static NDArray stacked(Map<String, NDArray> theirs, String mlp, String map) {
        NDArray all = null;
        for (int e = 0; e < EXPERTS; e++) {
            NDArray one = theirs.get("%sexperts.expert_%d.%s.weight".formatted(mlp, e, map));
            all = all == null ? one : all.concat(one);
        }
        return all.reshape(EXPERTS, -1, all.getShape().tail());
    }

    @Test
    void hiddenStatesAreThePublishedOnes() {
        try (GradientMode off = GradientMode.off()) {
            ForwardContext context = new ForwardContext().withCapture(Transformer.HIDDEN);
            NDArray x = EmbeddingKernel.lookup(ids, weights.get("shared.weight"), -1);
            NDArray y = Run.forward(encoder(null), x, false, context);
            for (int l = 0; l < 4; l++) {
                assertClose(
                        outputs.get("hidden_states." + l),
                        context.captured().get("layers." + l + ".hidden"),
                        1e-5);
            }
            assertClose(outputs.get("last_hidden_state"), y, 1e-5);
        }
    }

    @Test
    void gradientsAreThePublishedOnes() {
        NDArray table = weights.get("shared.weight");
        table.setRequiresGradient(true);
        Transformer encoder = encoder(null);
        try (GradientMode on = GradientMode.on()) {
            NDArray x = EmbeddingKernel.lookup(ids, table, -1);
            NDArray y = Run.forward(encoder, x, true, new ForwardContext());
            GradientMode.backward(y, outputs.get("cotangent"));
        }
        Map<String, NDArray> gradients = Golden.read(manager, "switch-encoder", "gradients");
        assertRelativelyClose(gradients.get("shared.weight"), table.getGradient(), 1e-4);
        Map<String, NDArray> expected = ours(gradients);
        ParameterPaths.of(encoder)
                .forEach(
                        (path, parameter) ->
                                assertRelativelyClose(
                                        expected.get(path),
                                        parameter.getArray().getGradient(),
                                        1e-4));
    }

    @Test
    void withTheCapacityOfItsConfigurationTokensThatOverflowPassThrough() {
        ForwardContext free = new ForwardContext().withCapture(Transformer.HIDDEN);
        ForwardContext bound = new ForwardContext().withCapture(Transformer.HIDDEN);
        try (GradientMode off = GradientMode.off()) {
            NDArray x = EmbeddingKernel.lookup(ids, weights.get("shared.weight"), -1);
            Run.forward(encoder(null), x, false, free);
            Run.forward(encoder(ExpertCapacity.ofTokens(8)), x, false, bound);
        }
        double[] all = values(free.captured().get("layers.2.hidden"));
        double[] some = values(bound.captured().get("layers.2.hidden"));
        int changed = 0;
        for (int n = 0; n < TOKENS; n++) {
            double largest = 0;
            for (int d = n * DIM; d < (n + 1) * DIM; d++) {
                largest = Math.max(largest, Math.abs(all[d] - some[d]));
            }
            assertTrue(largest < 1e-5 || largest > 1e-3, "difference " + largest);
            changed += largest > 1e-3 ? 1 : 0;
        }
        // The first sparse layer's experts are asked by 15 4 24 5 and 16 5 17 10 tokens.
        assertEquals(7 + 16 + 8 + 9 + 2, changed);
    }
}
