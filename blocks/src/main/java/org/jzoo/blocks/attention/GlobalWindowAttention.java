package org.jzoo.blocks.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.AttentionKernel;
import org.jzoo.blocks.kernel.AttentionKernel.Scores;
import org.jzoo.blocks.kernel.GlobalTokens;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.WindowKernel;
import org.jzoo.blocks.kernel.WindowKernel.Everywhere;
import org.jzoo.blocks.kernel.WindowKernel.Window;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Each position attends to those near it and to the global tokens, in one softmax; global tokens
 * attend to all positions, with query, key and value maps of their own. With G global tokens time
 * and memory are O(T · (window + G)).
 *
 * <p>Shapes: input and output {@code (B, T, D)}; the seven maps {@code (D, D)}. The context's
 * global tokens {@code (B, T)} may differ in number from row to row; without any the global maps
 * have no part. Its mask {@code (B, T)} (true means attend) keeps padding out of every sum; at
 * padding the attention itself is zero. Asked for the capture "attention", it leaves its weights
 * {@code (B, H, T, T)} there and computes all pairs.
 *
 * @see <a href="https://arxiv.org/abs/2004.05150">Beltagy et al. 2020, Longformer</a>, section 3.1
 */
public final class GlobalWindowAttention extends Part {

    private final GlobalWindowOption option;

    GlobalWindowAttention(int dim, GlobalWindowOption option) {
        this.option = option;
        for (String name : new String[] {"query", "key", "value"}) {
            child(name, new Linear(dim, dim, option.bias()));
        }
        for (String name : new String[] {"globalQuery", "globalKey", "globalValue"}) {
            child(name, new Linear(dim, dim, option.bias()));
        }
        child("output", new Linear(dim, dim, option.bias()));
    }

    /** What this attention was built from. */
    public GlobalWindowOption option() {
        return option;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = LinearKernel.cast(inputs.singletonOrThrow(), pass.precision()); // (B, T, D)
        NDArray mask = pass.context().mask();
        if (mask != null && mask.getShape().dimension() != 2) {
            throw new IllegalArgumentException(
                    "mask must be (B, T) for attention in windows, got mask=" + mask.getShape());
        }
        NDArray tokens = pass.context().globalTokens();
        GlobalTokens globals = tokens == null ? null : GlobalTokens.of(tokens, mask);
        GlobalTokens some = globals == null || globals.count() == 0 ? null : globals;
        NDArray mixed = // (B, H, T, Dh)
                pass.context().captures(SelfAttention.WEIGHTS)
                        ? attendShown(x, some, mask, pass)
                        : attend(x, some, mask, pass);
        NDArray kept = GlobalTokens.only(mixed, mask);
        return list(pass.run(part("output"), AttentionKernel.mergeHeads(kept)));
    }

    private NDArray attend(NDArray x, GlobalTokens globals, NDArray mask, Pass pass) {
        NDArray near = attendNear(x, globals, mask, pass);
        return globals == null ? near : globals.putHeads(near, attendAll(x, globals, mask, pass));
    }

    private NDArray attendShown(NDArray x, GlobalTokens globals, NDArray mask, Pass pass) {
        NDArray q = heads("query", x, pass); // (B, H, T, Dh)
        NDArray k = heads("key", x, pass); // (B, H, T, Dh)
        NDArray v = heads("value", x, pass); // (B, H, T, Dh)
        NDArray tokens = globals == null ? null : globals.tokens();
        Scores near = Scores.masked(WindowKernel.pairs(x, window(), mask, tokens));
        NDArray[] shown = AttentionKernel.attendExplicit(q, k, v, near, dropout(pass));
        if (globals != null) {
            NDArray[] all =
                    AttentionKernel.attendExplicit(
                            heads("globalQuery", globals.pickFeatures(x), pass), // (B, H, G, Dh)
                            heads("globalKey", x, pass),
                            heads("globalValue", x, pass),
                            Scores.masked(mask),
                            dropout(pass));
            shown[0] = globals.putHeads(shown[0], all[0]);
            shown[1] = globals.putHeads(shown[1], all[1]);
        }
        pass.context().capture(SelfAttention.WEIGHTS, GlobalTokens.only(shown[1], mask));
        return shown[0];
    }

    private NDArray attendNear(NDArray x, GlobalTokens globals, NDArray mask, Pass pass) {
        NDArray q = heads("query", x, pass); // (B, H, T, Dh)
        NDArray k = heads("key", x, pass); // (B, H, T, Dh)
        NDArray v = heads("value", x, pass); // (B, H, T, Dh)
        Window window = window();
        if (globals == null) {
            return WindowKernel.attend(q, k, v, window, mask, dropout(pass), null);
        }
        Everywhere everywhere =
                new Everywhere(globals.pickHeads(k), globals.pickHeads(v), globals.real());
        return WindowKernel.attendBeside(
                q, k, v, window, globals.others(mask), everywhere, dropout(pass));
    }

    private NDArray attendAll(NDArray x, GlobalTokens globals, NDArray mask, Pass pass) {
        NDArray q = heads("globalQuery", globals.pickFeatures(x), pass); // (B, H, G, Dh)
        NDArray k = heads("globalKey", x, pass); // (B, H, T, Dh)
        NDArray v = heads("globalValue", x, pass); // (B, H, T, Dh)
        return AttentionKernel.attendHeads(q, k, v, Scores.masked(mask), dropout(pass));
    }

    private Window window() {
        return Window.centered(option.window() / 2);
    }

    private NDArray heads(String map, NDArray x, Pass pass) {
        return AttentionKernel.splitHeads(pass.run(part(map), x), option.numHeads());
    }

    private double dropout(Pass pass) {
        return pass.training() ? option.dropout() : 0;
    }
}
