package org.jzoo.examples.recipe;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.part.Part;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.examples.finetune.Teaching;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.ParameterReport;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.loss.Loss;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;

/** A small J1 that learns from generated questions, and from a teacher where it has one. */
final class VqaStudent implements FineTuning {

    private final VqaLessons lessons;
    private final FineTuneConfig how;
    private final LoadedModel student;
    private final Teaching teaching;
    private final TrainingLoop.Builder loop;

    VqaStudent(
            VqaLessons lessons,
            FineTuneConfig how,
            LoadedModel student,
            Teaching teaching,
            Batches batches) {
        this.lessons = lessons;
        this.how = how;
        this.student = student;
        this.teaching = teaching;
        Loss own = new VqaLoss(lessons.config().teaching());
        loop =
                new VqaTraining(
                                how.epochs(),
                                how.learningRate(),
                                how.weightDecay(),
                                how.warmupShare(),
                                how.precision(),
                                how.seed())
                        .loop(
                                student.block(),
                                batches,
                                teaching == null ? own : teaching.loss(own));
        if (how.work() != null) {
            loop.optCheckpointFolder(how.work()).optResume(how.resume());
        }
    }

    @Override
    public FineTuning with(TrainingCallback callback) {
        loop.optCallback(callback);
        return this;
    }

    @Override
    public FineTuning with(StopSignal signal) {
        loop.optStopSignal(signal);
        return this;
    }

    @Override
    public FineTuned run() {
        String parameters = ParameterReport.of((Part) student.block()).line();
        TrainingResult result = loop.build().run();
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (!result.interrupted()) {
            metrics.putAll(lessons.measure(student));
        }
        return new FineTuned(
                student, result, metrics, null, parameters, "no question was too long to be read");
    }

    @Override
    public ModelCard.Builder describe(FineTuned tuned) {
        return VqaStudentCard.of(lessons, how, teaching, tuned);
    }
}
