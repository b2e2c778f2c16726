package org.jzoo.examples.longqa;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.datasets.document.DocumentQuestion;
import org.jzoo.training.loop.Evaluation;
import org.jzoo.training.metric.AnswerF1;
import org.jzoo.training.metric.ExactMatch;
import org.jzoo.zoo.document.LongReader;
import org.jzoo.zoo.document.TextTokens;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * Asks a model questions about whole documents and compares its words with the answers: exact match
 * and F1 as SQuAD has them. Where the model says that there is no answer, its best one counts all
 * the same. Documents are read whole, several at once.
 */
public final class SpanJudge implements Evaluation {

    private static final long BATCH_TOKENS = 1 << 15;

    private final List<SpanExample> examples;
    private final long padding;
    private final long batchTokens;
    private final Device device;

    /**
     * Prepares a judge.
     *
     * @param padding the token that fills up shorter documents
     * @param batchTokens tokens that are read at once, at least those of one document
     * @param device of the model
     */
    public SpanJudge(List<SpanExample> examples, long padding, long batchTokens, Device device) {
        this.examples = List.copyOf(examples);
        this.padding = padding;
        this.batchTokens = batchTokens;
        this.device = device;
    }

    /**
     * A judge of a model by questions about whole documents.
     *
     * @param model a J3 for answers
     * @param questions at least one
     */
    public static SpanJudge of(LoadedModel model, List<DocumentQuestion> questions, Device device) {
        return new SpanJudge(
                SpanData.whole(questions, TextTokens.of(model.tokenizer())),
                Math.max(0, model.config().textModel().padding()),
                BATCH_TOKENS,
                device);
    }

    @Override
    public Map<String, Double> evaluate(Block model, Precision precision) {
        ExactMatch exact = ExactMatch.normalized();
        AnswerF1 overlap = new AnswerF1();
        List<String> answers = answers(model, precision);
        List<List<String>> accepted = examples.stream().map(e -> List.of(e.answer())).toList();
        exact.add(answers, accepted);
        overlap.add(answers, accepted);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(exact.name(), exact.value());
        metrics.put(overlap.name(), overlap.value());
        return metrics;
    }

    /** The model's answers in the order of the examples. */
    public List<String> answers(Block model, Precision precision) {
        String[] answers = new String[examples.size()];
        List<Integer> order =
                IntStream.range(0, answers.length)
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> examples.get(i).length()))
                        .toList();
        for (int from = 0; from < order.size(); ) {
            int to = from + 1;
            while (to < order.size() && fits(to - from + 1, order.get(to))) {
                to++;
            }
            answer(order.subList(from, to), model, precision, answers);
            from = to;
        }
        return Arrays.asList(answers);
    }

    private boolean fits(int rows, int longest) {
        return (long) rows * examples.get(longest).length() <= batchTokens;
    }

    private void answer(List<Integer> rows, Block model, Precision precision, String[] answers) {
        List<long[]> texts = new ArrayList<>();
        List<long[]> questions = new ArrayList<>();
        rows.forEach(row -> texts.add(examples.get(row).tokens().ids()));
        rows.forEach(row -> questions.add(examples.get(row).question()));
        try (NDManager manager = PyTorch.engine().newBaseManager(device);
                GradientMode off = GradientMode.off()) {
            NDArray logits = // (B, N, 2)
                    model.forward(
                                    new ParameterStore(manager, false),
                                    SpanBatches.inputs(texts, questions, padding, manager),
                                    false,
                                    new ForwardContext().withPrecision(precision).asParams())
                            .singletonOrThrow();
            int longest = Math.toIntExact(logits.getShape().get(1));
            float[] flat = logits.toFloatArray();
            for (int b = 0; b < rows.size(); b++) {
                SpanExample example = examples.get(rows.get(b));
                int[] best = best(flat, 2 * b * longest, example.length());
                answers[rows.get(b)] = best == null ? "" : example.words(best[0], best[1]);
            }
        }
    }

    /** The best span of at most {@link LongReader#ANSWER_TOKENS} tokens. */
    private int[] best(float[] logits, int offset, int length) {
        double score = Double.NEGATIVE_INFINITY;
        int[] best = null;
        for (int first = 0; first < length; first++) {
            int limit = Math.min(length, first + LongReader.ANSWER_TOKENS);
            for (int last = first; last < limit; last++) {
                double sum = (double) logits[offset + 2 * first] + logits[offset + 2 * last + 1];
                if (sum > score) {
                    score = sum;
                    best = new int[] {first, last};
                }
            }
        }
        return best;
    }
}
