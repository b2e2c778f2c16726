package org.jzoo.examples.embedding;

import ai.djl.nn.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.training.loop.Evaluation;
import org.jzoo.zoo.document.DocumentVectors;
import org.jzoo.zoo.document.LongReader;
import org.jzoo.zoo.document.LongText;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * Cuts documents in halves of equally many characters, reads each half whole, and lets each look
 * for the other among the other halves of all documents: {@code found} is the share that finds it
 * first, {@code reciprocalRank} the mean of 1 / place. What is as near as the right one counts as
 * before it.
 */
public final class HalvesJudge implements Evaluation {

    /** The share of halves that find their other half first. */
    public static final String FOUND = "found";

    /** The mean of 1 / place. */
    public static final String RANK = "reciprocalRank";

    private final LoadedModel model;
    private final List<String> documents;

    HalvesJudge(LoadedModel model, List<String> documents) {
        this.model = model;
        this.documents = documents;
    }

    @Override
    public List<String> metricNames() {
        return List.of(FOUND, RANK);
    }

    /** Judges the model it was made for, whose block the argument is. */
    @Override
    public Map<String, Double> evaluate(Block block, Precision precision) {
        LongReader reader = LongReader.of(model).withPrecision(precision);
        return evaluate(documents, reader);
    }

    /** Judges vectors of any kind, of length 1. */
    public static Map<String, Double> evaluate(List<String> documents, DocumentVectors vectors) {
        List<float[]> firsts = new ArrayList<>();
        List<float[]> seconds = new ArrayList<>();
        try {
            for (String document : documents) {
                List<String> halves = halves(document);
                firsts.add(vectors.embed(LongText.of(halves.get(0))));
                seconds.add(vectors.embed(LongText.of(halves.get(1))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int n = firsts.size();
        double[][] products = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                products[i][j] = product(firsts.get(i), seconds.get(j));
            }
        }
        return of(products, products);
    }

    /**
     * Judges similarities.
     *
     * @param forth of the first half of a row's document with the second half of a column's
     * @param back of the same halves, the second one asked
     */
    public static Map<String, Double> of(double[][] forth, double[][] back) {
        double found = 0;
        double rank = 0;
        int n = forth.length;
        for (int i = 0; i < n; i++) {
            int before = 0;
            int beforeBack = 0;
            for (int j = 0; j < n; j++) {
                before += j != i && forth[i][j] >= forth[i][i] ? 1 : 0;
                beforeBack += j != i && back[j][i] >= back[i][i] ? 1 : 0;
            }
            found += (before == 0 ? 1 : 0) + (beforeBack == 0 ? 1 : 0);
            rank += 1.0 / (1 + before) + 1.0 / (1 + beforeBack);
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(FOUND, found / (2 * n));
        metrics.put(RANK, rank / (2 * n));
        return metrics;
    }

    /** A document's two halves. */
    static List<String> halves(String document) {
        int points = document.codePointCount(0, document.length());
        int cut = document.offsetByCodePoints(0, points / 2);
        return List.of(document.substring(0, cut), document.substring(cut));
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += (double) a[d] * b[d];
        }
        return sum;
    }
}
