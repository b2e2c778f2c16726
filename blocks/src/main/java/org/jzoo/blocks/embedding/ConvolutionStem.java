package org.jzoo.blocks.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * A few 3 × 3 convolutions of stride 2, each followed by a norm over groups of channels and GELU,
 * then an affine map: small pictures' tokens, overlapping where patches would cut things in two.
 *
 * <p>Shapes: input {@code (B, C, Hi, Wi)}, output {@code (B, N, D)} in float32 row by row, with a
 * token for each 2^k × 2^k pixels after k convolutions; convolution weights {@code (Cout, Cin, 3,
 * 3)} starting at N(0, √(2 / 9Cin)).
 *
 * @see <a href="https://arxiv.org/abs/2106.14881">Xiao et al. 2021, Early Convolutions Help
 *     Transformers See Better</a>
 */
public final class ConvolutionStem extends Part {

    private final ConvolutionStemOption option;
    private final int dim;

    ConvolutionStem(ConvolutionStemOption option, int dim) {
        this.option = option;
        this.dim = dim;
        int in = option.channels();
        for (int i = 0; i < option.widths().size(); i++) {
            int out = option.widths().get(i);
            child("convolution" + i, new Convolution(in, out, option.groups()));
            in = out;
        }
        child("projection", new Linear(in, dim, true));
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, C, Hi, Wi)
        option.grid(x.getShape());
        for (int i = 0; i < option.widths().size(); i++) {
            x = pass.run(part("convolution" + i), x);
        }
        NDArray y = pass.run(part("projection"), ImageKernel.tokens(x)); // (B, N, D)
        return list(LinearKernel.cast(y, Precision.FLOAT32));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {
            new Shape(inputShapes[0].get(0), option.grid(inputShapes[0]).size(), dim)
        };
    }

    /** One convolution with its norm and non-linearity. */
    private static final class Convolution extends Part {

        private static final int SIDE = 3;
        private static final int STRIDE = 2;

        private final int groups;
        private final Parameter weight;
        private final Parameter scale;
        private final Parameter shift;

        Convolution(int in, int out, int groups) {
            this.groups = groups;
            float deviation = (float) Math.sqrt(2.0 / (SIDE * SIDE * in));
            weight = declare("weight", new NormalInitializer(deviation), out, in, SIDE, SIDE);
            scale = declare("scale", Initializer.ONES, out);
            shift = declare("shift", Initializer.ZEROS, out);
        }

        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            NDArray x = inputs.singletonOrThrow(); // (B, Cin, Hi, Wi)
            return list(
                    ImageKernel.convolve(
                            x,
                            pass.value(weight, x),
                            pass.value(scale, x),
                            pass.value(shift, x),
                            STRIDE,
                            groups,
                            pass.precision()));
        }
    }
}
