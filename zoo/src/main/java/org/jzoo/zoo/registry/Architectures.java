package org.jzoo.zoo.registry;

import java.util.Map;
import java.util.TreeMap;
import org.jzoo.blocks.part.PartRegistry;
import org.jzoo.zoo.bert.Bert;
import org.jzoo.zoo.bloom.Bloom;
import org.jzoo.zoo.clip.Clip;
import org.jzoo.zoo.clip.ClipConfig;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.distilbert.DistilBert;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.ImageEncoderConfig;
import org.jzoo.zoo.gpt2.Gpt2;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.CaptionTask;
import org.jzoo.zoo.j1.J1;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.j1.MatchTask;
import org.jzoo.zoo.j1.RetrievalTask;
import org.jzoo.zoo.j3.J3;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.llama.Llama;
import org.jzoo.zoo.longformer.Longformer;
import org.jzoo.zoo.lxmert.Lxmert;
import org.jzoo.zoo.lxmert.LxmertConfig;
import org.jzoo.zoo.lxmert.RegionTextTask;
import org.jzoo.zoo.mistral.Mistral;
import org.jzoo.zoo.mixtral.Mixtral;
import org.jzoo.zoo.qwen2.Qwen2;
import org.jzoo.zoo.roberta.Roberta;
import org.jzoo.zoo.switchtransformers.SwitchTransformers;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.ImageClassificationTask;
import org.jzoo.zoo.task.ImageEmbeddingTask;
import org.jzoo.zoo.task.ImageTextTask;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.TokenClassificationTask;
import org.jzoo.zoo.vit.Vit;
import org.jzoo.zoo.weights.NearestName;

/** The architectures that the zoo knows: one line each. */
public final class Architectures {

    private static final Map<String, Architecture> BY_NAME = new TreeMap<>();

    static {
        add(new Bert());
        add(new Clip());
        add(new DistilBert());
        add(new J1());
        add(new J3());
        add(new Longformer());
        add(new Lxmert());
        add(new Roberta());
        add(new Vit());
        add(new Gpt2());
        add(new Llama());
        add(new Qwen2());
        add(new Mistral());
        add(new Bloom());
        add(new Mixtral());
        add(new SwitchTransformers());

        PartRegistry.register("text-encoder", EncoderConfig.class);
        PartRegistry.register("clip", ClipConfig.class);
        PartRegistry.register("image-text", ImageTextTask.class);
        PartRegistry.register("image-encoder", ImageEncoderConfig.class);
        PartRegistry.register("text-decoder", DecoderConfig.class);
        PartRegistry.register("causal-language", CausalLanguageTask.class);
        PartRegistry.register("embedding", EmbeddingTask.class);
        PartRegistry.register("classification", ClassificationTask.class);
        PartRegistry.register("regression", RegressionTask.class);
        PartRegistry.register("token-classification", TokenClassificationTask.class);
        PartRegistry.register("masked-words", MaskedWordsTask.class);
        PartRegistry.register("image-classification", ImageClassificationTask.class);
        PartRegistry.register("image-embedding", ImageEmbeddingTask.class);
        PartRegistry.register("lxmert", LxmertConfig.class);
        PartRegistry.register("regions-text", RegionTextTask.class);
        PartRegistry.register("j1", J1Config.class);
        PartRegistry.register("j3", J3Config.class);
        PartRegistry.register("span", SpanTask.class);
        PartRegistry.register("answer", AnswerTask.class);
        PartRegistry.register("match", MatchTask.class);
        PartRegistry.register("retrieval", RetrievalTask.class);
        PartRegistry.register("caption", CaptionTask.class);
    }

    private Architectures() {}

    private static void add(Architecture architecture) {
        BY_NAME.put(architecture.name(), architecture);
    }

    /** All architectures by name. */
    public static Map<String, Architecture> all() {
        return Map.copyOf(BY_NAME);
    }

    /**
     * The architecture of that name.
     *
     * @throws IllegalArgumentException if there is none; the message suggests the nearest
     */
    public static Architecture of(String name) {
        Architecture architecture = name == null ? null : BY_NAME.get(name);
        if (architecture == null) {
            throw new IllegalArgumentException(
                    "architecture must be one of %s, got architecture=%s%s"
                            .formatted(
                                    BY_NAME.keySet(),
                                    name,
                                    name == null ? "" : NearestName.hint(name, BY_NAME.keySet())));
        }
        return architecture;
    }
}
