package org.jzoo.training.compression.pruning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.position.AlibiPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.TransformerConfig;

final class StackPruningTest {

    private static final List<Integer> HEADS = List.of(0, 1, 2);
    private static final List<Integer> CHANNELS = IntStream.range(0, 7).boxed().toList();

    private static CutModel pruned(CutModel model, StackCut cut, NDManager manager) {
        StackPruning pruning = new StackPruning(model.stack().config(), cut);
        CutModel small = CutModel.random(pruning.config(), 9, manager);
        pruning.copy(model.stack(), small.stack());
        for (String path : List.of("head.weight", "head.bias")) {
            CutModel.write(small.weight(path), model.weight(path).toFloatArray());
        }
        return small;
    }

    // What a part gives is multiplied by zero on its way out.
    private static void silence(NDArray weight, int from, int to) {
        int columns = (int) weight.getShape().get(1);
        float[] values = weight.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            if (i % columns >= from && i % columns < to) {
                values[i] = 0;
            }
        }
        CutModel.write(weight, values);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leavingOutHeadsAndChannelsIsSilencingThem(boolean gated) {
        try (NDManager manager = PyTorch.newBaseManager()) {
            CutModel model = CutModel.random(CutModel.whole(gated), 3, manager);
            StackCut cut =
                    new StackCut(
                            List.of(
                                    new LayerCut(0, List.of(0, 2), CHANNELS),
                                    new LayerCut(1, HEADS, List.of(1, 2, 6)),
                                    new LayerCut(2, List.of(1), List.of(5))));
            CutModel small = pruned(model, cut, manager);
            silence(model.weight("stack.layers.0.mixer.output.weight"), 2, 4);
            silence(model.weight("stack.layers.1.feedForward.down.weight"), 0, 1);
            silence(model.weight("stack.layers.1.feedForward.down.weight"), 3, 6);
            silence(model.weight("stack.layers.2.mixer.output.weight"), 0, 2);
            silence(model.weight("stack.layers.2.mixer.output.weight"), 4, 6);
            silence(model.weight("stack.layers.2.feedForward.down.weight"), 0, 5);
            silence(model.weight("stack.layers.2.feedForward.down.weight"), 6, 7);
            assertArrayEquals(model.run(manager), small.run(manager), 1e-5f);
            assertEquals(4 * 6, small.weight("stack.layers.0.mixer.query.weight").size());
            assertEquals(3, small.weight("stack.layers.1.feedForward.up.bias").size());
        }
    }

    @Test
    void leavingOutALayerIsAStackOfTheOthers() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            CutModel model = CutModel.random(CutModel.whole(false), 3, manager);
            StackCut cut =
                    new StackCut(
                            List.of(
                                    new LayerCut(0, HEADS, CHANNELS),
                                    new LayerCut(2, HEADS, CHANNELS)));
            CutModel small = pruned(model, cut, manager);
            // Pre-norm: a layer that adds nothing is as good as none.
            for (String map : List.of("mixer.output.", "feedForward.down.")) {
                for (String part : List.of("weight", "bias")) {
                    NDArray array = model.weight("stack.layers.1." + map + part);
                    CutModel.write(array, new float[(int) array.size()]);
                }
            }
            assertArrayEquals(model.run(manager), small.run(manager), 1e-5f);
            assertEquals(ParameterPaths.of(model).size() - 16, ParameterPaths.of(small).size());
        }
    }

    @Test
    void keepsTheBestInTheirOrder() {
        StackImportance importance =
                new StackImportance(
                        new double[][] {{3, 1, 2}, {9, 9, 9}, {1, 5, 4}},
                        new double[][] {{0, 1}, {0, 0}, {7, 8}},
                        new double[] {2, 1, 2});
        assertEquals(
                new StackCut(
                        List.of(
                                new LayerCut(0, List.of(0, 2), List.of(1)),
                                new LayerCut(2, List.of(1, 2), List.of(1)))),
                StackCut.best(importance, 2, 2, 1));
        assertThrows(IllegalArgumentException.class, () -> StackCut.best(importance, 4, 1, 1));
    }

    @Test
    void whatIsNotThereCannotStay() {
        TransformerConfig whole = CutModel.whole(false);
        assertEquals(
                "head must be below 3, got head=3",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> cut(whole, new LayerCut(0, List.of(3), List.of(0))))
                        .getMessage());
        assertEquals(
                "channel must be below 7, got channel=8",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> cut(whole, new LayerCut(0, List.of(0), List.of(2, 8))))
                        .getMessage());
        assertEquals(
                "layer must be below 3, got layer=3",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> cut(whole, new LayerCut(3, List.of(0), List.of(0))))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new LayerCut(0, List.of(), List.of(1)));
        assertThrows(
                IllegalArgumentException.class, () -> new LayerCut(0, List.of(1, 1), List.of(1)));
        LayerConfig layer = whole.layers().get(0);
        TransformerConfig grouped =
                whole.withLayers(
                        List.of(
                                new LayerConfig(
                                        ((SelfAttentionOption) layer.mixer()).withHeads(4, 2),
                                        layer.feedForward(),
                                        layer.norm(),
                                        layer.placement(),
                                        0)));
        assertThrows(
                IllegalArgumentException.class,
                () -> cut(grouped, new LayerCut(0, List.of(0), List.of(0))));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        cut(
                                whole.withScorePosition(new AlibiPositionOption(3)),
                                new LayerCut(0, List.of(0), List.of(0))));
    }

    private static StackPruning cut(TransformerConfig whole, LayerCut layer) {
        return new StackPruning(whole, new StackCut(List.of(layer)));
    }
}
