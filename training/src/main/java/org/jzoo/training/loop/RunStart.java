package org.jzoo.training.loop;

import ai.djl.Device;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;

/**
 * What is known when a training starts.
 *
 * @param parameters how many numbers learn
 * @param config how it runs
 * @param optimizer the optimizer's numbers
 * @param schedule the learning rate's way
 * @param totalSteps steps from the very beginning to the end
 * @param resumedStep the step after which a resumed training goes on, 0 for a new one
 * @param device where it runs
 */
public record RunStart(
        ParameterReport parameters,
        TrainingConfig config,
        AdamWConfig optimizer,
        Schedule schedule,
        long totalSteps,
        long resumedStep,
        Device device) {}
