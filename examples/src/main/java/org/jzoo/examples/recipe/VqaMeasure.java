package org.jzoo.examples.recipe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.examples.recipe.VqaSet.Asked;

/** Asks a model the test questions, whole and with one modality spoilt or taken away. */
final class VqaMeasure {

    private static final int PICTURES = 50;

    private final Block model;
    private final Precision precision;
    private final NDManager manager;

    /** One question, its answer by the model, and the gate's weight of the image. */
    private record Judged(Asked asked, boolean right, double image) {}

    VqaMeasure(Block model, Precision precision, NDManager manager) {
        this.model = model;
        this.precision = precision;
        this.manager = manager;
    }

    /** Accuracies by kind of question and of wording. */
    Map<String, Double> whole(VqaSet test) {
        List<Judged> all = ask(test, (inputs, q) -> inputs.add(q.text(), q.picture(), true, true));
        Map<String, Double> figures = new LinkedHashMap<>();
        List<String> kinds = test.data().kinds();
        for (String kind : kinds) {
            figures.put(kind, accuracy(all, q -> q.kind().equals(kind) && !q.unseen()));
        }
        figures.put("all", accuracy(all, q -> !q.unseen()));
        for (String kind : kinds) {
            figures.put("unseen " + kind, accuracy(all, q -> q.kind().equals(kind) && q.unseen()));
        }
        figures.put("unseen", accuracy(all, Asked::unseen));
        return figures;
    }

    /** Accuracies with one modality taken away, and the gate's weights. */
    Map<String, Double> spoilt(VqaSet test, VqaSet shuffled) {
        int noise = test.size();
        List<Judged> whole =
                ask(test, (inputs, q) -> inputs.add(q.text(), q.picture(), true, true));
        List<Judged> noImage =
                ask(test, (inputs, q) -> inputs.add(q.text(), q.picture(), true, false));
        List<Judged> noText =
                ask(test, (inputs, q) -> inputs.add(q.text(), q.picture(), false, true));
        List<Judged> noisy =
                ask(
                        test,
                        (inputs, q) ->
                                inputs.add(
                                        q.text(), noise + q.picture() % VqaSet.NOISE, true, true));
        List<Judged> mixed =
                ask(shuffled, (inputs, q) -> inputs.add(q.text(), q.picture(), true, true));
        List<Judged> blank =
                ask(test, (inputs, q) -> inputs.add(VqaSet.EMPTY, q.picture(), true, true));
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("without image", accuracy(noImage, q -> !q.unseen()));
        figures.put("without text", accuracy(noText, q -> !q.unseen()));
        figures.put("image weight", weight(whole));
        figures.put("image weight, noise", weight(noisy));
        figures.put("image weight, shuffled pixels", weight(mixed));
        figures.put("image weight, no image", weight(noImage));
        figures.put("text weight", 1 - weight(whole));
        figures.put("text weight, blank question", 1 - weight(blank));
        figures.put("text weight, no text", 1 - weight(noText));
        return figures;
    }

    private static double accuracy(List<Judged> judged, Predicate<Asked> which) {
        return judged.stream()
                .filter(j -> which.test(j.asked()))
                .mapToDouble(j -> j.right() ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    private static double weight(List<Judged> judged) {
        return judged.stream().mapToDouble(Judged::image).average().orElse(Double.NaN);
    }

    private List<Judged> ask(VqaSet set, BiConsumer<VqaInputs, Asked> how) {
        List<Judged> judged = new ArrayList<>();
        try (GradientMode off = GradientMode.off()) {
            for (int from = 0; from < set.size(); from += PICTURES) {
                VqaInputs inputs = new VqaInputs(set);
                List<Asked> asked = new ArrayList<>();
                for (int n = from; n < Math.min(set.size(), from + PICTURES); n++) {
                    for (Asked question : set.questions(n)) {
                        how.accept(inputs, question);
                        asked.add(question);
                    }
                }
                judge(inputs, asked, judged);
            }
        }
        return judged;
    }

    private void judge(VqaInputs inputs, List<Asked> asked, List<Judged> judged) {
        try (NDManager scope = manager.newSubManager()) {
            ForwardContext context = new ForwardContext().withPrecision(precision);
            NDList outputs =
                    model.forward(
                            new ParameterStore(scope, false),
                            inputs.arrays(scope),
                            false,
                            context.asParams());
            NDArray logits = outputs.get(0); // (B, answers)
            long[] answers = logits.argMax(1).toLongArray();
            float[] gate = outputs.size() > 1 ? outputs.get(1).toFloatArray() : null;
            for (int b = 0; b < answers.length; b++) {
                double image = gate == null ? Double.NaN : gate[2 * b + FusionKernel.IMAGE];
                judged.add(new Judged(asked.get(b), answers[b] == asked.get(b).answer(), image));
            }
        }
    }
}
