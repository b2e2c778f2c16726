package org.jzoo.zoo.longformer;

import java.util.ArrayList;
import java.util.List;
import org.jzoo.blocks.attention.GlobalWindowOption;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.zoo.bert.Bert;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.roberta.Roberta;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/**
 * Longformer: RoBERTa for long texts, with attention in windows and to global tokens.
 *
 * @see <a href="https://arxiv.org/abs/2004.05150">Beltagy et al. 2020, Longformer</a>
 */
public final class Longformer implements Architecture {

    private static final Roberta ROBERTA = new Roberta();

    /** Stateless: one is as good as another. */
    public Longformer() {}

    @Override
    public String name() {
        return "longformer";
    }

    @Override
    public EncoderConfig readConfig(HuggingFaceConfig config) {
        int layers = config.integer("num_hidden_layers");
        List<Integer> windows = config.integers("attention_window", layers);
        config.expect("ignore_attention_mask", false);
        config.ignore("attention_mode", "onnx_export");
        EncoderConfig full = Roberta.readEncoder(config);
        config.rejectUnread();
        List<LayerConfig> near = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            near.add(within(windows.get(l), full.stack().layers().get(l)));
        }
        return full.withStack(full.stack().withLayers(near));
    }

    private static LayerConfig within(int window, LayerConfig full) {
        SelfAttentionOption all = (SelfAttentionOption) full.mixer();
        return new LayerConfig(
                new GlobalWindowOption(all.numHeads(), window, all.bias(), all.dropout()),
                full.feedForward(),
                full.norm(),
                full.placement(),
                full.dropout());
    }

    @Override
    public Task readTask(HuggingFaceConfig config) {
        return ROBERTA.readTask(config);
    }

    @Override
    public HeadOption head() {
        return ROBERTA.head();
    }

    @Override
    public NameTable names(ModelConfig config) {
        NameTable encoder = Bert.encoderNames();
        String layer = "encoder.layer.{layer}.attention.self.";
        String ours = "encoder.transformer.layers.{layer}.mixer.";
        for (String kind : List.of("weight", "bias")) {
            encoder =
                    encoder.and(
                            NameRule.same(
                                    layer + "query_global." + kind, ours + "globalQuery." + kind),
                            NameRule.same(layer + "key_global." + kind, ours + "globalKey." + kind),
                            NameRule.same(
                                    layer + "value_global." + kind, ours + "globalValue." + kind));
        }
        return Roberta.withHead(encoder, config.task())
                .prefixed("longformer.", "lm_head.", "classifier.");
    }

    @Override
    public List<String> unused(Task task) {
        return ROBERTA.unused(task);
    }
}
