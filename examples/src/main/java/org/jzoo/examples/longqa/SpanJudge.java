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
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.J3Reader;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * Asks a model questions about whole documents and compares its words with the answers: exact match
 * and F1 as SQuAD has them. Where the model says that there is no answer, its best one counts all
 * the same. Documents are read whole: short ones several at once, those of more tokens than are
 * read at once chunk by chunk, in memory that does not grow with them.
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
     * @param batchTokens tokens that are read at once
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
            List<Integer> rows = order.subList(from, to);
            if (fits(1, rows.get(0))) {
                answer(rows, model, precision, answers);
            } else {
                SpanExample example = examples.get(rows.get(0));
                float[] logits = streamed(example, (J3Model) model, precision);
                answers[rows.get(0)] = words(example, logits, 0);
            }
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
                answers[rows.get(b)] = words(examples.get(rows.get(b)), flat, 2 * b * longest);
            }
        }
    }

    /** The logits (N, 2) of a document that is read chunk by chunk. */
    private float[] streamed(SpanExample example, J3Model model, Precision precision) {
        long[] ids = example.tokens().ids();
        float[] logits = new float[2 * ids.length];
        try (NDManager manager = PyTorch.engine().newBaseManager(device);
                J3Reader reader = new J3Reader(model, manager, precision, example.question())) {
            for (int from = 0; from < ids.length; from += reader.chunkLength()) {
                int to = Math.min(ids.length, from + reader.chunkLength());
                float[][] chunk = reader.read(Arrays.copyOfRange(ids, from, to));
                for (int t = from; t < to; t++) {
                    System.arraycopy(chunk[t - from], 0, logits, 2 * t, 2);
                }
            }
        }
        return logits;
    }

    private static String words(SpanExample example, float[] logits, int offset) {
        int[] best = best(logits, offset, example.length());
        return best == null ? "" : example.words(best[0], best[1]);
    }

    /** The best span of at most {@link LongReader#ANSWER_TOKENS} tokens. */
    private static int[] best(float[] logits, int offset, int length) {
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
