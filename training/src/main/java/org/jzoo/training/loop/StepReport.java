package org.jzoo.training.loop;

/**
 * One optimizer step.
 *
 * @param step from 1
 * @param totalSteps steps of the whole training
 * @param epoch from 0
 * @param epochs passes over the data done after this step, with fraction
 * @param loss mean over the step's items, auxiliary losses included
 * @param auxiliaryLoss the auxiliary part of it
 * @param gradientNorm global L2 norm before clipping
 * @param learningRate of groups without a factor
 * @param examples in this step
 * @param tokens in this step, without padding
 * @param seconds since the step before, evaluations and checkpoints left out
 */
public record StepReport(
        long step,
        long totalSteps,
        int epoch,
        double epochs,
        double loss,
        double auxiliaryLoss,
        double gradientNorm,
        double learningRate,
        long examples,
        long tokens,
        double seconds) {}
