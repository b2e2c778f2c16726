/**
 * Makes tuned text models, and J1s, smaller and faster: fewer words, layers, heads and channels,
 * distilled, in few bits. {@link org.jzoo.examples.compress.Compression} does it within a budget;
 * step by step it is
 *
 * <pre>{@code
 * try (EncodedDataset texts = data.encoded(data.train(), whole, 64)) {
 *     Batches batches = new TextBatches(texts, BatchingConfig.training(32, 17));
 *
 *     // What the loss depends on: heads, channels, layers.
 *     FirstOrder scoring = new FirstOrder(new CrossEntropy(), batches, 64);
 *     StackImportance importance = scoring.of((Part) whole.block());
 *
 *     // What matters most stays: 3 layers, of each 6 heads and 512 channels.
 *     StackCut cut = StackCut.best(importance, 3, 6, 512);
 *     LoadedModel small = SmallerModel.cut(whole, cut, Device.cpu());
 *
 *     // It learns from the labels, and from what the whole model says.
 *     Batches taught = new TaughtBatches(batches, whole.block(), Precision.FLOAT32);
 *     Loss loss = new Distillation(new CrossEntropy(), 0.3, 2);
 *     train(small, taught, loss, 10);
 *
 *     // It goes on with matrices rounded to 4 bits; their scales learn, too.
 *     new QuantizationAware(WeightGrid.perGroup(4, 32), ScaleRule.LEARNED, List.of("encoder.*"))
 *             .apply((Part) small.block());
 *     train(small, taught, loss, 3);
 *
 *     // Matrices are packed in 4 bits, tables of words in 8, what is left is saved in 16.
 *     QuantizationAware.pack((Part) small.block());
 *     EmbeddingPacking.perRow(8).apply((Part) small.block());
 *     ModelFolder.save(folder, small, "# Small", TensorType.F16);
 *     small.close();
 * }
 *
 * static void train(LoadedModel model, Batches batches, Loss loss, int epochs) {
 *     TrainingLoop.builder()
 *             .setModel(model.block())
 *             .setLoss(loss)
 *             .setBatches(batches)
 *             .setConfig(TrainingConfig.builder().optEpochs(epochs).build())
 *             .setOptimizer(AdamWConfig.builder().setLearningRate(3e-4).build())
 *             .build()
 *             .run();
 * }
 * }</pre>
 *
 * <p>Token tables shrink by {@link org.jzoo.examples.compress.SmallerModel#withVocabulary} and
 * {@link org.jzoo.examples.compress.SmallerModel#factorised}; {@link
 * org.jzoo.training.compression.quantization.PostTraining} packs without training.
 */
package org.jzoo.examples.compress;
