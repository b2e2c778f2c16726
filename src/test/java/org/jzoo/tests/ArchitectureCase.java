package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import ai.djl.Device;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;

/** An architecture of the zoo with a task, built from a small published configuration. */
record ArchitectureCase(String architecture, Task task) {

    /** Every architecture with every task. */
    static Stream<ArchitectureCase> all() {
        return Architectures.all().keySet().stream()
                .sorted()
                .flatMap(name -> tasks(name).map(task -> new ArchitectureCase(name, task)));
    }

    private static Stream<Task> tasks(String architecture) {
        HeadOption head = Architectures.of(architecture).head();
        return Stream.of(
                new ClassificationTask(List.of("a", "b", "c"), false, head),
                new RegressionTask(true, head),
                new TokenClassificationTask(List.of("a", "b"), 0.1),
                new EmbeddingTask(Pooling.MEAN, true),
                new MaskedWordsTask(Activation.GELU, 1e-12));
    }

    /** The configuration {@code contract/NAME.json} of the test resources. */
    static HuggingFaceConfig config(String name) {
        String resource = "/contract/" + name + ".json";
        try (InputStream in = ArchitectureCase.class.getResourceAsStream(resource)) {
            assertNotNull(in, () -> "add a small configuration as the test resource " + resource);
            String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new HuggingFaceConfig(resource, JsonParser.parseString(json).getAsJsonObject());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A model with fresh weights. */
    LoadedModel create(long seed) {
        Architecture found = Architectures.of(architecture);
        return LoadedModel.fresh(
                "contract",
                ModelConfig.of(architecture, found.readConfig(config(architecture)), task),
                null,
                seed,
                Device.cpu());
    }

    @Override
    public String toString() {
        return architecture + " " + task.getClass().getSimpleName();
    }
}
