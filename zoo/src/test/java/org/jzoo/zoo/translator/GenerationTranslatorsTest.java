package org.jzoo.zoo.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.TextGenerator;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.testing.TinyModels;

class GenerationTranslatorsTest {

    private static final int LONGEST = 12;

    private static LoadedModel model() {
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder().setHeads(2, 8).optCausal(true).build(),
                        new DenseFeedForwardOption(20, Activation.GELU, true, 0),
                        new LayerNormOption(1e-5),
                        NormPlacement.PRE,
                        0);
        DecoderConfig config =
                DecoderConfig.builder()
                        .setVocabularySize(TinyModels.VOCABULARY)
                        .setMaxLength(LONGEST)
                        .setStack(TransformerConfig.uniform(8, 2, layer, new LayerNormOption(1e-5)))
                        .optTiedOutput(true)
                        .optPosition(new LearnedPositionOption(LONGEST))
                        .build();
        return LoadedModel.fresh(
                "tiny",
                ModelConfig.of("gpt2", config, new CausalLanguageTask(List.of())),
                TinyModels.tokenizer(LONGEST),
                5,
                Device.cpu());
    }

    private static Input json(String body) {
        Input input = new Input();
        input.addProperty("Content-Type", "application/json");
        input.add("data", body);
        return input;
    }

    @Test
    void textsGoOnAloneTogetherAndServed() throws Exception {
        try (LoadedModel model = model();
                Predictor<String, String> one = model.predictor(String.class, String.class);
                Predictor<String[], String[]> many =
                        model.predictor(String[].class, String[].class);
                Predictor<Input, Output> served = model.predictor(Input.class, Output.class)) {
            String expected =
                    new TextGenerator(model, GenerationConfig.greedy(128)).generate("a red cat");
            assertTrue(!expected.isEmpty());
            assertEquals(expected, one.predict("a red cat"));
            String[] both = many.predict(new String[] {"what is it that he saw", "a red cat"});
            assertEquals(expected, both[1]);
            assertEquals(
                    "[\"%s\"]".formatted(expected),
                    served.predict(json("[\"a red cat\"]")).getData().getAsString());
        }
    }

    @Test
    void aRequestThatCannotGoOnIsRefusedWithItsReason() throws Exception {
        try (LoadedModel model = model();
                Predictor<Input, Output> served = model.predictor(Input.class, Output.class)) {
            Output pair = served.predict(json("{\"text\": \"a\", \"text_pair\": \"b\"}"));
            assertEquals(400, pair.getCode());
            assertTrue(pair.getData().getAsString().contains("got a pair of texts"));
            Output tooLong = served.predict(json("\"%s\"".formatted("word ".repeat(20))));
            assertEquals(400, tooLong.getCode());
            assertTrue(tooLong.getData().getAsString().contains("fewer than maxLength"));
        }
    }
}
