package org.jzoo.examples.compress;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.ImportanceKernel;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.training.compression.pruning.StackCut;
import org.jzoo.training.compression.pruning.StackPruning;
import org.jzoo.training.compression.pruning.Stacks;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelOption;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordPieceVocabulary;

/** Copies of a model of which parts are left out: ordinary models with smaller tensors. */
public final class SmallerModel {

    private static final String TOKENS = "encoder.tokens.weight";

    private SmallerModel() {}

    /** The numbers of a text encoder. */
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
        return cut(whole, Map.of(ModelStacks.of(whole).keySet().iterator().next(), cut), device);
    }

    /**
     * Leaves out layers, heads and channels of several stacks.
     *
     * @param cuts what stays of each stack, by path
     * @param device where the smaller model lives
     */
    public static LoadedModel cut(LoadedModel whole, Map<String, StackCut> cuts, Device device) {
        Map<String, StackPruning> prunings = new LinkedHashMap<>();
        Map<String, TransformerConfig> stacks = ModelStacks.of(whole);
        stacks.forEach(
                (path, stack) -> prunings.put(path, new StackPruning(stack, cuts.get(path))));
        prunings.forEach((path, pruning) -> stacks.put(path, pruning.config()));
        LoadedModel small =
                fresh(
                        whole,
                        ModelStacks.with(whole, stacks),
                        whole.tokenizer() == null ? null : whole.tokenizer().copy(),
                        device);
        Map<String, Transformer> from = Stacks.of((Part) whole.block());
        Map<String, Transformer> to = Stacks.of((Part) small.block());
        prunings.forEach((path, pruning) -> pruning.copy(from.get(path), to.get(path)));
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
                encoder.withTokens(reduced.rows().length, padding, encoder.tokenRank());
        int length = whole.tokenizer().maxLength();
        LoadedModel small = fresh(whole, fewer, TextTokenizer.of(reduced.json(), length), device);
        long[] rows = Arrays.stream(reduced.rows()).asLongStream().toArray();
        copyOthers(whole, small, rows);
        Map<String, Parameter> sources = ParameterPaths.of(Stacks.only((Part) whole.block()));
        ParameterPaths.of(Stacks.only((Part) small.block()))
                .forEach((path, target) -> copy(sources.get(path), target, null));
        return small;
    }

    /**
     * Writes the token table as a narrower one and a map, {@code tokens ≈ table · mapᵀ + bias},
     * with the least squared error.
     *
     * @param rank width of the table (R), in [1, D)
     * @param counts how often each token occurs, (V): frequent ones are met better
     * @throws IllegalArgumentException if the table is narrow already
     */
    public static LoadedModel factorised(
            LoadedModel whole, int rank, long[] counts, Device device) {
        EncoderConfig encoder = encoder(whole);
        if (encoder.tokenRank() != null) {
            throw new IllegalArgumentException(
                    "token table must be as wide as the hidden states to be factorised, got"
                            + " tokenRank="
                            + encoder.tokenRank());
        }
        EncoderConfig narrow =
                encoder.withTokens(encoder.vocabularySize(), encoder.padding(), rank);
        LoadedModel small = fresh(whole, narrow, whole.tokenizer().copy(), device);
        Map<String, Parameter> sources = whole.parameters();
        NDArray table = sources.get(TOKENS).getArray();
        float[] weights = new float[counts.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = counts[i] + 1f;
        }
        try (GradientMode off = GradientMode.off();
                NDManager manager = table.getManager().newSubManager()) {
            NDList found =
                    new NDList(ImportanceKernel.directions(table, manager.create(weights), rank));
            found.attach(manager);
            NDArray rows = ImportanceKernel.coordinates(table, found.get(0), found.get(1));
            rows.attach(manager);
            Map<String, NDArray> made =
                    Map.of(
                            TOKENS,
                            rows,
                            "encoder.tokenMap.weight",
                            found.get(0),
                            "encoder.tokenMap.bias",
                            found.get(1));
            small.parameters()
                    .forEach(
                            (path, target) ->
                                    OptimizerKernel.copy(
                                            new NDArray[] {
                                                made.containsKey(path)
                                                        ? made.get(path)
                                                        : sources.get(path).getArray()
                                            },
                                            new NDArray[] {target.getArray()}));
        }
        return small;
    }

    /**
     * One model's body under another's head.
     *
     * @param dropout of embeddings and branches
     * @param head of the same width
     */
    public static LoadedModel underHead(
            LoadedModel body, LoadedModel head, double dropout, Device device) {
        ModelConfig config = body.config();
        LoadedModel made =
                LoadedModel.fresh(
                        body.name(),
                        ModelConfig.of(
                                config.architecture(),
                                encoder(body).withDropout(dropout),
                                head.config().task()),
                        body.tokenizer().copy(),
                        0,
                        device);
        Map<String, Parameter> bodies = body.parameters();
        Map<String, Parameter> heads = head.parameters();
        made.parameters()
                .forEach(
                        (path, target) ->
                                copy(
                                        (path.startsWith("head.") ? heads : bodies).get(path),
                                        target,
                                        null));
        return made;
    }

    private static LoadedModel fresh(
            LoadedModel whole, ModelOption model, TextTokenizer tokenizer, Device device) {
        ModelConfig config = whole.config();
        return LoadedModel.fresh(
                whole.name(),
                ModelConfig.of(config.architecture(), model, config.task()),
                tokenizer,
                0,
                device);
    }

    // What does not belong to the stacks, the token table by its rows.
    private static void copyOthers(LoadedModel from, LoadedModel to, long[] rows) {
        Set<String> stacks = Stacks.of((Part) to.block()).keySet();
        Map<String, Parameter> sources = from.parameters();
        to.parameters()
                .forEach(
                        (path, target) -> {
                            if (stacks.stream().noneMatch(s -> path.startsWith(s + "."))) {
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
