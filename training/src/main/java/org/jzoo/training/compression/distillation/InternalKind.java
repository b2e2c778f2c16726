package org.jzoo.training.compression.distillation;

import ai.djl.ndarray.NDArray;
import org.jzoo.blocks.attention.SelfAttention;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.transformer.Transformer;

/** What of a layer a student is taught to do alike, and how far apart two are. */
public enum InternalKind {

    /**
     * Hidden states (B, T, D), of equal widths: the mean square of the difference. Index 0 is what
     * goes into the first layer, index l what layer l, counted from 1, gives.
     *
     * @see <a href="https://arxiv.org/abs/1909.10351">Jiao et al. 2020, TinyBERT</a>, equation 8
     */
    HIDDEN(Transformer.HIDDEN),

    /**
     * Hidden states as {@link #HIDDEN}, over the mean square of the teacher's: where norms stand
     * before branches, states grow from layer to layer, and the last would count for all.
     */
    HIDDEN_SHARE(Transformer.HIDDEN),

    /**
     * Attention weights (B, H, T, S), of as many heads: the divergence of the teacher's from the
     * student's. Fused attention is switched off for it.
     */
    ATTENTION(SelfAttention.WEIGHTS),

    /** How queries relate to each other; see {@link #VALUES}. */
    QUERIES(SelfAttention.QUERIES),

    /** How keys relate to each other; see {@link #VALUES}. */
    KEYS(SelfAttention.KEYS),

    /**
     * How values relate to each other: the divergence of {@code softmax(v vᵀ / √d)}, whatever the
     * widths and numbers of heads.
     *
     * @see <a href="https://arxiv.org/abs/2012.15828">Wang et al. 2021, MiniLMv2</a>
     */
    VALUES(SelfAttention.VALUES);

    private final String capture;

    InternalKind(String capture) {
        this.capture = capture;
    }

    /** The capture under which parts leave it. */
    public String capture() {
        return capture;
    }

    /** The name under which a layer's is found in a context. */
    String path(int layer) {
        return "layers." + layer + "." + capture;
    }

    NDArray distance(NDArray student, NDArray teacher, int heads, NDArray mask) {
        return switch (this) {
            case HIDDEN -> LossKernel.hiddenDistance(student, teacher, mask);
            case HIDDEN_SHARE -> LossKernel.hiddenShare(student, teacher, mask);
            case ATTENTION -> LossKernel.attentionDivergence(student, teacher, mask);
            case QUERIES, KEYS, VALUES ->
                    LossKernel.relationDivergence(student, teacher, heads, mask);
        };
    }
}
