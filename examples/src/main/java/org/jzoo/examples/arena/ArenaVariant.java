package org.jzoo.examples.arena;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.initializer.NormalInitializer;
import java.util.Locale;
import org.jzoo.blocks.attention.GlobalWindowOption;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.position.EmbeddingPosition;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.position.SinusoidalPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.MixerOption;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.examples.recipe.Weights;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.TextModel;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Pooling;

/** What reads the text. All have as many weights, and label the mean of their last states. */
public enum ArenaVariant {
    /** J3: windows, memory tokens, blocks found again. */
    J3,
    /** J3's windows alone. */
    SLIDING,
    /** Windows and one global token, the first, as Longformer has them. */
    LONGFORMER,
    /** Full attention with rotary positions. */
    FULL;

    private static final int WINDOW = 64;
    private static final double ROTARY_BASE = 10_000;
    private static final RmsNormOption NORM = new RmsNormOption(1e-6);

    /** The name in commands and tables, such as "longformer". */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A fresh model: what it lacks of J3's weights, its feed-forwards get. */
    Part fresh(J3Size size, ArenaTask task, long seed, NDManager manager) {
        long wanted = Weights.count(J3.model(size, task));
        J3Size fitted = Weights.fitted(size, wanted, each -> model(each, task));
        Part model = model(fitted, task);
        PyTorch.seed(seed);
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        return model;
    }

    private Part model(J3Size size, ArenaTask task) {
        ClassificationTask labels =
                new ClassificationTask(
                        task.labels().names(),
                        false,
                        new HeadOption(Pooling.MEAN, null, task.dropout()));
        J3Parts.Builder parts = J3Parts.of(size).optWindow(WINDOW).optDropout(task.dropout());
        int features = size.dim() / size.numHeads();
        return switch (this) {
            case J3 -> j3(parts, task, labels);
            case SLIDING ->
                    j3(parts.optMemoryTokens(0).optGlobals(false).optRetrieved(0), task, labels);
            case LONGFORMER ->
                    encoder(
                            size,
                            task,
                            labels,
                            new SinusoidalPositionOption(),
                            new GlobalWindowOption(size.numHeads(), WINDOW, false, 0));
            case FULL ->
                    encoder(
                            size,
                            task,
                            labels,
                            null,
                            SelfAttentionOption.builder()
                                    .setHeads(size.numHeads(), size.dim())
                                    .optBias(false, false)
                                    .optPosition(
                                            new RotaryPositionOption(
                                                    ROTARY_BASE, features / 4 * 2, false))
                                    .build());
        };
    }

    private static Part j3(J3Parts.Builder parts, ArenaTask task, ClassificationTask labels) {
        return new J3Model(parts.build().encoder(task.vocabularySize(), 0), labels);
    }

    private static Part encoder(
            J3Size size,
            ArenaTask task,
            ClassificationTask labels,
            EmbeddingPosition position,
            MixerOption mixer) {
        LayerConfig layer =
                new LayerConfig(
                        mixer,
                        new GatedFeedForwardOption(size.feedForward(), Activation.SILU, false, 0),
                        NORM,
                        NormPlacement.PRE,
                        task.dropout());
        Part model =
                new TextModel(
                        new EncoderConfig(
                                task.vocabularySize(),
                                task.maxLength(),
                                0,
                                0,
                                false,
                                position,
                                null,
                                task.dropout(),
                                TransformerConfig.uniform(
                                        size.dim(), size.numLayers(), layer, NORM),
                                null),
                        labels);
        startAsJ3(model);
        return model;
    }

    // J3 draws maps from N(0, 1/√In) and multiplies words from N(0, 1/√D) by √D.
    private static void startAsJ3(Part part) {
        for (Block child : part.parts().values()) {
            if (child instanceof Linear linear) {
                float deviation = (float) (1 / Math.sqrt(linear.in()));
                linear.weight().setInitializer(new NormalInitializer(deviation));
            } else if (child instanceof TokenEmbedding words) {
                words.weight().setInitializer(new NormalInitializer(1));
            } else if (child instanceof Part inner) {
                startAsJ3(inner);
            }
        }
    }
}
