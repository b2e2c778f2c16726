package org.jzoo.zoo.translator;

import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import org.jzoo.zoo.translator.Query.Tokenized;

/** Logits (B, labels) to probabilities by label. */
record ClassificationReading(List<String> labels) implements Reading<Classifications> {

    @Override
    public List<Classifications> read(List<Tokenized> queries, NDArray output) {
        return Reading.rows(output).stream()
                .map(row -> Reading.softmax(row, 0, row.length))
                .map(p -> new Classifications(labels, Arrays.stream(p).boxed().toList()))
                .toList();
    }
}
