/**
 * The engine room: TorchScript sources (resources), written into modules by Java, behind typed
 * calls.
 *
 * <p>Only this package knows PyTorch's JNI. A kernel class owns one script; its static methods take
 * and return NDArrays with documented shapes. Every kernel differentiates when the calling thread
 * records gradients ({@link org.jzoo.blocks.kernel.GradientMode}), works on CPU and CUDA, and may
 * be called from any thread.
 *
 * <p>Shape letters used everywhere: B batch, T query length, S key length, D model width, H heads,
 * K key/value heads, Dh head size, F feed-forward width, V vocabulary, L layers, E experts, C/Hi/Wi
 * image channels, height, width. In masks, true means attend.
 */
package org.jzoo.blocks.kernel;
