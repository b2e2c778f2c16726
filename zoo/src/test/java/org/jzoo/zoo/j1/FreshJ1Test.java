package org.jzoo.zoo.j1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Zoo;

class FreshJ1Test {

    private static final J1Size SIZE =
            J1Size.TINY.withLayers(1, 1, 2).withImageSize(23).withMerge(1);
    private static final AnswerTask TASK = new AnswerTask(List.of("yes", "no", "maybe"), 0);

    /** Hidden states by layer, by the names that begin with the scope. */
    private static Map<String, float[]> hidden(Block block, NDList inputs, String scope) {
        Map<String, float[]> hidden = new TreeMap<>();
        ForwardContext context = new ForwardContext().withCapture(Transformer.HIDDEN);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            block.forward(new ParameterStore(manager, false), inputs, false, context.asParams());
            context.captured()
                    .forEach(
                            (name, array) -> {
                                if (name.startsWith(scope)) {
                                    hidden.put(
                                            name.substring(scope.length()), array.toFloatArray());
                                }
                            });
        }
        return hidden;
    }

    @Test
    void theTextStreamHasTheEncodersTokensAndHiddenStates() throws Exception {
        FreshJ1 fresh = FreshJ1.builder().optSize(SIZE).optText("minilm-l6").build();
        try (LoadedModel j1 = fresh.create("test", TASK, List.of(), 3, Device.cpu());
                LoadedModel encoder = Zoo.load("minilm-l6", Device.cpu());
                NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            String question = "Which kite is unbelievably far from the red lighthouse?";
            long[] ids = j1.tokenizer().encode(question).ids();
            assertArrayEquals(encoder.tokenizer().encode(question).ids(), ids);
            int length = ids.length + 2;
            long[] padded = new long[2 * length];
            boolean[] real = new boolean[2 * length];
            for (int t = 0; t < ids.length; t++) {
                padded[t] = ids[t];
                real[t] = true;
                padded[length + t] = t < 5 ? ids[t] : 0;
                real[length + t] = t < 5;
            }
            NDArray tokens = manager.create(padded, new Shape(2, length));
            NDArray mask = manager.create(real, new Shape(2, length));
            NDArray images = manager.zeros(new Shape(2, 3, 23, 23));
            Map<String, float[]> expected =
                    hidden(encoder.block(), new NDList(tokens, tokens.zerosLike(), mask), "");
            Map<String, float[]> found =
                    hidden(j1.block(), new NDList(tokens, mask, images), FreshJ1.TEXT);
            assertEquals(expected.keySet(), found.keySet());
            assertTrue(expected.size() >= 7, expected.keySet().toString());
            expected.forEach((name, states) -> assertArrayEquals(states, found.get(name), name));
        }
    }

    @Test
    void aFreshTextEncoderKnowsTheTextsWords() throws Exception {
        FreshJ1 fresh = FreshJ1.builder().optSize(SIZE).optMaxLength(5).optMaxWords(3).build();
        List<String> texts = List.of("Where is it?", "where was it", "what is it");
        try (LoadedModel model = fresh.create("test", TASK, texts, 3, Device.cpu())) {
            assertEquals(6, model.config().textModel().padding() + vocabulary(model));
            // [CLS], then is, it, where in the order of the alphabet, [UNK] for was
            assertArrayEquals(
                    new long[] {2, 5, 1, 4, 3}, model.tokenizer().encode("WHERE was it is").ids());
        }
    }

    private static int vocabulary(LoadedModel model) {
        return ((J1Config) model.config().model()).text().vocabularySize();
    }

    @ParameterizedTest
    @EnumSource(
            value = J1Fusion.class,
            names = {"JOINT", "TWO_WAY"})
    void fusionsTakeExpertsAndGatedFeedForwards(J1Fusion fusion) throws Exception {
        FreshJ1.Builder fresh = FreshJ1.builder().optSize(SIZE).optFusion(fusion);
        long dense = weights(fresh.build());
        long gated = weights(fresh.optFeedForward(SIZE.gatedFeedForward()).build());
        long two = weights(fresh.optFeedForward(SIZE.experts(2)).build());
        long six = weights(fresh.optFeedForward(SIZE.experts(6)).build());
        assertTrue(Math.abs(dense - gated) <= Math.floorDiv(dense, 50L));
        assertTrue(Math.abs(dense - two) <= Math.floorDiv(dense, 50L));
        // joint: two layers; two-way: two layers of two streams; an expert has two maps with
        // biases, and a row of the router
        long dim = SIZE.dim();
        long width = Math.floorDiv(SIZE.feedForward(), 2);
        long layers = fusion == J1Fusion.JOINT ? 2 : 4;
        assertEquals(layers * 4 * (2 * dim * width + width + 2 * dim), six - two);
    }

    private static long weights(FreshJ1 fresh) throws Exception {
        try (LoadedModel model = fresh.create("test", TASK, List.of("a b c"), 3, Device.cpu())) {
            return model.numParameters();
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        FreshJ1 pooled =
                FreshJ1.builder()
                        .optFusion(J1Fusion.POOLED)
                        .optFeedForward(SIZE.experts(2))
                        .build();
        assertTrue(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> pooled.create("x", TASK, List.of("a"), 1, Device.cpu()))
                        .getMessage()
                        .startsWith("fusion must have layers for a feed-forward"));
        assertEquals(
                "maxLength must be >= 3 and maxWords >= 1, got maxLength=2, maxWords=10000",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> FreshJ1.builder().optMaxLength(2).build())
                        .getMessage());
    }
}
