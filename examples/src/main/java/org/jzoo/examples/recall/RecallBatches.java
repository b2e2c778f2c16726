package org.jzoo.examples.recall;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jzoo.datasets.Seeds;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/** Batches of one length each, made when they are asked for: the step's number says which. */
record RecallBatches(RecallText text, RecallConfig config, RecallVariant variant, long seed)
        implements Batches {

    private static final int STEPS_PER_EPOCH = 1000;
    private static final long TRAIN = 1_000_003;

    @Override
    public int size(int epoch) {
        return STEPS_PER_EPOCH;
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        int step = epoch * STEPS_PER_EPOCH + index;
        Random random = Seeds.random(seed * TRAIN, step);
        List<Integer> lengths = config.training().lengthsAt(step);
        int length = lengths.get(random.nextInt(lengths.size()));
        int rows = config.training().batchTokens() / length;
        List<RecallExample> examples = examples(length, rows, random);
        RecallBatch batch = RecallBatch.of(examples, variant.reach(length), manager);
        int chunkLength =
                variant.isWhole()
                        ? length
                        : config.training().aids().chunkLength(length, config.size(), random);
        NDList inputs = batch.lesson(chunkLength);
        NDArray labels = batch.labels();
        if (variant.looks(config) > 0) {
            int looks = 1;
            while (looks < variant.looks(config) && random.nextBoolean()) {
                looks++;
            }
            examples = examples.stream().map(example -> example.told(random)).toList();
            RecallLooks some = new RecallLooks(chunkLength, config.size().blockLength(), looks);
            inputs = RecallModel.lesson(examples, some, batch.kinds(), manager);
            labels = some.labels(examples, manager);
        }
        return TrainingBatch.builder()
                .setInputs(inputs)
                .optLabels(new NDList(labels))
                .setExamples(rows)
                .optTokens((long) rows * length)
                .build();
    }

    private List<RecallExample> examples(int length, int count, Random random) {
        List<RecallTask> urn = new ArrayList<>();
        for (RecallTask task : config.tasks()) {
            for (int i = 0; i < task.weight(); i++) {
                urn.add(task);
            }
        }
        List<RecallExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RecallTask task = urn.get(random.nextInt(urn.size()));
            examples.add(
                    RecallExample.learnt(task, length, text.train(), text.vocabulary(), random));
        }
        return examples;
    }
}
