package org.jzoo.training.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.adapter.LoraConfig;

class PeftAdapterTest {

    private static final String QUERY =
            "base_model.model.bert.encoder.layer.0.attention.self.query.lora_";
    private static final String HEAD = "base_model.model.classifier.";
    private static final List<String> TENSORS =
            List.of(QUERY + "A.weight", QUERY + "B.weight", HEAD + "weight", HEAD + "bias");
    private static final Map<String, String> MODULES =
            Map.of(
                    "bert.encoder.layer.0.attention.self.query",
                    "layers.0.query",
                    "classifier",
                    "head.output");

    private static JsonObject config() throws IOException {
        try (Reader in =
                new InputStreamReader(
                        PeftAdapterTest.class.getResourceAsStream("/peft/adapter_config.json"),
                        StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        }
    }

    @Test
    void peftsOwnFolderBecomesATuningAndNames() throws IOException {
        PeftAdapter adapter = PeftAdapter.read(config(), TENSORS, MODULES::get);
        assertEquals(
                new LoraTuning(
                        new LoraConfig(4, 8, 0, false),
                        List.of("layers.0.query"),
                        List.of("head.output.bias", "head.output.weight"),
                        null),
                adapter.tuning());
        assertEquals(
                Map.of(
                        QUERY + "A.weight",
                        "layers.0.query.loraA",
                        QUERY + "B.weight",
                        "layers.0.query.loraB",
                        HEAD + "weight",
                        "head.output.weight",
                        HEAD + "bias",
                        "head.output.bias"),
                adapter.paths());
    }

    @Test
    void rankStabilisationAndDropoutAreRead() throws IOException {
        JsonObject config = config();
        config.addProperty("use_rslora", true);
        config.addProperty("lora_dropout", 0.25);
        assertEquals(
                new LoraConfig(4, 8, 0.25, true),
                PeftAdapter.read(config, TENSORS, MODULES::get).tuning().lora());
    }

    @Test
    void targetsMayBeAnExpressionOrAll() throws IOException {
        JsonObject config = config();
        config.addProperty("target_modules", ".*\\.self\\.(query|value)");
        assertEquals(4, PeftAdapter.read(config, TENSORS, MODULES::get).paths().size());
        config.addProperty("target_modules", "all-linear");
        assertEquals(4, PeftAdapter.read(config, TENSORS, MODULES::get).paths().size());
    }

    @Test
    void trainedBiasesOfAdaptedMapsAreFound() throws IOException {
        String bias = QUERY.replace("lora_", "base_layer.bias");
        List<String> tensors = List.of(QUERY + "A.weight", QUERY + "B.weight", bias);
        PeftAdapter adapter = PeftAdapter.read(config(), tensors, MODULES::get);
        assertEquals("layers.0.query.base.bias", adapter.paths().get(bias));
        assertEquals(List.of("layers.0.query.base.bias"), adapter.tuning().trainable());
    }

    @Test
    void whatIsNotSupportedIsNamed() throws IOException {
        JsonObject config = config();
        config.addProperty("use_dora", true);
        config.add("rank_pattern", JsonParser.parseString("{\"query\": 8}"));
        config.addProperty("init_lora_weights", "pissa");
        assertEquals(
                "adapter_config.json must leave out what is not supported, got"
                        + " rank_pattern={\"query\":8}, use_dora=true, init_lora_weights=\"pissa\"",
                message(config, TENSORS));
        JsonObject other = config();
        other.addProperty("peft_type", "IA3");
        assertEquals("peft_type must be LORA, got peft_type=\"IA3\"", message(other, TENSORS));
        JsonObject incomplete = config();
        incomplete.remove("r");
        assertEquals("adapter_config.json must have r", message(incomplete, TENSORS));
    }

    @Test
    void tensorsWithoutAPlaceAreNamed() throws IOException {
        String stray = "base_model.model.bert.other.lora_A.weight";
        assertEquals(
                "an adapted module must be among target_modules, got module=bert.other,"
                        + " target_modules=[\"query\",\"value\"]",
                message(config(), List.of(stray)));
        String unknown = "base_model.model.bert.value.lora_A.weight";
        assertEquals(
                "tensor must belong to an adapted or saved module of the model, got tensor="
                        + unknown,
                message(config(), List.of(unknown)));
        assertEquals(
                "the adapter must have tensors named *.lora_A.weight, got [" + HEAD + "weight]",
                message(config(), List.of(HEAD + "weight")));
    }

    private static String message(JsonObject config, List<String> tensors) {
        return assertThrows(
                        IllegalArgumentException.class,
                        () -> PeftAdapter.read(config, tensors, MODULES::get))
                .getMessage();
    }
}
