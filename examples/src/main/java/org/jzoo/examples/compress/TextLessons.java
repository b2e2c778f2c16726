package org.jzoo.examples.compress;

import java.io.IOException;
import java.util.BitSet;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.examples.finetune.Teaching;
import org.jzoo.examples.finetune.TextBatches;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.training.compression.pruning.ChannelVariance;
import org.jzoo.training.compression.pruning.FirstOrder;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordPieceVocabulary;

/**
 * Labelled texts for a text encoder.
 *
 * @param data with the model's labels
 * @param training its device, seed and longest text are read
 * @param fewerTokens whether tokens that the training texts do not use are left out
 * @param channels by what channels are chosen
 */
record TextLessons(
        TextData data, FineTuneConfig training, boolean fewerTokens, ChannelScore channels)
        implements Lessons {

    private static final int IMPORTANCE_BATCH = 8;

    @Override
    public LoadedModel trimmed(LoadedModel whole) throws IOException {
        byte[] json = whole.tokenizer().json();
        if (!fewerTokens || !WordPieceVocabulary.isReducible(json)) {
            return whole;
        }
        BitSet used = new BitSet();
        eachToken(whole, id -> used.set((int) id));
        return SmallerModel.withVocabulary(
                whole, WordPieceVocabulary.keep(json, used), training.device());
    }

    private void eachToken(LoadedModel model, LongConsumer heard) throws IOException {
        try (TextTokenizer tokenizer = model.tokenizer().copy();
                Stream<TextExample> examples = data.train().stream()) {
            examples.forEach(
                    example -> {
                        for (long id : tokenizer.encode(example.text(), example.pair()).ids()) {
                            heard.accept(id);
                        }
                    });
        }
    }

    @Override
    public long[] tokenCounts(LoadedModel model) throws IOException {
        long[] counts = new long[SmallerModel.encoder(model).vocabularySize()];
        eachToken(model, id -> counts[(int) id]++);
        return counts;
    }

    @Override
    public Map<String, StackImportance> importance(LoadedModel model, int batches)
            throws IOException {
        try (EncodedDataset train = data.encoded(data.train(), model, training.maxLength())) {
            TextBatches few =
                    new TextBatches(
                            train, BatchingConfig.training(IMPORTANCE_BATCH, training.seed()));
            Part block = (Part) model.block();
            Map<String, StackImportance> found =
                    new FirstOrder(data.loss(), few, batches).ofAll(block);
            if (channels == ChannelScore.VARIANCE) {
                double[][] variances = new ChannelVariance(few, batches).of(block);
                found.replaceAll((stack, parts) -> parts.withChannels(variances));
            }
            return found;
        }
    }

    @Override
    public FineTuning training(FineTuneConfig how, LoadedModel student, Teaching teaching) {
        return new FineTune(how, data).startingFrom(task -> student).taughtBy(teaching);
    }

    @Override
    public Map<String, Double> measure(LoadedModel model) throws IOException {
        return data.judge(model, training.maxLength(), Precision.FLOAT32);
    }

    @Override
    public long numTested() {
        return data.test() == null ? 0 : data.test().count();
    }
}
