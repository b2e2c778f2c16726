package org.jzoo.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameTableTest {

    private static final NameRule[] BERT = {
        NameRule.same("embeddings.word_embeddings.weight", "tokens.weight"),
        NameRule.join(
                "layers.{layer}.qkv.weight",
                "encoder.layer.{layer}.attention.self.query.weight",
                "encoder.layer.{layer}.attention.self.key.weight",
                "encoder.layer.{layer}.attention.self.value.weight"),
        NameRule.same(
                        "encoder.layer.{layer}.attention.output.dense.weight",
                        "layers.{layer}.output.weight")
                .transposed()
    };

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
    void aPublishedModelReturnsByteForByteFromTheWayInAndOut(@TempDir Path folder)
            throws Exception {
        Path published = Fixtures.golden("bert/model.safetensors");
        Safetensors file = Safetensors.open(published);
        NameTable table = NameTable.of(BERT);
        TensorSource ours = table.toOurs(file);
        assertEquals(new Shape(96, 32), ours.entry("layers.1.qkv.weight").shape());
        assertEquals(
                file.toNDArray(manager, "encoder.layer.1.attention.self.key.weight"),
                ours.toNDArray(manager, "layers.1.qkv.weight").get("32:64"));
        assertEquals(
                file.toNDArray(manager, "encoder.layer.0.attention.output.dense.weight")
                        .transpose(),
                ours.toNDArray(manager, "layers.0.output.weight"));
        Path back = folder.resolve("back.safetensors");
        SafetensorsWriter.write(back, table.toForeign(ours), file.metadata(), TensorType.F32);
        assertEquals(-1, Files.mismatch(published, back));
    }

    @Test
    void aFusedConv1dIsTransposedAndCut() throws Exception {
        // (in 2, out 6): queries are columns 0-1, keys 2-3, values 4-5.
        NDArray fused = manager.arange(12f).reshape(2, 6);
        NameTable table =
                NameTable.of(
                        NameRule.split(
                                        "h.{layer}.c_attn.weight",
                                        "{layer}.q",
                                        "{layer}.k",
                                        "{layer}.v")
                                .transposed(),
                        NameRule.split(
                                        "h.{layer}.c_attn.bias",
                                        "{layer}.qb",
                                        "{layer}.kb",
                                        "{layer}.vb")
                                .transposed());
        TensorSource foreign =
                source(Map.of("h.10.c_attn.weight", fused, "h.10.c_attn.bias", manager.arange(6f)));
        TensorSource ours = table.toOurs(foreign);
        assertArrayEquals(new float[] {0, 6, 1, 7}, floats(ours, "10.q"));
        assertArrayEquals(new float[] {2, 8, 3, 9}, floats(ours, "10.k"));
        assertArrayEquals(new float[] {4, 10, 5, 11}, floats(ours, "10.v"));
        assertArrayEquals(new float[] {2, 3}, floats(ours, "10.kb"));
        TensorSource back = table.toForeign(ours);
        assertEquals(fused, back.toNDArray(manager, "h.10.c_attn.weight"));
        assertEquals(manager.arange(6f), back.toNDArray(manager, "h.10.c_attn.bias"));
    }

    @Test
    void alternatingPartsAreSortedOutByHead() throws Exception {
        // 2 heads, each with 1 row of query, key and value: q0 k0 v0 q1 k1 v1.
        NDArray fused = manager.arange(6f).reshape(6, 1);
        NameTable table = NameTable.of(NameRule.split("qkv", "q", "k", "v").interleaved(2));
        TensorSource ours = table.toOurs(source(Map.of("qkv", fused)));
        assertArrayEquals(new float[] {0, 3}, floats(ours, "q"));
        assertArrayEquals(new float[] {1, 4}, floats(ours, "k"));
        assertArrayEquals(new float[] {2, 5}, floats(ours, "v"));
        assertEquals(fused, table.toForeign(ours).toNDArray(manager, "qkv"));
    }

    @Test
    void unequalSharesCutGroupedQueries() throws Exception {
        NDArray fused = manager.arange(12f).reshape(12, 1);
        NameTable table = NameTable.of(NameRule.split("qkv", "q", "k", "v").shares(4, 1, 1));
        TensorSource ours = table.toOurs(source(Map.of("qkv", fused)));
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, floats(ours, "q"));
        assertArrayEquals(new float[] {8, 9}, floats(ours, "k"));
        assertArrayEquals(new float[] {10, 11}, floats(ours, "v"));
        assertEquals(fused, table.toForeign(ours).toNDArray(manager, "qkv"));
    }

    @Test
    void stackedExpertsAreCutAndAKernelBecomesAMatrix() throws Exception {
        NDArray stacked = manager.arange(12f).reshape(2, 2, 3);
        NDArray kernel = manager.arange(10f).reshape(5, 1, 2);
        NameTable table =
                NameTable.of(
                        NameRule.split("gate_up", "0.gate", "0.up", "1.gate", "1.up")
                                .reshaped(new Shape(-1, 3), new Shape(2, -1, 3)),
                        NameRule.same("conv.weight", "conv")
                                .reshaped(new Shape(-1, 2), new Shape(-1, 1, 2)));
        TensorSource ours = table.toOurs(source(Map.of("gate_up", stacked, "conv.weight", kernel)));
        assertArrayEquals(new float[] {6, 7, 8}, floats(ours, "1.gate"));
        assertEquals(new Shape(5, 2), ours.entry("conv").shape());
        TensorSource back = table.toForeign(ours);
        assertEquals(stacked, back.toNDArray(manager, "gate_up"));
        assertEquals(kernel, back.toNDArray(manager, "conv.weight"));
    }

    @Test
    void expertsApartBecomeOneStackAndReturn() throws Exception {
        NDArray first = manager.arange(6f).reshape(2, 3);
        NDArray second = manager.arange(6f, 12f).reshape(2, 3);
        NameTable table =
                NameTable.of(NameRule.join("{l}.up", "{l}.experts.0", "{l}.experts.1").stacked(2));
        TensorSource ours =
                table.toOurs(source(Map.of("7.experts.0", first, "7.experts.1", second)));
        assertEquals(manager.arange(12f).reshape(2, 2, 3), ours.toNDArray(manager, "7.up"));
        TensorSource back = table.toForeign(ours);
        assertEquals(first, back.toNDArray(manager, "7.experts.0"));
        assertEquals(second, back.toNDArray(manager, "7.experts.1"));
    }

    @Test
    void fusedMapsOfExpertsBecomeTwoStacksAndReturn() throws Exception {
        // 3 experts, each with 2 rows of its gate and then 2 rows of its map up.
        NDArray both = manager.arange(12f).reshape(3, 4, 1);
        NameTable table =
                NameTable.of(
                        NameRule.split("gate_up", "gate", "up")
                                .reshaped(new Shape(-1, 1), new Shape(3, -1, 1))
                                .interleaved(3)
                                .stacked(3));
        TensorSource ours = table.toOurs(source(Map.of("gate_up", both)));
        assertEquals(new Shape(3, 2, 1), ours.entry("up").shape());
        assertArrayEquals(new float[] {0, 1, 4, 5, 8, 9}, floats(ours, "gate"));
        assertArrayEquals(new float[] {2, 3, 6, 7, 10, 11}, floats(ours, "up"));
        assertEquals(both, table.toForeign(ours).toNDArray(manager, "gate_up"));
        refuses(
                NameTable.of(NameRule.same("a", "b").stacked(2)),
                Map.of("a", manager.ones(new Shape(5, 3))),
                "a must fit shape (2, 2, 3), got shape=(5, 3)");
    }

    @Test
    void otherElementSizesAreTransposedToo() throws Exception {
        for (DataType type : List.of(DataType.FLOAT64, DataType.INT8, DataType.FLOAT16)) {
            NDArray matrix = manager.arange(35f).reshape(5, 7).toType(type, true);
            NameTable table = NameTable.of(NameRule.same("a", "b").transposed());
            NDArray turned = table.toOurs(source(Map.of("a", matrix))).toNDArray(manager, "b");
            NDArray expected = matrix.transpose().toType(turned.getDataType(), true);
            assertEquals(expected, turned, type.name());
        }
    }

    @Test
    void largeMatricesAreTransposedTileByTile() throws Exception {
        NDArray matrix = manager.randomNormal(new Shape(97, 131));
        NameTable table = NameTable.of(NameRule.same("a", "b").transposed());
        TensorSource ours = table.toOurs(source(Map.of("a", matrix)));
        assertEquals(matrix.transpose(), ours.toNDArray(manager, "b"));
    }

    @Test
    void aTiedAliasMayBeThereOrNotButNotDiffer() throws Exception {
        NDArray weight = manager.create(new float[] {1, 2});
        NameTable table =
                NameTable.of(NameRule.same("wte.weight", "tokens"))
                        .tied("lm_head.weight", "wte.weight");
        for (Set<String> names :
                List.of(
                        Set.of("wte.weight"),
                        Set.of("lm_head.weight"),
                        Set.of("wte.weight", "lm_head.weight"))) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            names.forEach(name -> arrays.put(name, weight));
            TensorSource ours = table.toOurs(source(arrays));
            assertEquals(Set.of("tokens"), ours.entries().keySet());
            assertArrayEquals(new float[] {1, 2}, floats(ours, "tokens"));
            assertEquals(Set.of("wte.weight"), table.toForeign(ours).entries().keySet());
        }
        refuses(
                table,
                Map.of("wte.weight", weight, "lm_head.weight", manager.create(new float[] {1, 3})),
                "tied tensors lm_head.weight and wte.weight must be equal");
    }

    @Test
    void aPrefixIsDroppedWhereItLeadsToAKnownName() throws Exception {
        NDArray one = manager.ones(new Shape(1));
        NameTable table = NameTable.of(NameRule.same("a.{layer}", "{layer}.a")).prefixed("bert.");
        TensorSource ours =
                table.toOurs(source(Map.of("bert.a.0", one, "a.1", one, "bert.other", one)));
        assertEquals(Set.of("0.a", "1.a", "bert.other"), ours.entries().keySet());
        refuses(table, Map.of("bert.a.0", one, "a.0", one), "one tensor must lead to a.0, got two");
    }

    @Test
    void halfARuleIsRefused() {
        NDArray rows = manager.ones(new Shape(6, 1));
        NameTable table = NameTable.of(NameRule.join("qkv.{layer}", "q.{layer}", "k.{layer}"));
        refuses(
                table,
                Map.of("q.0", rows, "k.0", rows, "q.1", rows),
                "weights: missing k.1, which");
    }

    @Test
    void aShapeThatDoesNotFitItsRuleIsRefused() {
        NDArray rows = manager.ones(new Shape(5, 2));
        refuses(
                NameTable.of(NameRule.split("qkv", "q", "k")),
                Map.of("qkv", rows),
                "qkv must have rows that 1 groups of 2 shares divide, got shape=(5, 2)");
        refuses(
                NameTable.of(NameRule.same("a", "b").transposed()),
                Map.of("a", manager.ones(new Shape(2, 3, 5))),
                "a must be a vector or a matrix to be transposed, got shape=(2, 3, 5)");
        refuses(
                NameTable.of(NameRule.join("ab", "a", "b")),
                Map.of("a", rows, "b", manager.ones(new Shape(5, 3))),
                "b must have the type and row shape of a");
        refuses(
                NameTable.of(NameRule.same("a", "b").reshaped(new Shape(-1, 3), new Shape(-1, 2))),
                Map.of("a", rows),
                "a must fit shape (-1, 3), got shape=(5, 2)");
    }

    @Test
    void rulesThatCannotBeFollowedBothWaysAreRefused() {
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> NameRule.same("a.{layer}.{expert}", "b.{layer}"));
        assertEquals(
                "b.{layer} must have the placeholders [expert, layer], got [layer]",
                e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> NameRule.split("a", "b", "c").shares(1));
        assertThrows(IllegalArgumentException.class, () -> NameRule.split("a"));
    }

    @Test
    void oneNameMayBeAskedFor() {
        NameTable table =
                NameTable.of(
                                NameRule.same("layer.{layer}.a.weight", "layers.{layer}.b.weight"),
                                NameRule.split("qkv.{layer}", "q.{layer}", "k.{layer}"))
                        .prefixed("bert.");
        assertEquals("layers.3.b.weight", table.ourName("bert.layer.3.a.weight"));
        assertEquals("layers.3.b.weight", table.ourName("layer.3.a.weight"));
        assertEquals(null, table.ourName("qkv.3"));
        assertEquals(null, table.ourName("layer.x.a.weight"));
    }

    private void refuses(NameTable table, Map<String, NDArray> arrays, String message) {
        Exception e =
                assertThrows(MalformedModelException.class, () -> table.toOurs(source(arrays)));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private float[] floats(TensorSource source, String name) {
        return source.toNDArray(manager, name).toFloatArray();
    }

    private static TensorSource source(Map<String, NDArray> arrays) {
        return TensorSource.ofArrays("weights", arrays);
    }
}
