/**
 * The training loop: batches go through a block and a loss, gradients into the optimizer; on the
 * way it evaluates, reports, saves checkpoints from which a killed run goes on bit by bit as if
 * nothing had happened, and stops where going on makes no sense.
 *
 * <p>The loop knows a block, a loss, batches and a context. Fine-tuning, distillation,
 * quantization-aware training and recovery after pruning are the same loop with another loss or a
 * wrapped block.
 */
package org.jzoo.training.loop;
