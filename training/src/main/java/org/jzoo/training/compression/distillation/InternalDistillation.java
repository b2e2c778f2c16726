package org.jzoo.training.compression.distillation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.training.loss.Loss;

/**
 * {@code outputs + Σ weight · distance(student's internals, teacher's)}: the last of the labels are
 * the teacher's internals, one for each term, as {@link TaughtInternals} adds them.
 *
 * @see <a href="https://arxiv.org/abs/1412.6550">Romero et al. 2015, FitNets</a>
 * @see <a href="https://arxiv.org/abs/1909.10351">Jiao et al. 2020, TinyBERT</a>
 */
public final class InternalDistillation implements Loss {

    private final Loss outputs;
    private final List<InternalTerm> terms;

    /**
     * Creates the loss.
     *
     * @param outputs of the outputs and the other labels; null for none
     * @param terms at least one
     * @throws IllegalArgumentException if there is no term
     */
    public InternalDistillation(Loss outputs, List<InternalTerm> terms) {
        this.outputs = outputs;
        this.terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("terms must hold at least one, got none");
        }
    }

    @Override
    public Set<String> captures() {
        return terms.stream().map(t -> t.kind().capture()).collect(Collectors.toSet());
    }

    @Override
    public NDArray compute(NDList given, NDList labels, ForwardContext context) {
        int first = labels.size() - terms.size();
        Map<String, NDArray> captured = context.captured();
        NDArray sum = null;
        for (int i = 0; i < terms.size(); i++) {
            InternalTerm term = terms.get(i);
            NDArray distance =
                    term.kind()
                            .distance(
                                    internal(captured, term.kind(), term.studentLayer()),
                                    labels.get(first + i),
                                    term.heads(),
                                    context.mask());
            NDArray scaled = LossKernel.scale(distance, term.weight());
            sum = sum == null ? scaled : LinearKernel.add(sum, scaled);
        }
        return outputs == null
                ? sum
                : LinearKernel.add(
                        outputs.compute(given, labels.subNDList(0, first), context), sum);
    }

    /** A layer's internal; its name says nothing of where in the model the stack is. */
    static NDArray internal(Map<String, NDArray> captured, InternalKind kind, int layer) {
        String path = kind.path(layer);
        NDArray found = captured.get(path);
        if (found == null) {
            throw new IllegalArgumentException(
                    "layer must be one that the model has, got %s; there are %s"
                            .formatted(path, captured.keySet()));
        }
        return found;
    }
}
