package org.jzoo.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StrictLoaderTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void everyParameterOfAPublishedModelIsSet() throws Exception {
        Safetensors file = Safetensors.open(Fixtures.golden("bert/model.safetensors"));
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        file.entries()
                .forEach(
                        (name, entry) -> parameters.put(name, parameter(entry.shape().getShape())));
        StrictLoader.into(parameters).load(file, manager);
        parameters.forEach(
                (name, parameter) -> {
                    assertEquals(file.toNDArray(manager, name), parameter.getArray());
                    assertEquals(DataType.FLOAT32, parameter.getArray().getDataType());
                    assertEquals(manager, parameter.getArray().getManager());
                });
    }

    @Test
    void everyDifferenceIsListedAtOnceAndNothingIsSet() {
        Parameter a = parameter(2, 3);
        Parameter b = parameter(5);
        Parameter c = parameter(7);
        Parameter d = parameter(1);
        d.initialize(manager, DataType.FLOAT32);
        NDArray before = d.getArray();
        TensorSource source =
                source(
                        Map.of(
                                "a", manager.ones(new Shape(3, 2)),
                                "b", manager.ones(new Shape(5), DataType.INT64),
                                "x", manager.ones(new Shape(11)),
                                "d", manager.ones(new Shape(1))));
        MalformedModelException e =
                assertThrows(
                        MalformedModelException.class,
                        () ->
                                StrictLoader.into(Map.of("a", a, "b", b, "c", c, "d", d))
                                        .load(source, manager));
        assertEquals(
                """
                weights: the tensors must be those of the model, got 4 differences
                  missing:
                    c (7)
                  unexpected:
                    x (11)
                  wrong:
                    a must have shape (2, 3), got (3, 2)
                    b must have type F32, F16 or BF16, got I64\
                """,
                e.getMessage());
        assertFalse(a.isInitialized() || b.isInitialized() || c.isInitialized());
        assertEquals(new Shape(2, 3), a.getShape());
        assertEquals(before, d.getArray());
        assertEquals(0f, before.getFloat(0));
    }

    @Test
    void ignoredTensorsAndKeptParametersAreNoDifference() throws Exception {
        Parameter body = parameter(2);
        Parameter head = parameter(3);
        head.initialize(manager, DataType.FLOAT32);
        head.getArray().addi(4);
        Parameter fresh = parameter(4);
        TensorSource source =
                source(
                        Map.of(
                                "body", manager.create(new float[] {1, 2}),
                                "pooler.dense.weight", manager.ones(new Shape(9)),
                                "embeddings.position_ids", manager.ones(new Shape(9))));
        Map<String, Parameter> parameters =
                Map.of("body", body, "head.bias", head, "head.fresh", fresh);
        assertThrows(
                MalformedModelException.class,
                () -> StrictLoader.into(parameters).ignoring("pooler.*").load(source, manager));
        StrictLoader.into(parameters)
                .ignoring("pooler.*", "*.position_ids")
                .keeping("head.*")
                .load(source, manager);
        assertArrayEquals(new float[] {1, 2}, body.getArray().toFloatArray());
        assertArrayEquals(new float[] {4, 4, 4}, head.getArray().toFloatArray());
        assertArrayEquals(new float[4], fresh.getArray().toFloatArray());
    }

    @Test
    void aPatternThatMatchesAWantedTensorDoesNotHideIt() throws Exception {
        Parameter a = parameter(1);
        StrictLoader.into(Map.of("a", a))
                .ignoring("*")
                .keeping("*")
                .load(source(Map.of("a", manager.ones(new Shape(1)))), manager);
        assertEquals(1f, a.getArray().getFloat(0));
    }

    @Test
    void aParameterUnderTwoNamesNeedsOneOfThem() throws Exception {
        Parameter tied = parameter(2);
        Map<String, Parameter> parameters = Map.of("tokens.weight", tied, "output.weight", tied);
        TensorSource one = source(Map.of("tokens.weight", manager.create(new float[] {1, 2})));
        StrictLoader.into(parameters).load(one, manager);
        assertArrayEquals(new float[] {1, 2}, tied.getArray().toFloatArray());

        TensorSource different =
                source(
                        Map.of(
                                "tokens.weight", manager.create(new float[] {1, 2}),
                                "output.weight", manager.create(new float[] {1, 3})));
        Exception e =
                assertThrows(
                        MalformedModelException.class,
                        () -> StrictLoader.into(parameters).load(different, manager));
        assertTrue(e.getMessage().contains("must be equal, since the model ties"), e.getMessage());
        assertTrue(
                assertThrows(
                                MalformedModelException.class,
                                () -> StrictLoader.into(parameters).load(source(Map.of()), manager))
                        .getMessage()
                        .contains("1 difference\n"));
    }

    @Test
    void tiedParametersAreSavedOnce() {
        Parameter tied = parameter(2);
        tied.initialize(manager, DataType.FLOAT32);
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        parameters.put("tokens.weight", tied);
        parameters.put("output.weight", tied);
        assertEquals(
                java.util.Set.of("tokens.weight"),
                TensorSource.ofParameters("model", parameters).entries().keySet());
    }

    @Test
    void aReplacedArrayAsksForGradientsIfTheOldOneDid() throws Exception {
        Parameter trained = parameter(1);
        trained.initialize(manager, DataType.FLOAT32);
        Parameter fresh = parameter(1);
        TensorSource source =
                source(Map.of("a", manager.ones(new Shape(1)), "b", manager.ones(new Shape(1))));
        StrictLoader.into(Map.of("a", trained, "b", fresh)).load(source, manager);
        assertTrue(trained.getArray().hasGradient());
        assertFalse(fresh.getArray().hasGradient());
        assertTrue(fresh.requiresGradient());
    }

    @Test
    void aParameterWithoutAShapeIsRefused() {
        Parameter a = Parameter.builder().setName("a").setType(Parameter.Type.BIAS).build();
        Exception e =
                assertThrows(
                        IllegalStateException.class,
                        () -> StrictLoader.into(Map.of("a", a)).load(source(Map.of()), manager));
        assertEquals("parameter a must have a shape before it is loaded, got none", e.getMessage());
    }

    private static TensorSource source(Map<String, NDArray> arrays) {
        return TensorSource.ofArrays("weights", arrays);
    }

    private static Parameter parameter(long... shape) {
        return Parameter.builder()
                .setName("p")
                .setType(Parameter.Type.BIAS)
                .optShape(new Shape(shape))
                .build();
    }
}
