package org.jzoo.zoo.translator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.zoo.j1.Answer;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.j1.VisualQuestion;

/**
 * Reads answers: logits (B, answers), the gate's weights (B, 2) if there is one, and the attention
 * over patches (B, P) if there is one.
 */
record AnswerReading(J1Config config, List<String> labels) implements QuestionBatch.Reader<Answer> {

    @Override
    public List<Answer> read(List<VisualQuestion> questions, NDList outputs) {
        List<float[]> logits = Reading.rows(outputs.get(0));
        boolean gated = config.gate() != null;
        List<float[]> gates = gated ? Reading.rows(outputs.get(1)) : null;
        int after = gated ? 2 : 1;
        NDArray attention = outputs.size() > after ? outputs.get(after) : null; // (B, P)
        List<float[]> shares = attention == null ? null : Reading.rows(attention);
        List<Answer> answers = new ArrayList<>();
        for (int b = 0; b < questions.size(); b++) {
            double[] p = Reading.softmax(logits.get(b), 0, labels.size());
            Map<String, Double> probabilities = new LinkedHashMap<>();
            for (int i = 0; i < p.length; i++) {
                probabilities.put(labels.get(i), p[i]);
            }
            VisualQuestion question = questions.get(b);
            boolean looked = shares != null && question.image() != null && question.text() != null;
            answers.add(
                    new Answer(
                            probabilities,
                            gated ? gates.get(b)[FusionKernel.TEXT] : Double.NaN,
                            gated ? gates.get(b)[FusionKernel.IMAGE] : Double.NaN,
                            looked ? grid(shares.get(b)) : null));
        }
        return answers;
    }

    private float[][] grid(float... shares) {
        Grid grid = config.image().merged();
        float[][] rows = new float[grid.rows()][grid.columns()];
        for (int i = 0; i < shares.length; i++) {
            rows[i / grid.columns()][i % grid.columns()] = shares[i];
        }
        return rows;
    }
}
