package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.zoo.encoder.ImageEncoderConfig;
import org.jzoo.zoo.registry.LoadedModel;

/** What every image encoder has to do with images of other sizes than its own. */
class ImageEncoderContractTest {

    static Stream<ArchitectureCase> cases() {
        return ArchitectureCase.all().filter(each -> each.family() instanceof ImageEncoderFamily);
    }

    private static NDArray infer(LoadedModel model, NDArray images) {
        return model.block()
                .forward(
                        new ParameterStore(images.getManager(), false),
                        new NDList(images),
                        false,
                        new ForwardContext().asParams())
                .singletonOrThrow();
    }

    private static NDArray images(LoadedModel model, int height, int width) {
        return ImageEncoderFamily.images(
                model.manager(), config(model).preprocessing(), 2, height, width);
    }

    private static ImageEncoderConfig config(LoadedModel model) {
        return (ImageEncoderConfig) model.config().model();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void imagesOfOtherSizesRun(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            ArchitectureContractTest.randomize(model);
            int patch = config(model).patches().size();
            Shape usual =
                    infer(
                                    model,
                                    images(
                                            model,
                                            config(model).preprocessing().height(),
                                            config(model).preprocessing().width()))
                            .getShape();
            for (int[] grid : new int[][] {{1, 1}, {7, 2}}) {
                NDArray y = infer(model, images(model, patch * grid[0], patch * grid[1]));
                assertEquals(usual, y.getShape());
                assertTrue(Float.isFinite(y.sum().getFloat()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void imagesThatCannotBeCutAreRefused(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            int patch = config(model).patches().size();
            int channels = config(model).patches().channels();
            assertEquals(
                    "patch size must divide height and width, got size=%d, height=%d, width=%d"
                            .formatted(patch, patch + 1, patch),
                    message(model, images(model, patch + 1, patch)));
            NDArray flat = model.manager().zeros(new Shape(2, channels + 1, patch, patch));
            assertEquals(
                    "images must be (B, C, Hi, Wi) with C=%d, got %s"
                            .formatted(channels, flat.getShape()),
                    message(model, flat));
        }
    }

    private static String message(LoadedModel model, NDArray images) {
        return assertThrows(IllegalArgumentException.class, () -> infer(model, images))
                .getMessage();
    }
}
