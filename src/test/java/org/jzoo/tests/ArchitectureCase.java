package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import ai.djl.Device;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelOption;
import org.jzoo.zoo.task.Task;

/** An architecture of the zoo with a task, built from a small published configuration. */
record ArchitectureCase(String architecture, Task task) {

    /** Every architecture with every task of its family. */
    static Stream<ArchitectureCase> all() {
        return names().flatMap(name -> tasks(name).map(task -> new ArchitectureCase(name, task)));
    }

    /** Every architecture with the first task of its family, for what costs time. */
    static Stream<ArchitectureCase> first() {
        return names().map(name -> new ArchitectureCase(name, tasks(name).findFirst().get()));
    }

    /** The architectures of one family, with the first task of it. */
    static Stream<ArchitectureCase> first(Class<? extends Family> family) {
        return first().filter(each -> family.isInstance(each.family()));
    }

    private static Stream<String> names() {
        return Architectures.all().keySet().stream().sorted();
    }

    private static Stream<Task> tasks(String name) {
        List<Task> tasks = Family.of(model(name)).tasks(Architectures.of(name));
        return tasks.stream();
    }

    private static ModelOption model(String name) {
        return Architectures.of(name).readConfig(config(name));
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

    /** What the architecture reads and what its tasks are judged by. */
    Family family() {
        return Family.of(model(architecture));
    }

    /** A model with fresh weights. */
    LoadedModel create(long seed) {
        return LoadedModel.fresh(
                "contract",
                ModelConfig.of(architecture, model(architecture), task),
                null,
                seed,
                Device.cpu());
    }

    @Override
    public String toString() {
        return architecture + " " + task.getClass().getSimpleName();
    }
}
