package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.zoo.registry.LoadedModel;

/** What every text encoder has to do with padding and with the longest and shortest texts. */
class TextEncoderContractTest {

    private static final int B = 3;
    private static final int T = 7;

    static Stream<ArchitectureCase> cases() {
        return ArchitectureCase.all().filter(each -> each.family() instanceof TextEncoderFamily);
    }

    static Stream<ArchitectureCase> first() {
        return ArchitectureCase.first(TextEncoderFamily.class);
    }

    private static NDArray infer(LoadedModel model, NDArray ids, int kept) {
        NDList inputs = TextEncoderFamily.inputs(ids, kept);
        return model.block()
                .forward(
                        new ParameterStore(ids.getManager(), false),
                        inputs,
                        false,
                        new ForwardContext().asParams())
                .singletonOrThrow();
    }

    private static NDArray ids(LoadedModel model, int rows, int length) {
        return TextEncoderFamily.ids(model.manager(), rows, length);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void paddingChangesNothing(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            ArchitectureContractTest.randomize(model);
            NDArray ids = ids(model, B, T);
            NDArray plain = infer(model, ids, T);
            NDArray padded = infer(model, ids.concat(padding(model, 4), 1), T);
            NDArray kept = plain.getShape().dimension() == 3 ? padded.get(":,:" + T) : padded;
            float largest = Math.max(1e-3f, plain.abs().max().getFloat());
            assertArrayEquals(plain.toFloatArray(), kept.toFloatArray(), 1e-4f * largest);
        }
    }

    private static NDArray padding(LoadedModel model, int count) {
        long[] values = new long[B * count];
        Arrays.fill(values, Math.max(0, model.config().textModel().padding()));
        return model.manager().create(values, new Shape(B, count));
    }

    @ParameterizedTest
    @MethodSource("first")
    void theLongestInputRunsAndALongerOneIsRefused(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            int longest = model.config().textModel().maxLength();
            NDArray y = infer(model, ids(model, 1, longest), longest);
            assertTrue(Float.isFinite(y.sum().getFloat()));
            NDArray tooLong = ids(model, 1, longest + 1);
            assertEquals(
                    "length must be <= maxLength, got length=%d, maxLength=%d; truncate the input"
                            .formatted(longest + 1, longest),
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> infer(model, tooLong, longest + 1))
                            .getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void oneTokenAndOnlyPaddingGiveFiniteOutputs(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            ArchitectureContractTest.randomize(model);
            assertTrue(Float.isFinite(infer(model, ids(model, 1, 1), 1).sum().getFloat()));
            assertTrue(Float.isFinite(infer(model, ids(model, 2, T), 0).sum().getFloat()));
        }
    }
}
