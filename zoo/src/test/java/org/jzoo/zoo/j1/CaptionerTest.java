package org.jzoo.zoo.j1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.Generator;
import org.jzoo.zoo.generation.TokenListener;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.weights.TensorType;

class CaptionerTest {

    private static final J1Size SIZE =
            J1Size.TINY.withLayers(1, 1, 2).withImageSize(23).withMerge(1); // 9 places
    private static final String WORDS = "a big cat dog eats fish greets happily in june";
    private static final int VOCABULARY = 13;

    private static LoadedModel model;

    @BeforeAll
    static void make() {
        model =
                FreshJ1.builder()
                        .optSize(SIZE)
                        .optMaxLength(12)
                        .build()
                        .createCaptioner("test", List.of(WORDS), 5, Device.cpu());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Image image(int seed) {
        BufferedImage picture = new BufferedImage(30, 25, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        Random random = new Random(seed);
        for (int i = 0; i < 5; i++) {
            graphics.setColor(new Color(random.nextInt(1 << 24)));
            graphics.fillRect(random.nextInt(25), random.nextInt(20), 9, 8);
        }
        graphics.dispose();
        return ImageFactory.getInstance().fromImage(picture);
    }

    private static NDArray pixels(List<Image> images, NDManager manager) {
        return ((J1Config) model.config().model()).preprocessing().batch(manager, images);
    }

    /** The logits (T, V) of a text after a picture. */
    private static float[] logits(Image image, long... ids) {
        try (NDManager manager = model.manager().newSubManager()) {
            NDList inputs =
                    new NDList(
                            pixels(List.of(image), manager),
                            manager.create(ids, new Shape(1, ids.length)));
            return model.block()
                    .forward(new ParameterStore(manager, false), inputs, false)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    @Test
    void laterWordsChangeNothingAndThePictureEverything() {
        float[] three = logits(image(1), 2, 5, 7);
        assertEquals(3 * VOCABULARY, three.length);
        float[] five = logits(image(1), 2, 5, 7, 9, 4);
        assertArrayEquals(three, Arrays.copyOf(five, three.length), 1e-4f);
        float[] other = logits(image(2), 2, 5, 7);
        for (int row = 0; row < 3; row++) {
            double most = 0;
            for (int i = row * VOCABULARY; i < (row + 1) * VOCABULARY; i++) {
                most = Math.max(most, Math.abs(three[i] - other[i]));
            }
            assertTrue(most > 0.01, "row " + row + " differs by " + most);
        }
    }

    @Test
    void theCacheHoldsThePrefixAndEachTokenIsTheGreatestOfItsLogits() {
        List<Image> images = List.of(image(1), image(2), image(3));
        List<long[]> cached = generate(images, true, false);
        List<long[]> whole = generate(images, false, false);
        for (int b = 0; b < images.size(); b++) {
            assertArrayEquals(whole.get(b), cached.get(b));
            List<Long> text = new ArrayList<>(List.of(2L));
            for (long token : cached.get(b)) {
                long[] before = text.stream().mapToLong(Long::longValue).toArray();
                float[] logits = logits(images.get(b), before);
                int last = (before.length - 1) * VOCABULARY;
                for (int v = 0; v < VOCABULARY; v++) {
                    assertTrue(logits[last + v] <= logits[last + (int) token] + 1e-4);
                }
                text.add(token);
            }
        }
    }

    @Test
    void promptsOfUnequalLengthComeAfterThePrefix() {
        List<Image> images = List.of(image(4), image(5));
        List<long[]> together = generate(images, true, true);
        assertArrayEquals(together.get(0), generate(images, false, true).get(0));
        assertArrayEquals(together.get(1), generate(images, false, true).get(1));
        assertArrayEquals(together.get(0), generate(images.subList(0, 1), true, true).get(0));
    }

    private static List<long[]> generate(List<Image> images, boolean cached, boolean unequal) {
        J1Captioner block = (J1Captioner) model.block();
        CaptionTask task = (CaptionTask) model.config().task();
        GenerationConfig config =
                GenerationConfig.builder().optMaxNewTokens(6).optCached(cached).build();
        try (NDManager manager = model.manager().newSubManager();
                GradientMode off = GradientMode.off()) {
            Pass pass = Pass.of(new ParameterStore(manager, false), false, null);
            List<long[]> prompts = new ArrayList<>();
            for (int b = 0; b < images.size(); b++) {
                prompts.add(unequal && b > 0 ? new long[] {2, 6, 8} : new long[] {2});
            }
            NDArray prefix = block.prefix(pixels(images, manager), pass);
            return new Generator(block.decoder(), task.endTokens(), config)
                    .generate(manager, prefix, prompts, TokenListener.NONE);
        }
    }

    @Test
    void aFolderWritesWhatTheModelWrites(@TempDir Path folder) throws Exception {
        Captioner before = new Captioner(model, GenerationConfig.greedy(5));
        List<String> captions = before.captions(List.of(image(1), image(2)));
        assertEquals(captions.get(1), before.caption(image(2)));
        ModelFolder.save(folder.resolve("m"), model, "# A card", TensorType.F32);
        try (LoadedModel copy = ModelFolder.load(folder.resolve("m"), Device.cpu());
                Predictor<Image, String> predictor = copy.predictor(Image.class, String.class)) {
            assertEquals(
                    captions,
                    new Captioner(copy, GenerationConfig.greedy(5))
                            .captions(List.of(image(1), image(2))));
            assertTrue(predictor.predict(image(1)).startsWith(captions.get(0)));
        }
    }

    @Test
    void everyWeightGetsAFiniteGradient() {
        try (LoadedModel fresh =
                        FreshJ1.builder()
                                .optSize(SIZE)
                                .optMaxLength(12)
                                .build()
                                .createCaptioner("test", List.of(WORDS), 6, Device.cpu());
                NDManager manager = fresh.manager().newSubManager();
                GradientMode on = GradientMode.on()) {
            fresh.parameters().values().stream()
                    .filter(Parameter::requiresGradient)
                    .forEach(parameter -> parameter.getArray().setRequiresGradient(true));
            NDArray text = manager.create(new long[][] {{2, 3, 4, 5}, {2, 8, 0, 0}});
            NDArray next = manager.create(new long[][] {{3, 4, 5, 0}, {8, 0, -100, -100}});
            NDList inputs = new NDList(pixels(List.of(image(1), image(2)), manager), text);
            NDArray logits =
                    fresh.block()
                            .forward(new ParameterStore(manager, false), inputs, true)
                            .singletonOrThrow();
            GradientMode.backward(LossKernel.crossEntropy(logits, next, null, 0));
            fresh.parameters()
                    .forEach(
                            (path, parameter) -> {
                                if (parameter.requiresGradient()) {
                                    float sum = 0;
                                    for (float g :
                                            parameter.getArray().getGradient().toFloatArray()) {
                                        sum += Math.abs(g);
                                    }
                                    assertTrue(
                                            Float.isFinite(sum) && sum > 0, path + " has " + sum);
                                }
                            });
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertEquals(
                "maxLength must be >= the image's tokens + 2, got maxLength=10, tokens=9",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new J1Captioner(
                                                SIZE.config(9, 4, 0),
                                                new CaptionTask(
                                                        SIZE.decoder(9, 1), 2, List.of(0L))))
                        .getMessage());
        assertTrue(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new CaptionTask(SIZE.decoder(9, 3), 9, List.of(0L)))
                        .getMessage()
                        .startsWith("firstToken and one or more endTokens must be in"));
    }
}
