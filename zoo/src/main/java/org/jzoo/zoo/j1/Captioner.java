package org.jzoo.zoo.j1;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.Collections;
import java.util.List;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.Generator;
import org.jzoo.zoo.generation.TokenListener;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * Says what is on pictures, with a loaded model. Safe to use from many threads.
 *
 * <pre>{@code
 * try (LoadedModel model = Zoo.load("my-captions")) {
 *     Captioner captioner = new Captioner(model, GenerationConfig.greedy(32));
 *     System.out.println(captioner.caption(Pictures.read(Path.of("x.png"))));
 * }
 * }</pre>
 */
public final class Captioner {

    private final LoadedModel model;
    private final J1Captioner block;
    private final CaptionTask task;
    private final GenerationConfig config;

    /**
     * Creates a captioner.
     *
     * @param model stays open as long as this is used
     * @param config how to choose tokens
     * @throws IllegalArgumentException if the model does not write captions
     */
    public Captioner(LoadedModel model, GenerationConfig config) {
        if (!(model.config().task() instanceof CaptionTask captions)) {
            throw new IllegalArgumentException(
                    "model must be one that writes captions, got the task "
                            + model.config().task().getClass().getSimpleName());
        }
        this.model = model;
        this.config = config;
        task = captions;
        block = (J1Captioner) model.block();
    }

    /** The caption of a picture. */
    public String caption(Image image) {
        return captions(List.of(image)).get(0);
    }

    /** The captions of pictures, written as one batch. */
    public List<String> captions(List<Image> images) {
        if (images.isEmpty()) {
            return List.of();
        }
        try (GradientMode off = GradientMode.off();
                NDManager manager = model.manager().newSubManager()) {
            J1Config numbers = (J1Config) model.config().model();
            NDArray pixels = numbers.preprocessing().batch(manager, images);
            ForwardContext context = new ForwardContext().withPrecision(config.precision());
            Pass pass = Pass.of(new ParameterStore(manager, false), false, context.asParams());
            NDArray prefix = block.prefix(pixels, pass); // (B, P, D)
            List<long[]> prompts =
                    Collections.nCopies(images.size(), new long[] {task.firstToken()});
            return new Generator(block.decoder(), task.endTokens(), config)
                    .generate(manager, prefix, prompts, TokenListener.NONE).stream()
                            .map(model.tokenizer()::decode)
                            .toList();
        }
    }
}
