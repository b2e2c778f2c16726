package org.jzoo.zoo.j1;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import java.util.Map;
import org.jzoo.blocks.attention.CrossAttention;
import org.jzoo.blocks.attention.SelfAttention;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.encoder.TextEncoder;

/**
 * A text encoder and an image encoder side by side, a projection of each to one width, the fusion,
 * the gate, and a head.
 *
 * <p>Inputs, in this order, each but the first stream optional: token ids {@code (M, T)} int64;
 * which of them exist {@code (M, T)} boolean; images {@code (N, C, Hi, Wi)} float32 in [-1, 1];
 * pairs {@code (B, 2)} int64, the rows of each example's text and image (both encoders run once a
 * row, however many examples share it; without pairs, M = N = B); present {@code (B, 2)} boolean,
 * whether an example has a text and an image; any {@code uint8} array asks for the attention over
 * patches. True means it is there.
 *
 * <p>A stream that is not there, by {@code present}, by modality dropout, or because it is not
 * among the inputs, is one learned token, which the other stream may attend to and the gate weighs
 * with 0.
 *
 * <p>Outputs: what the head says, first dimension B, and with a gate its weights {@code (B, 2)},
 * text first; asked for it, the share of attention that the text's tokens pay each of the image's
 * in the fusion, {@code (B, P)}, mean over heads and layers. Without training it records no
 * gradients, on whatever thread it runs. Weights of maps start at N(0, 1/√In), words and their
 * positions at N(0, 0.1).
 */
public final class J1Model extends Part {

    private static final float EMBEDDING_DEVIATION = 0.1f;

    private final J1Config config;
    private final J1Task task;
    private final Parameter missingText;
    private final Parameter missingImage;

    /** Builds the model, without weights. */
    public J1Model(J1Config config, J1Task task) {
        this.config = config;
        this.task = task;
        int dim = config.dim();
        if (config.text() != null) {
            child("text", new TextEncoder(config.text()));
            child("textProjection", new Linear(config.text().dim(), dim, true));
        }
        if (config.image() != null) {
            int merge = config.image().merge();
            int features = config.image().stack().dim() * merge * merge;
            child("image", new J1ImageEncoder(config.image()));
            child("imageProjection", new Linear(features, dim, true));
        }
        if (config.hasBoth()) {
            child("fusion", config.fusion().create(dim));
            missingText = declare("missingText", new NormalInitializer(0.02f), dim);
            missingImage = declare("missingImage", new NormalInitializer(0.02f), dim);
        } else {
            missingText = null;
            missingImage = null;
        }
        if (config.gate() != null) {
            child("gate", config.gate().create(dim));
        }
        child("head", task.createHead(dim));
        widen(this);
    }

    // Beside what the first layers add, words of N(0, 0.02) would be too faint to be told apart.
    private static void enlarge(String path, Parameter parameter) {
        if (path.matches("(text|decoder)\\.(tokens|positions)\\.weight")) {
            parameter.setInitializer(new NormalInitializer(EMBEDDING_DEVIATION));
        }
    }

    // N(0, 0.02) suits wide models: heads of narrow ones would see all alike for many epochs.
    static void widen(Part part) {
        widenMaps(part);
        ParameterPaths.of(part).forEach(J1Model::enlarge);
    }

    private static void widenMaps(Part part) {
        for (Block child : part.parts().values()) {
            if (child instanceof Linear linear) {
                float deviation = (float) (1 / Math.sqrt(linear.in()));
                linear.weight().setInitializer(new NormalInitializer(deviation));
            } else if (child instanceof Part inner) {
                widenMaps(inner);
            }
        }
    }

    /** The numbers. */
    public J1Config config() {
        return config;
    }

    /** What the head is for. */
    public J1Task task() {
        return task;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        if (pass.training()) {
            return run(J1Inputs.of(inputs), pass);
        }
        try (GradientMode off = GradientMode.off()) {
            return run(J1Inputs.of(inputs), pass);
        }
    }

    private NDList run(J1Inputs inputs, Pass pass) {
        if (!config.hasBoth()) {
            boolean texts = config.text() != null;
            Stream stream = texts ? text(inputs, pass) : image(inputs, pass);
            if (stream == null) {
                throw new IllegalArgumentException(
                        "inputs must hold %s for this model, got none"
                                .formatted(texts ? "texts" : "images"));
            }
            NDArray mean = EmbeddingKernel.meanPool(stream.tokens(), stream.mask()); // (B, D)
            return pass.run(part("head"), new NDList(mean));
        }
        if (inputs.ids() == null && inputs.images() == null) {
            throw new IllegalArgumentException("inputs must hold texts or images, got neither");
        }
        if (atOnce(inputs, pass)) {
            Pass other = beside(pass, inputs.ids().getManager());
            Beside.Both<Stream, Stream> both =
                    Beside.run(() -> text(inputs, other), () -> image(inputs, pass));
            return both(inputs, both.first(), both.second(), pass);
        }
        return both(inputs, text(inputs, pass), image(inputs, pass), pass);
    }

    // On CPU operators share the cores anyway.
    private static boolean atOnce(J1Inputs inputs, Pass pass) {
        return !pass.training()
                && inputs.ids() != null
                && inputs.images() != null
                && inputs.images().getDevice().isGpu()
                && pass.context().isPlain();
    }

    // Contexts and DJL's stores are for one thread each.
    private static Pass beside(Pass pass, NDManager manager) {
        ForwardContext context = pass.context().next();
        return new Pass(new ParameterStore(manager, false), false, context, context.asParams());
    }

    private NDList both(J1Inputs inputs, Stream text, Stream image, Pass pass) {
        boolean drops = pass.training() && config.modalityDropout() > 0;
        if (text != null && image != null && inputs.present() == null && !drops) {
            return whole(inputs, text, image, pass);
        }
        NDArray like = (text == null ? image : text).tokens(); // (B, ., D)
        NDArray present = inputs.present();
        if (present == null) {
            present = FusionKernel.allTrue(like, 2); // (B, 2)
        }
        if (drops) {
            present = FusionKernel.dropModality(present, config.modalityDropout());
        }
        if (text == null) {
            present = FusionKernel.absent(present, FusionKernel.TEXT);
        }
        if (image == null) {
            present = FusionKernel.absent(present, FusionKernel.IMAGE);
        }
        Stream x = present(text, missingText, like, present, FusionKernel.TEXT, pass);
        Stream y = present(image, missingImage, like, present, FusionKernel.IMAGE, pass);
        return fused(inputs, x, y, present, pass);
    }

    // Where nothing is padding either, masks would only cost time.
    private NDList whole(J1Inputs inputs, Stream text, Stream image, Pass pass) {
        return text.mask() == null
                ? fused(inputs, text, image, null, pass)
                : fused(inputs, text, image.masked(), FusionKernel.allTrue(text.tokens(), 2), pass);
    }

    private NDList fused(J1Inputs inputs, Stream x, Stream y, NDArray present, Pass pass) {
        if (inputs.attention()) {
            pass.context().withCapture(SelfAttention.WEIGHTS).withCapture(CrossAttention.WEIGHTS);
        }
        NDList streams = new NDList(x.tokens(), y.tokens());
        if (x.mask() != null) {
            streams.addAll(new NDList(x.mask(), y.mask()));
        }
        NDList outputs = head(pass.run(part("fusion"), streams), x.mask(), y.mask(), present, pass);
        if (inputs.attention()) {
            outputs.addAll(attention(pass.context().captured(), x.masked().mask()));
        }
        return outputs;
    }

    private NDList head(
            NDList fused, NDArray textMask, NDArray imageMask, NDArray present, Pass pass) {
        if (config.gate() == null) {
            NDArray halves =
                    FusionKernel.mean(
                            EmbeddingKernel.meanPool(fused.get(0), textMask),
                            EmbeddingKernel.meanPool(fused.get(1), imageMask));
            return pass.run(part("head"), new NDList(halves));
        }
        NDList weighed = new NDList(fused.get(0), fused.get(1));
        if (textMask != null) {
            weighed.addAll(new NDList(textMask, imageMask, present));
        }
        NDList gated = pass.run(part("gate"), weighed);
        NDList outputs = pass.run(part("head"), new NDList(gated.get(0)));
        outputs.add(gated.get(1));
        return outputs;
    }

    /** The share of each image token (B, P), of what the fusion's layers left; none without any. */
    private static NDList attention(Map<String, NDArray> captured, NDArray textMask) {
        NDArray sum = null;
        for (Map.Entry<String, NDArray> each : captured.entrySet()) {
            boolean joint = each.getKey().matches("layers\\.[0-9]+\\." + SelfAttention.WEIGHTS);
            if (joint || each.getKey().endsWith("text." + CrossAttention.WEIGHTS)) {
                NDArray part = FusionKernel.imageAttention(each.getValue(), textMask);
                sum = sum == null ? part : LinearKernel.add(sum, part);
            }
        }
        return sum == null ? new NDList() : new NDList(FusionKernel.asShares(sum));
    }

    /** An optional stream; the missing one where it is not. */
    private static Stream present(
            Stream stream,
            Parameter missing,
            NDArray like,
            NDArray present,
            int column,
            Pass pass) {
        NDArray row = pass.value(missing, like); // (D)
        if (stream == null) {
            return new Stream(FusionKernel.rowsLike(like, row), null).masked();
        }
        return new Stream(
                FusionKernel.keepPresent(stream.tokens(), row, present, column),
                FusionKernel.presentMask(stream.masked().mask(), present, column));
    }

    private Stream text(J1Inputs inputs, Pass pass) {
        if (inputs.ids() == null || config.text() == null) {
            return null;
        }
        NDArray before = pass.context().mask();
        pass.context().withMask(inputs.mask()); // (M, T)
        String scope = pass.context().enter("text.");
        NDArray hidden = pass.run(part("text"), inputs.ids()); // (M, T, Dt)
        pass.context().enter(scope);
        pass.context().withMask(before);
        NDArray x = projected(hidden, "textProjection", pass); // (M, T, D)
        return new Stream(x, inputs.mask()).paired(inputs.pairs(), FusionKernel.TEXT);
    }

    private Stream image(J1Inputs inputs, Pass pass) {
        if (inputs.images() == null || config.image() == null) {
            return null;
        }
        NDArray hidden = pass.run(part("image"), inputs.images()); // (N, P, Di)
        NDArray x = projected(hidden, "imageProjection", pass); // (N, P, D)
        return new Stream(x, null).paired(inputs.pairs(), FusionKernel.IMAGE);
    }

    private NDArray projected(NDArray hidden, String projection, Pass pass) {
        return LinearKernel.cast(pass.run(part(projection), hidden), Precision.FLOAT32);
    }

    /**
     * A text's or an image's tokens.
     *
     * @param tokens (B, T, D)
     * @param mask which of them exist, (B, T); null for all
     */
    private record Stream(NDArray tokens, NDArray mask) {

        /** The same with a mask. */
        Stream masked() {
            return mask == null
                    ? new Stream(tokens, FusionKernel.allTrue(tokens, tokens.getShape().get(1)))
                    : this;
        }

        /** The rows that the examples have. */
        Stream paired(NDArray pairs, int column) {
            return pairs == null
                    ? this
                    : new Stream(
                            FusionKernel.take(tokens, pairs, column),
                            mask == null ? null : FusionKernel.take(mask, pairs, column));
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        throw new UnsupportedOperationException(
                "the shapes of J1's outputs depend on which inputs are there");
    }
}
