package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.zoo.decoder.LanguageModel;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.Generator;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;

/** What every text decoder has to do with later tokens, padding, caches, and the longest texts. */
class TextDecoderContractTest {

    private static final int B = 3;
    private static final int T = 9;

    static Stream<ArchitectureCase> cases() {
        return ArchitectureCase.first(TextDecoderFamily.class);
    }

    private static NDArray infer(LoadedModel model, NDArray... inputs) {
        return model.block()
                .forward(
                        new ParameterStore(model.manager(), false),
                        new NDList(inputs),
                        false,
                        new ForwardContext().asParams())
                .singletonOrThrow();
    }

    private static NDArray ids(LoadedModel model, int rows, int length) {
        return TextEncoderFamily.ids(model.manager(), rows, length);
    }

    private static void assertClose(NDArray expected, NDArray actual) {
        float largest = Math.max(1e-3f, expected.abs().max().getFloat());
        assertArrayEquals(expected.toFloatArray(), actual.toFloatArray(), 1e-5f * largest);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void laterTokensChangeNothing(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            ArchitectureContractTest.randomize(model);
            NDArray ids = ids(model, B, T);
            NDArray whole = infer(model, ids);
            NDArray other = ids.get(":, :5").concat(ids.get(":, :4"), 1);
            assertClose(whole.get(":, :5"), infer(model, other).get(":, :5"));
            assertClose(whole.get(":, :5"), infer(model, ids.get(":, :5")));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void paddingOnTheRightChangesNothing(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            ArchitectureContractTest.randomize(model);
            NDArray ids = ids(model, B, T);
            NDArray padded =
                    ids.concat(model.manager().zeros(new Shape(B, 4), ids.getDataType()), 1);
            boolean[] keep = new boolean[B * (T + 4)];
            for (int i = 0; i < keep.length; i++) {
                keep[i] = i % (T + 4) < T;
            }
            NDArray mask = model.manager().create(keep, new Shape(B, T + 4));
            assertClose(infer(model, ids), infer(model, padded, mask).get(":, :" + T));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void promptsOfUnequalLengthContinueAsTheyDoAloneAndWithoutACache(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            ArchitectureContractTest.randomize(model);
            List<long[]> prompts = new ArrayList<>();
            for (int length : new int[] {2, 9, 5}) {
                prompts.add(ids(model, 1, length).toLongArray());
            }
            GenerationConfig.Builder config = GenerationConfig.builder().optMaxNewTokens(8);
            List<long[]> together = generate(model, config.build(), prompts);
            config.optCached(false);
            for (int b = 0; b < prompts.size(); b++) {
                assertArrayEquals(
                        generate(model, config.build(), prompts.subList(b, b + 1)).get(0),
                        together.get(b));
            }
        }
    }

    private static List<long[]> generate(
            LoadedModel model, GenerationConfig config, List<long[]> prompts) {
        Generator generator =
                new Generator(((LanguageModel) model.block()).decoder(), List.of(), config);
        return generator.generate(model.manager(), prompts);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theLongestInputRunsAndALongerOneIsRefused(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            int longest = model.config().textModel().maxLength();
            assertTrue(Float.isFinite(infer(model, ids(model, 1, longest)).sum().getFloat()));
            NDArray tooLong = ids(model, 1, longest + 1);
            assertEquals(
                    "length must be <= maxLength, got length=%d, maxLength=%d; truncate the input"
                            .formatted(longest + 1, longest),
                    assertThrows(IllegalArgumentException.class, () -> infer(model, tooLong))
                            .getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void oneTokenAndOnlyPaddingGiveFiniteOutputs(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            ArchitectureContractTest.randomize(model);
            assertTrue(Float.isFinite(infer(model, ids(model, 1, 1)).sum().getFloat()));
            NDArray none = model.manager().create(new boolean[2 * T], new Shape(2, T));
            assertTrue(Float.isFinite(infer(model, ids(model, 2, T), none).sum().getFloat()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void tasksOfOtherModelsAreRefused(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            ClassificationTask task =
                    new ClassificationTask(List.of("a", "b"), false, HeadOption.MEAN);
            assertEquals(
                    "task must be CausalLanguageTask for a text decoder, got"
                            + " task=ClassificationTask",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> model.config().model().create(task))
                            .getMessage());
        }
    }
}
