package org.jzoo.examples.compress;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.Map;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.ImportanceKernel;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.compression.pruning.StackCut;
import org.jzoo.training.compression.pruning.StackPruning;
import org.jzoo.training.compression.pruning.Stacks;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordPieceVocabulary;

/** Copies of a text model of which parts are left out: ordinary models with smaller tensors. */
public final class SmallerModel {

    private static final String TOKENS = "encoder.tokens.weight";

    private SmallerModel() {}

    /** The numbers of a model that can be made smaller. */
    static EncoderConfig encoder(LoadedModel model) {
        if (model.config().model() instanceof EncoderConfig encoder) {
            return encoder;
        }
        throw new IllegalArgumentException(
                "model must be a text encoder to be compressed, got the architecture "
                        + model.config().architecture());
    }

    /**
     * Leaves out layers, heads and channels.
     *
     * @param device where the smaller model lives
     */
    public static LoadedModel cut(LoadedModel whole, StackCut cut, Device device) {
        EncoderConfig encoder = encoder(whole);
        StackPruning pruning = new StackPruning(encoder.stack(), cut);
        LoadedModel small =
                fresh(whole, encoder.withStack(pruning.config()), whole.tokenizer().copy(), device);
        pruning.copy(Stacks.only((Part) whole.block()), Stacks.only((Part) small.block()));
        copyOthers(whole, small, null);
        return small;
    }

    /**
     * Leaves out rows of the token table.
     *
     * @param reduced the tokens that stay
     */
    public static LoadedModel withVocabulary(
            LoadedModel whole, WordPieceVocabulary.Reduced reduced, Device device) {
        EncoderConfig encoder = encoder(whole);
        int padding =
                encoder.padding() < 0
                        ? TokenEmbedding.NO_PADDING
                        : reduced.newId(encoder.padding());
        EncoderConfig fewer =
                new EncoderConfig(
                        reduced.rows().length,
                        encoder.maxLength(),
                        encoder.numTypes(),
                        padding,
                        encoder.positionsPastPadding(),
                        encoder.position(),
                        encoder.embeddingNorm(),
                        encoder.dropout(),
                        encoder.stack());
        int length = whole.tokenizer().maxLength();
        LoadedModel small = fresh(whole, fewer, TextTokenizer.of(reduced.json(), length), device);
        long[] rows = Arrays.stream(reduced.rows()).asLongStream().toArray();
        copyOthers(whole, small, rows);
        Map<String, Parameter> sources = ParameterPaths.of(Stacks.only((Part) whole.block()));
        ParameterPaths.of(Stacks.only((Part) small.block()))
                .forEach((path, target) -> copy(sources.get(path), target, null));
        return small;
    }

    private static LoadedModel fresh(
            LoadedModel whole, EncoderConfig encoder, TextTokenizer tokenizer, Device device) {
        ModelConfig config = whole.config();
        return LoadedModel.fresh(
                whole.name(),
                ModelConfig.of(config.architecture(), encoder, config.task()),
                tokenizer,
                0,
                device);
    }

    // What does not belong to the stack, the token table by its rows.
    private static void copyOthers(LoadedModel from, LoadedModel to, long[] rows) {
        String stack = Stacks.of((Part) to.block()).keySet().iterator().next() + ".";
        Map<String, Parameter> sources = from.parameters();
        to.parameters()
                .forEach(
                        (path, target) -> {
                            if (!path.startsWith(stack)) {
                                boolean table = path.equals(TOKENS);
                                copy(sources.get(path), target, table ? rows : null);
                            }
                        });
    }

    private static void copy(Parameter from, Parameter to, long[] rows) {
        NDArray target = to.getArray();
        try (GradientMode off = GradientMode.off();
                NDManager manager = from.getArray().getManager().newSubManager()) {
            NDArray chosen =
                    ImportanceKernel.select(
                            from.getArray(), rows == null ? null : manager.create(rows), null);
            chosen.attach(manager);
            OptimizerKernel.copy(new NDArray[] {chosen}, new NDArray[] {target});
        }
    }
}
