package org.jzoo.examples.finetune;

import ai.djl.modality.Classifications;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.training.metric.ClassMetric;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.metric.Metric;
import org.jzoo.zoo.document.LongReader;
import org.jzoo.zoo.document.LongText;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ClassificationTask;

/**
 * Measures a J3 on labelled documents that it reads whole, one after the other, as {@link
 * LongReader} does for applications: the figures of {@link Judge}.
 */
public final class DocumentJudge {

    private final LoadedModel model;
    private final TextSource documents;
    private final LabelSet labels;
    private final ConfusionMatrix confusion;

    /**
     * Prepares a judge.
     *
     * @param model for which {@link #reads} is true
     * @param labels of the model, in the order of its outputs
     */
    public DocumentJudge(LoadedModel model, TextSource documents, LabelSet labels) {
        this.model = model;
        this.documents = documents;
        this.labels = labels;
        confusion = new ConfusionMatrix(labels.names());
    }

    /** Whether a model labels single texts of any length. */
    public static boolean reads(LoadedModel model) {
        return model.block() instanceof J3Model
                && model.config().task() instanceof ClassificationTask task
                && !task.pair();
    }

    /**
     * Measures.
     *
     * @throws UncheckedIOException if a document cannot be read
     */
    public Map<String, Double> evaluate(Precision precision) {
        LongReader reader = LongReader.of(model).withPrecision(precision);
        List<ClassMetric> metrics = Judge.metrics(labels.names());
        confusion.reset();
        double loss = 0;
        try (Stream<TextExample> examples = documents.stream()) {
            for (Iterator<TextExample> i = examples.iterator(); i.hasNext(); ) {
                TextExample example = i.next();
                int[] expected = {labels.id(documents, example)};
                Classifications answer = reader.classify(LongText.of(example.text()));
                int[] found = {labels.id(answer.best().getClassName())};
                loss -= Math.log(answer.getProbabilities().get(expected[0]));
                metrics.forEach(metric -> metric.add(found, expected));
                confusion.add(found, expected);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("loss", loss / confusion.total());
        metrics.stream().map(Metric.class::cast).forEach(m -> values.put(m.name(), m.value()));
        return values;
    }

    /** What the last evaluation counted. */
    public ConfusionMatrix confusion() {
        return confusion;
    }
}
