package org.jzoo.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.zoo.j1.Answer;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.FreshJ1;
import org.jzoo.zoo.j1.J1Size;
import org.jzoo.zoo.j1.VisualQuestion;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.TensorType;

class ShippedTest {

    @TempDir private Path temporary;
    private Path resources;

    @BeforeEach
    void publish() throws Exception {
        resources = temporary.resolve(Shipped.ROOT);
        try (LoadedModel model = model()) {
            for (String name : List.of("second", "first")) {
                Shipped.publish(
                        resources, name, model, "A test", "MIT", "# " + name, TensorType.F16);
            }
        }
    }

    private static LoadedModel model() throws Exception {
        J1Size size = J1Size.TINY.withLayers(1, 1, 1).withImageSize(23).withMerge(1);
        return FreshJ1.builder()
                .optSize(size)
                .build()
                .create(
                        "test",
                        new AnswerTask(List.of("yes", "no"), 0),
                        List.of("is it red"),
                        4,
                        Device.cpu());
    }

    private URLClassLoader jar() throws IOException {
        Path jar = temporary.resolve("models.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> all = Files.walk(resources)) {
            for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(
                        new JarEntry(temporary.relativize(path).toString().replace('\\', '/')));
                Files.copy(path, out);
            }
        }
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
    }

    @Test
    void aShippedModelIsKnownByItsWeightsWhateverItsFolderIsCalled() throws Exception {
        Path folder = Files.createDirectories(temporary.resolve("any-name"));
        assertTrue(Shipped.sameAs(folder).isEmpty());
        Path weights = folder.resolve(Safetensors.FILE_NAME);
        String resource = "/" + Shipped.ROOT + "models/j2-lite-vqa/" + Safetensors.FILE_NAME;
        try (InputStream in = ShippedTest.class.getResourceAsStream(resource)) {
            Files.copy(in, weights);
        }
        assertEquals("j2-lite-vqa", Shipped.sameAs(folder).orElseThrow().name());
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        assertTrue(Shipped.sameAs(folder).isEmpty());
    }

    @Test
    void aModelInAJarIsListedAndAnswersAsItDidBefore() throws Exception {
        VisualQuestion question =
                new VisualQuestion(
                        ImageFactory.getInstance()
                                .fromImage(new BufferedImage(9, 8, BufferedImage.TYPE_INT_RGB)),
                        "is it red");
        try (URLClassLoader loader = jar()) {
            List<Shipped> all = Shipped.all(loader);
            assertEquals(List.of("first", "second"), all.stream().map(Shipped::name).toList());
            Path folder = all.get(0).folder(loader, temporary.resolve("cache"));
            assertEquals("first", folder.getFileName().toString());
            assertEquals(folder, all.get(0).folder(loader, temporary.resolve("cache")));
            try (LoadedModel model = model();
                    LoadedModel copy = ModelFolder.load(folder, Device.cpu());
                    Predictor<VisualQuestion, Answer> before =
                            model.predictor(VisualQuestion.class, Answer.class);
                    Predictor<VisualQuestion, Answer> after =
                            copy.predictor(VisualQuestion.class, Answer.class)) {
                assertEquals("first", copy.name());
                assertEquals(model.numParameters(), all.get(0).parameters());
                assertEquals(
                        before.predict(question).probabilities().get("yes"),
                        after.predict(question).probabilities().get("yes"),
                        1e-3);
            }
        }
    }

    @Test
    void halfTheBytesChangeLogitsByLessThanAHundredth() throws Exception {
        try (LoadedModel model = model();
                LoadedModel copy =
                        ModelFolder.load(resources.resolve("models/first"), Device.cpu())) {
            float[] pixels = new float[5 * 3 * 23 * 23];
            Random random = new Random(6);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = 2 * random.nextFloat() - 1;
            }
            NDList inputs =
                    new NDList(
                            model.manager()
                                    .create(random.longs(5 * 4, 0, 6).toArray(), new Shape(5, 4)),
                            model.manager().create(pixels, new Shape(5, 3, 23, 23)));
            ParameterStore store = new ParameterStore(model.manager(), false);
            float[] whole = model.block().forward(store, inputs, false).head().toFloatArray();
            float[] half = copy.block().forward(store, inputs, false).head().toFloatArray();
            double most = 0;
            for (int i = 0; i < whole.length; i++) {
                most = Math.max(most, Math.abs(whole[i] - half[i]));
            }
            assertTrue(most > 0 && most < 1e-2, "differs by " + most);
        }
    }

    @Test
    void aDamagedModelIsRefused() throws Exception {
        Path weights = resources.resolve("models/first/model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 9] ^= 1;
        Files.write(weights, bytes);
        try (URLClassLoader loader = jar()) {
            Shipped first = Shipped.all(loader).get(0);
            MalformedModelException e =
                    assertThrows(
                            MalformedModelException.class,
                            () -> first.folder(loader, temporary.resolve("cache")));
            assertTrue(
                    e.getMessage().contains("model.safetensors must have SHA-256"), e.toString());
        }
    }

    @Test
    void namesOfPretrainedModelsAreTaken() throws Exception {
        try (LoadedModel model = model()) {
            for (String name : List.of("minilm-l6", "../x", "")) {
                assertTrue(
                        assertThrows(
                                        IllegalArgumentException.class,
                                        () ->
                                                Shipped.publish(
                                                        resources,
                                                        name,
                                                        model,
                                                        "",
                                                        "MIT",
                                                        "",
                                                        TensorType.F16))
                                .getMessage()
                                .startsWith("name must be of letters, digits, dots and dashes"));
            }
        }
    }

    @Test
    void whatShipsWithThisLibraryIsSound() throws Exception {
        for (Shipped model : Shipped.all()) {
            try (LoadedModel loaded = Zoo.load(model.name(), Device.cpu())) {
                assertEquals(model.parameters(), loaded.numParameters(), model.name());
            }
        }
    }
}
