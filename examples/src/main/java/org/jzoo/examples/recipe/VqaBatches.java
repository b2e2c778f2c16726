package org.jzoo.examples.recipe;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.datasets.Seeds;
import org.jzoo.examples.recipe.VqaSet.Asked;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/**
 * Training batches: pictures with all their questions. Some questions lose their picture or their
 * words, some get noise for a picture or an empty question; where the configuration says so,
 * pictures are mirrored. Labels are the answers (B) and what the gate shall trust (B): the column
 * of the sound modality, or {@link LossKernel#IGNORE}.
 */
final class VqaBatches implements Batches {

    private final VqaSet set;
    private final VqaConfig config;

    VqaBatches(VqaSet set, VqaConfig config) {
        this.set = set;
        this.config = config;
    }

    @Override
    public int size(int epoch) {
        return Math.floorDiv(set.size() - 1, config.batchPictures()) + 1;
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < set.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, Seeds.random(config.seed(), epoch));
        int from = index * config.batchPictures();
        int to = Math.min(set.size(), from + config.batchPictures());
        Random random = Seeds.random(config.seed() + 1, (long) epoch * size(epoch) + index);
        int noise = set.size() + random.nextInt(VqaSet.NOISE);
        List<Integer> pictures = order.subList(from, to);
        Mirrors mirrors = config.mirrored() ? new Mirrors(pictures, random) : null;
        VqaInputs inputs = new VqaInputs(set, mirrors);
        List<Long> answers = new ArrayList<>();
        List<Long> trusted = new ArrayList<>();
        for (int picture : pictures) {
            for (Asked asked : set.questions(picture)) {
                trusted.add((long) add(inputs, asked, noise, random.nextDouble()));
                int answer = mirrors == null ? asked.answer() : mirrors.answer(set.data(), asked);
                answers.add((long) answer);
            }
        }
        NDList labels =
                new NDList(
                        manager.create(answers.stream().mapToLong(a -> a).toArray()),
                        manager.create(trusted.stream().mapToLong(t -> t).toArray()));
        return TrainingBatch.builder()
                .setInputs(inputs.arrays(manager))
                .setExamples(inputs.size())
                .optLabels(labels)
                .optTokens(inputs.tokens())
                .build();
    }

    /** Adds a question as the draw in [0, 1) has it, and returns what the gate shall trust. */
    private int add(VqaInputs inputs, Asked asked, int noise, double draw) {
        double lost = config.variant().hasBoth() ? config.lost() : 0;
        if (draw < lost) {
            inputs.add(asked.text(), asked.picture(), true, false);
        } else if (draw < 2 * lost) {
            inputs.add(asked.text(), asked.picture(), false, true);
        } else if (draw < 2.5 * lost) {
            inputs.add(asked.text(), noise, true, true);
            return FusionKernel.TEXT;
        } else if (draw < 3 * lost) {
            inputs.add(VqaSet.EMPTY, asked.picture(), true, true);
            return FusionKernel.IMAGE;
        } else {
            inputs.add(asked.text(), asked.picture(), true, true);
        }
        return LossKernel.IGNORE;
    }
}
