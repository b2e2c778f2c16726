package org.jzoo.training.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;

/**
 * Adam with decoupled weight decay over named parameters, one fused call a step for each pair of
 * learning-rate factor and weight decay.
 *
 * <p>A parameter that never had a gradient is left alone: it neither moves nor decays.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019</a>, algorithm 2
 */
public final class AdamW implements AutoCloseable {

    /**
     * What the optimizer remembers of one parameter.
     *
     * @param first running mean of gradients, the parameter's shape
     * @param second running mean of squared gradients, the parameter's shape
     * @param steps a scalar counting the parameter's steps, float32
     */
    public record State(NDArray first, NDArray second, NDArray steps) {}

    private record Numbers(double rateFactor, double weightDecay) {}

    /** Parameters with the same numbers, as the kernel takes them. */
    private record Bucket(
            int start, NDArray[] parameters, NDArray[] first, NDArray[] second, NDArray[] steps) {}

    private final AdamWConfig config;
    private final NDManager manager;
    private final NDArray[] all;
    private final OptimizerKernel.Gradients gradients;
    private final Map<String, State> states = new LinkedHashMap<>();
    private final Map<Numbers, Bucket> buckets = new LinkedHashMap<>();

    /**
     * Starts with empty moments.
     *
     * @param parameters the trainable parameters by path, float32, at least one, each once
     * @param config the numbers
     * @throws IllegalArgumentException if there is no parameter, or a group's pattern matches none
     */
    public AdamW(Map<String, NDArray> parameters, AdamWConfig config) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("parameters must hold at least one, got none");
        }
        this.config = config;
        requireMatches(parameters, config);
        all = parameters.values().toArray(new NDArray[0]);
        manager = all[0].getManager().newSubManager(all[0].getDevice());
        parameters.forEach(
                (path, parameter) -> {
                    Shape shape = parameter.getShape();
                    states.put(path, new State(zeros(shape), zeros(shape), zeros(new Shape())));
                });
        Map<Numbers, List<String>> paths = new LinkedHashMap<>();
        for (String path : parameters.keySet()) {
            paths.computeIfAbsent(numbersOf(path), n -> new ArrayList<>()).add(path);
        }
        List<NDArray> inOrder = new ArrayList<>();
        paths.forEach(
                (numbers, members) -> {
                    Bucket bucket = bucket(inOrder.size(), members, parameters);
                    buckets.put(numbers, bucket);
                    inOrder.addAll(Arrays.asList(bucket.parameters()));
                });
        gradients = new OptimizerKernel.Gradients(inOrder.toArray(NDArray[]::new));
    }

    private static void requireMatches(Map<String, NDArray> parameters, AdamWConfig config) {
        for (ParameterGroup group : config.groups()) {
            if (parameters.keySet().stream()
                    .noneMatch(p -> PathPattern.matches(group.pattern(), p))) {
                throw new IllegalArgumentException(
                        "pattern must match a trainable parameter, got pattern=%s, parameters=%s"
                                .formatted(group.pattern(), parameters.keySet()));
            }
        }
    }

    private NDArray zeros(Shape shape) {
        return manager.zeros(shape, DataType.FLOAT32);
    }

    private Numbers numbersOf(String path) {
        ParameterGroup group =
                config.groups().stream()
                        .filter(g -> PathPattern.matches(g.pattern(), path))
                        .findFirst()
                        .orElse(new ParameterGroup("*", 1, 1));
        boolean decays = config.noDecay().stream().noneMatch(p -> PathPattern.matches(p, path));
        return new Numbers(
                group.learningRateFactor(),
                decays ? config.weightDecay() * group.weightDecayFactor() : 0);
    }

    private Bucket bucket(int start, List<String> paths, Map<String, NDArray> parameters) {
        List<State> members = paths.stream().map(states::get).toList();
        return new Bucket(
                start,
                paths.stream().map(parameters::get).toArray(NDArray[]::new),
                members.stream().map(State::first).toArray(NDArray[]::new),
                members.stream().map(State::second).toArray(NDArray[]::new),
                members.stream().map(State::steps).toArray(NDArray[]::new));
    }

    /** The numbers. */
    public AdamWConfig config() {
        return config;
    }

    /** What is remembered, by path; to be read and written while saving and loading. */
    public Map<String, State> states() {
        return Collections.unmodifiableMap(states);
    }

    /**
     * Adds a loss's gradients to those of this step, which are then kept here and not by the
     * parameters; any that those keep are left out of the step. Faster than {@link
     * GradientMode#backward(NDArray)}, and the same.
     *
     * @param loss a scalar that was computed from parameters while recording
     */
    public void backward(NDArray loss) {
        gradients.add(loss);
    }

    /**
     * Scales all gradients so that their global L2 norm is at most {@code maxNorm}.
     *
     * @param maxNorm positive, or 0 to leave them as they are
     * @param scope where the result gets attached
     * @return the norm before, a scalar
     */
    public NDArray clipGradients(double maxNorm, NDManager scope) {
        try (GradientMode off = GradientMode.off()) {
            NDArray norm = gradients.present() ? clipKept(maxNorm) : clipTheirs(maxNorm);
            norm.attach(scope);
            return norm;
        }
    }

    private NDArray clipKept(double maxNorm) {
        return maxNorm > 0 ? gradients.clip(maxNorm) : gradients.norm();
    }

    private NDArray clipTheirs(double maxNorm) {
        return maxNorm > 0
                ? OptimizerKernel.clipGradients(all, maxNorm)
                : OptimizerKernel.gradientNorm(all);
    }

    /**
     * Moves the parameters along their gradients.
     *
     * @param factor multiplies the learning rate, at least 0
     */
    public void step(double factor) {
        double rate = config.learningRate() * factor;
        try (GradientMode off = GradientMode.off()) {
            buckets.forEach((numbers, bucket) -> step(bucket, rate, numbers));
        }
    }

    private void step(Bucket b, double rate, Numbers numbers) {
        OptimizerKernel.AdamW step =
                new OptimizerKernel.AdamW(
                        rate * numbers.rateFactor(),
                        config.beta1(),
                        config.beta2(),
                        numbers.weightDecay(),
                        config.epsilon());
        if (gradients.present()) {
            gradients.adamW(b.parameters(), b.first(), b.second(), b.steps(), b.start(), step);
        } else {
            OptimizerKernel.adamW(b.parameters(), b.first(), b.second(), b.steps(), step);
        }
    }

    /** Sets all gradients to zero. */
    public void zeroGradients() {
        if (gradients.present()) {
            gradients.drop();
            return;
        }
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.zeroGradients(all);
        }
    }

    /**
     * Gives a gradient of zeros to each of these parameters that has none, as a step leaves it. So
     * does a training that is resumed find what it had before.
     */
    public static void createGradients(Collection<NDArray> parameters) {
        for (NDArray parameter : parameters) {
            try (NDArray zeros = parameter.zerosLike()) {
                GradientMode.backward(parameter, zeros);
            }
        }
    }

    @Override
    public void close() {
        gradients.close();
        manager.close();
    }
}
