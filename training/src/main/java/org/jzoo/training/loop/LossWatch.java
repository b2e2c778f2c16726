package org.jzoo.training.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Reads losses and gradient norms from the device, so late that a GPU need not wait and so early
 * that no evaluation or checkpoint comes between a bad step and its discovery.
 */
final class LossWatch {

    /** A step whose numbers are still on the device. */
    static final class Step implements AutoCloseable {

        private final NDManager manager;
        private final List<NDArray> losses = new ArrayList<>();
        private final List<NDArray> auxiliary = new ArrayList<>();
        private final List<Double> shares = new ArrayList<>();
        private final List<long[]> rows = new ArrayList<>();
        private NDArray norm;
        private StepReport report;

        Step(NDManager parent) {
            manager = parent.newSubManager();
        }

        /** Notes a batch: its loss, the auxiliary part or null, and its share of the step. */
        void add(NDArray loss, NDArray auxiliaryLoss, double share, long[] batchRows) {
            losses.add(detached(loss));
            if (auxiliaryLoss != null) {
                auxiliary.add(detached(auxiliaryLoss));
            }
            shares.add(share);
            rows.add(batchRows);
        }

        // Without its graph, which would keep activations alive.
        private NDArray detached(NDArray scalar) {
            NDArray detached = scalar.stopGradient();
            detached.attach(manager);
            return detached;
        }

        /** The manager in which the step's numbers live. */
        NDManager manager() {
            return manager;
        }

        /** Notes the rest; the report's loss, auxiliary loss and norm are still to be read. */
        void complete(NDArray gradientNorm, StepReport unread) {
            norm = gradientNorm;
            report = unread;
        }

        private StepReport read(Path checkpoint) {
            double loss = sum(losses);
            double gradientNorm = norm.toFloatArray()[0];
            require("loss", loss, checkpoint);
            require("gradientNorm", gradientNorm, checkpoint);
            return new StepReport(
                    report.step(),
                    report.totalSteps(),
                    report.epoch(),
                    report.epochs(),
                    loss,
                    sum(auxiliary),
                    gradientNorm,
                    report.learningRate(),
                    report.examples(),
                    report.tokens(),
                    report.seconds());
        }

        private double sum(List<NDArray> scalars) {
            double sum = 0;
            for (int i = 0; i < scalars.size(); i++) {
                sum += shares.get(i) * scalars.get(i).toFloatArray()[0];
            }
            return sum;
        }

        private void require(String what, double value, Path checkpoint) {
            if (!Double.isFinite(value)) {
                long[] all = rows.stream().flatMapToLong(LongStream::of).toArray();
                throw new DivergenceException(what, value, report.step(), all, checkpoint);
            }
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    private final int lag;
    private final Deque<Step> pending = new ArrayDeque<>();

    /**
     * Creates a watch.
     *
     * @param lag steps whose numbers may stay unread while the next one is made
     */
    LossWatch(int lag) {
        this.lag = lag;
    }

    /**
     * Takes a step and reads those that are due.
     *
     * @throws DivergenceException if one of them is not finite
     */
    List<StepReport> add(Step step, Path checkpoint) {
        pending.add(step);
        return read(lag, checkpoint);
    }

    /** Reads all that is left; see {@link #add}. */
    List<StepReport> readAll(Path checkpoint) {
        return read(0, checkpoint);
    }

    private List<StepReport> read(int leave, Path checkpoint) {
        List<StepReport> reports = new ArrayList<>();
        while (pending.size() > leave) {
            try (Step step = pending.remove()) {
                reports.add(step.read(checkpoint));
            }
        }
        return reports;
    }
}
