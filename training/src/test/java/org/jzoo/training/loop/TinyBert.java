package org.jzoo.training.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.ActivationKernel;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

/** A BERT classifier from parts: (B, T) ids to (B, C) logits. */
final class TinyBert extends Part {

    /** Sizes: vocabulary, width, heads, feed-forward width, layers, positions, classes. */
    record Sizes(int vocab, int dim, int heads, int inner, int layers, int positions, int classes) {

        static final Sizes SMALL = new Sizes(31, 12, 3, 20, 2, 10, 2);
    }

    private final double dropout;

    TinyBert(Sizes sizes, double dropout) {
        this.dropout = dropout;
        LayerNormOption norm = new LayerNormOption(1e-12);
        child("tokens", new TokenEmbedding(sizes.vocab(), sizes.dim(), 0));
        child("types", new TokenEmbedding(2, sizes.dim(), TokenEmbedding.NO_PADDING));
        child("positions", new LearnedPositionOption(sizes.positions()).create(sizes.dim()));
        child("norm", norm.create(sizes.dim()));
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(sizes.heads(), sizes.dim())
                                .optDropout(dropout)
                                .build(),
                        new DenseFeedForwardOption(sizes.inner(), Activation.GELU, true, 0),
                        norm,
                        NormPlacement.POST,
                        dropout);
        child(
                "body",
                new Transformer(
                        TransformerConfig.uniform(sizes.dim(), sizes.layers(), layer, null)));
        child("pooler", new Linear(sizes.dim(), sizes.dim(), true));
        child("classifier", new Linear(sizes.dim(), sizes.classes(), true));
    }

    /** A small classifier whose weights are those of a seed. */
    static TinyBert seeded(NDManager manager, long seed, double dropout) {
        PyTorch.seed(seed);
        TinyBert model = new TinyBert(Sizes.SMALL, dropout);
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        return model;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray ids = inputs.singletonOrThrow(); // (B, T)
        NDArray x = pass.run(part("tokens"), ids); // (B, T, D)
        x = LinearKernel.add(x, pass.run(part("types"), ids.zerosLike()));
        x = pass.run(part("positions"), x);
        x = pass.dropout(pass.run(part("norm"), x), dropout);
        NDArray first = EmbeddingKernel.first(pass.run(part("body"), x)); // (B, D)
        NDArray pooled = ActivationKernel.tanh(pass.run(part("pooler"), first)); // (B, D)
        return list(pass.run(part("classifier"), pass.dropout(pooled, dropout))); // (B, C)
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {new Shape(inputShapes[0].get(0), 2)};
    }
}
