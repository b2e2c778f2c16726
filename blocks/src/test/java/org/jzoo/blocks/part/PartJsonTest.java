package org.jzoo.blocks.part;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jzoo.blocks.attention.CrossAttentionOption;
import org.jzoo.blocks.attention.ForgetGate;
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
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.feedforward.experts.ExpertCapacity;
import org.jzoo.blocks.feedforward.experts.ExpertChoiceRouterOption;
import org.jzoo.blocks.feedforward.experts.ExpertsOption;
import org.jzoo.blocks.feedforward.experts.RouterLoss;
import org.jzoo.blocks.feedforward.experts.TopKRouterOption;
import org.jzoo.blocks.fusion.JointFusionOption;
import org.jzoo.blocks.fusion.PooledFusionOption;
import org.jzoo.blocks.fusion.TwoWayFusionOption;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.norm.NormOption;
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
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.blocks.transformer.Stacks;
import org.jzoo.blocks.transformer.TransformerConfig;

class PartJsonTest {

    /** One example of each registered option. */
    static List<Option> options() {
        return List.of(
                SelfAttentionOption.builder()
                        .setHeads(6, 30)
                        .optNumKeyHeads(2)
                        .optBias(true, false)
                        .optCausal(true)
                        .optDropout(0.25)
                        .optPosition(new RotaryPositionOption(500, 4, true))
                        .optWindow(9)
                        .optScale(1.0)
                        .optQueryKeyNorm(new RmsNormOption(1e-6))
                        .optValueResidual(true)
                        .build(),
                SelfAttentionOption.builder()
                        .setHeads(2, 6)
                        .optForgetGate(new ForgetGate(5))
                        .build(),
                new DenseFeedForwardOption(7, Activation.QUICK_GELU, false, 0.125),
                new GatedFeedForwardOption(7, Activation.SILU, true, 0),
                new TopKRouterOption(2, true, true, true, 0.1, true, ExpertCapacity.ofFactor(1.25)),
                new ExpertChoiceRouterOption(2, true, 0.1),
                ExpertsOption.builder()
                        .setNumExperts(6)
                        .setExpert(new GatedFeedForwardOption(7, Activation.SILU, true, 0))
                        .setRouter(
                                TopKRouterOption.switchTransformer(
                                        0.01, ExpertCapacity.ofTokens(8)))
                        .optShared(new DenseFeedForwardOption(3, Activation.RELU, true, 0), true)
                        .optNumGroups(4)
                        .optIgnorePadding(false)
                        .optLoss(new RouterLoss(0.01, 0.001, RouterLoss.Scope.STACK))
                        .build(),
                new LayerNormOption(1e-12),
                new RmsNormOption(1e-6),
                new LearnedPositionOption(3),
                new SinusoidalPositionOption(),
                new RotaryPositionOption(10_000, 8, false),
                new LearnedGridPositionOption(new Grid(2, 3), 1),
                new LearnedAxesPositionOption(new Grid(5, 7)),
                new SinusoidalGridPositionOption(),
                new RotaryGridPositionOption(100, 8, true),
                new RotaryPositionOption(100, 6, false, YarnRotaryScaling.of(4, 32)),
                new LinearRotaryScaling(2),
                new NtkRotaryScaling(2, 32, 64),
                new YarnRotaryScaling(4, 32, 16, 2, false, 1.25),
                new BandRotaryScaling(8, 64, 1, 4),
                new AlibiPositionOption(6),
                new RelativePositionOption(6, 32, 128, true),
                new GlobalWindowOption(4, 6, true, 0.125),
                new CrossAttentionOption(6, 2, 5, true, false, 0.125),
                SegmentAttentionOption.builder()
                        .setHeads(2, 6)
                        .setMemoryLength(9)
                        .optBias(true, false)
                        .optDropout(0.25)
                        .optPosition(new RotaryPositionOption(500, 4, true))
                        .build(),
                new UniformCode(WeightGrid.perGroup(4, 64).asymmetric(), true),
                new CodebookCode(3, 17),
                new ProductCode(2, 8),
                new PatchOption(3, 8, true),
                new ConvolutionStemOption(3, List.of(6, 10), 2),
                new JointFusionOption(Stacks.post(0.1), true),
                new TwoWayFusionOption(
                        2,
                        new CrossAttentionOption(6, 2, 5, true, false, 0.125),
                        true,
                        Stacks.post(0.1).layers().get(0),
                        new RmsNormOption(1e-6)),
                new PooledFusionOption(7, Activation.RELU),
                new ChunkAttentionOption(
                        2,
                        6,
                        true,
                        false,
                        0.5,
                        new RotaryPositionOption(500, 2, true),
                        new ForgetGate(5),
                        new RetrievalOption(4, 3, 2, 1, StoreOption.ALL)),
                new RetrievalOption(4, 3, 2, 1, StoreOption.ALL),
                new StoreOption(9, StoreOption.Keep.RELEVANT, StoreOption.Numbers.INT8),
                new ChunkMemoryOption(3, 1.5),
                new ChunkStackConfig(
                        Stacks.post(0),
                        new ChunkMemoryOption(3, null),
                        true,
                        ChunkStackConfig.Form.ENCODER));
    }

    @Test
    void thereIsAnExampleOfEveryOptionOfThisModule() {
        Map<Class<?>, Long> examples =
                options().stream()
                        .collect(Collectors.groupingBy(Object::getClass, Collectors.counting()));
        for (Class<? extends Option> type : PartRegistry.types().values()) {
            assertTrue(examples.containsKey(type), () -> "no example of " + type);
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void optionsComeBackAsTheyWere(Option option) {
        String json = PartJson.toJson(option);
        assertEquals(option, PartJson.fromJson(json, option.getClass()));
        Class<?> role = option.getClass().getInterfaces()[0];
        assertEquals(option, PartJson.fromJson(json, role));
        assertEquals(
                option.getClass(),
                PartRegistry.typeOf(PartJson.toTree(option).get("type").getAsString()));
    }

    @Test
    void wholeStacksComeBackAsTheyWere() {
        for (TransformerConfig config :
                List.of(Stacks.post(0.1), Stacks.preCausal(0), Stacks.rotary())) {
            assertEquals(
                    config, PartJson.fromJson(PartJson.toJson(config), TransformerConfig.class));
        }
    }

    @Test
    void aConfigurationReadsAsDocumented() {
        assertEquals(
                "{\n  \"type\": \"layer-norm\",\n  \"epsilon\": 0.5\n}",
                PartJson.toJson(new LayerNormOption(0.5)));
        assertNull(
                PartJson.fromJson(
                                edited(tree -> tree.remove("position")), SelfAttentionOption.class)
                        .position());
    }

    private static String edited(Consumer<JsonObject> edit) {
        JsonObject tree = PartJson.toTree(options().get(0));
        edit.accept(tree);
        return tree.toString();
    }

    private static void set(JsonObject tree, String key, String value) {
        tree.addProperty(key, value);
    }

    @Test
    void unknownKeysAreRefused() {
        assertEquals(
                "not a SelfAttentionOption: SelfAttentionOption must have the keys [numHeads,"
                    + " numKeyHeads, headSize, bias, outputBias, causal, dropout, position, window,"
                    + " scale, queryKeyNorm, valueResidual, forgetGate] only, got \"numhead\"",
                message(edited(tree -> set(tree, "numhead", "1")), SelfAttentionOption.class));
    }

    @Test
    void unknownTypesAreRefused() {
        String message = message(edited(tree -> set(tree, "type", "convolution")), Option.class);
        assertTrue(
                message.startsWith("type must be one of [alibi, attention, ")
                        && message.endsWith("got type=convolution"),
                message);
        assertEquals(
                "not a NormOption: type must be a NormOption, got type=attention",
                message(edited(tree -> {}), NormOption.class));
        String untyped = message(edited(tree -> tree.remove("type")), Option.class);
        assertTrue(
                untyped.startsWith("not a Option: an option must have a \"type\", got {"), untyped);
    }

    @Test
    void missingNumbersAreRefused() {
        String message =
                message(edited(tree -> tree.remove("headSize")), SelfAttentionOption.class);
        assertTrue(
                message.startsWith(
                        "not a SelfAttentionOption: SelfAttentionOption must have a \"headSize\","
                                + " got {"),
                message);
    }

    @Test
    void valuesThatARecordRejectsAreRefusedWithItsMessage() {
        assertEquals(
                "not a SelfAttentionOption: numKeyHeads must divide numHeads, got numKeyHeads=4,"
                        + " numHeads=6",
                message(edited(tree -> with(tree, "numKeyHeads", 4)), SelfAttentionOption.class));
    }

    @Test
    void valuesOfAnotherKindAreRefused() {
        for (String json :
                List.of(
                        "{\"type\": \"layer-norm\", \"epsilon\": \"small\"}",
                        "{\"type\": \"layer-norm\", \"epsilon\": null}",
                        "{\"type\": \"dense\", \"width\": 2.5, \"activation\": \"GELU\", \"bias\":"
                                + " true, \"dropout\": 0}",
                        "{\"type\": \"dense\", \"width\": 2, \"activation\": \"SINE\", \"bias\":"
                                + " true, \"dropout\": 0}",
                        "{\"type\": \"dense\", \"width\": 2, \"activation\": \"GELU\", \"bias\":"
                                + " \"maybe\", \"dropout\": 0}",
                        "{\"type\": 3}",
                        "{\"type\": {}}",
                        "[1, 2]",
                        "\"layer-norm\"",
                        "{\"type\": \"layer-norm\", \"epsilon\": 1",
                        "")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> PartJson.fromJson(json, Option.class),
                    json);
        }
    }

    @Test
    void aValueOfAnotherKindIsNamed() {
        assertEquals(
                "not a SelfAttentionOption: numHeads must be an integer, got numHeads=2.5",
                message(edited(tree -> with(tree, "numHeads", 2.5)), SelfAttentionOption.class));
        assertEquals(
                "not a SelfAttentionOption: bias must be true or false, got bias=1",
                message(edited(tree -> with(tree, "bias", 1)), SelfAttentionOption.class));
        assertEquals(
                "not a SelfAttentionOption: dropout must be a number, got dropout=\"much\"",
                message(edited(tree -> set(tree, "dropout", "much")), SelfAttentionOption.class));
        assertEquals(
                "not a DenseFeedForwardOption: activation must be one of [GELU, GELU_TANH,"
                        + " QUICK_GELU, RELU, SILU, TANH], got activation=\"SINE\"",
                message(
                        PartJson.toJson(options().get(2)).replace("QUICK_GELU", "SINE"),
                        DenseFeedForwardOption.class));
    }

    private static void with(JsonObject tree, String key, Number value) {
        tree.addProperty(key, value);
    }

    @Test
    void anOptionOfAnotherModuleNeedsAFreeName() {
        assertEquals(
                "name must be free, got name=attention, taken by class"
                        + " org.jzoo.blocks.attention.SelfAttentionOption",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> PartRegistry.register("attention", LayerNormOption.class))
                        .getMessage());
        record Unregistered() implements Option {}
        assertEquals(
                "no registered name for " + Unregistered.class.getName(),
                assertThrows(
                                IllegalArgumentException.class,
                                () -> PartJson.toJson(new Unregistered()))
                        .getMessage());
    }

    private static String message(String json, Class<?> type) {
        return assertThrows(IllegalArgumentException.class, () -> PartJson.fromJson(json, type))
                .getMessage();
    }
}
