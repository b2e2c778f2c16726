package org.jzoo.training.compression.distillation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.training.loss.Loss;

/**
 * {@code α · loss(outputs, labels) + (1 - α) · T² · KL(softmax(teacher / T) ‖ softmax(student /
 * T))}: the last of the labels is what the teacher said, {@code (B, C)}, as {@link TaughtBatches}
 * adds it. For numbers, one output each, the second term is {@code (1 - α) · (teacher - student)²}.
 *
 * @see <a href="https://arxiv.org/abs/1503.02531">Hinton et al. 2015, Distilling the Knowledge in a
 *     Neural Network</a>
 */
public final class Distillation implements Loss {

    private final Loss task;
    private final double alpha;
    private final double temperature;

    /**
     * Creates the loss.
     *
     * @param task of the labels
     * @param alpha its share, in [0, 1]
     * @param temperature of both distributions (T), above 0
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Distillation(Loss task, double alpha, double temperature) {
        if (!(alpha >= 0 && alpha <= 1) || !(temperature > 0)) {
            throw new IllegalArgumentException(
                    "alpha must be in [0, 1] and temperature > 0, got alpha=%s, temperature=%s"
                            .formatted(alpha, temperature));
        }
        this.task = task;
        this.alpha = alpha;
        this.temperature = temperature;
    }

    @Override
    public NDArray compute(NDList outputs, NDList labels, ForwardContext context) {
        int last = labels.size() - 1;
        NDArray student = outputs.get(0); // (B, C)
        NDArray teacher = labels.get(last); // (B, C)
        if (!student.getShape().equals(teacher.getShape())) {
            throw new IllegalArgumentException(
                    "teacher and student must answer alike, got teacher %s, student %s"
                            .formatted(teacher.getShape(), student.getShape()));
        }
        NDArray taught =
                student.getShape().tail() == 1
                        ? LossKernel.meanSquaredError(student, teacher)
                        : LossKernel.distillation(student, teacher, temperature);
        if (alpha == 0) {
            return taught;
        }
        NDArray own = task.compute(outputs, labels.subNDList(0, last), context);
        return alpha == 1
                ? own
                : LinearKernel.add(
                        LossKernel.scale(own, alpha), LossKernel.scale(taught, 1 - alpha));
    }
}
