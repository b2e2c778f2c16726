package org.jzoo.blocks.part;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.adapter.LoraConfig;
import org.jzoo.blocks.adapter.LoraLinear;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.transformer.Stacks;
import org.jzoo.blocks.transformer.Transformer;

class PartTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Two children that share a parameter, and a table of its own. */
    private static final class Pair extends Part {
        private final Parameter table;

        Pair() {
            table = declareConstant("table", Initializer.ONES, 3);
            Linear first = child("first", new Linear(3, 3, false));
            child("second", first);
        }

        void add(String name) {
            child(name, new Linear(1, 1, false));
        }

        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            return list(pass.run(part("second"), pass.run(part("first"), inputs.head())));
        }
    }

    @Test
    void pathsAreNamesJoinedByDots() {
        Set<String> paths = ParameterPaths.of(new Transformer(Stacks.preCausal(0))).keySet();
        List<String> first = List.copyOf(paths).subList(0, 3);
        assertEquals(
                List.of(
                        "layers.0.mixer.query.weight",
                        "layers.0.mixer.query.bias",
                        "layers.0.mixer.key.weight"),
                first);
        assertTrue(paths.contains("layers.2.feedForwardNorm.bias"));
        assertTrue(paths.contains("finalNorm.weight"));
        assertEquals(3 * 16 + 2, paths.size());
    }

    @Test
    void aSharedParameterHasBothPaths() {
        Pair pair = new Pair();
        var paths = ParameterPaths.of(pair);
        assertEquals(
                List.of("table", "first.weight", "second.weight"), List.copyOf(paths.keySet()));
        assertTrue(paths.get("first.weight") == paths.get("second.weight"));
    }

    @Test
    void constantsAreInitializedAndNeverLearn() {
        Pair pair = Run.initialized(new Pair(), manager, 1);
        assertFalse(pair.table.requiresGradient());
        assertFalse(pair.table.getArray().hasGradient());
        assertTrue(ParameterPaths.of(pair).get("first.weight").getArray().hasGradient());
    }

    @Test
    void replacedPartsKeepOrderPathsAndKeys() {
        Transformer stack = Run.initialized(new Transformer(Stacks.post(0)), manager, 1);
        List<String> paths = List.copyOf(ParameterPaths.of(stack).keySet());
        List<String> keys = stack.getParameters().keys();
        NDArray x = Run.random(manager, 2, 2, 5, Stacks.DIM);
        NDArray before = Run.infer(stack, x, new ForwardContext());
        List<String> offered = new ArrayList<>();
        stack.replaceParts(
                (path, block) -> {
                    offered.add(path);
                    return path.endsWith("query") ? adapter((Linear) block) : block;
                });
        assertEquals(
                List.of("layers", "layers.0", "layers.0.mixer", "layers.0.mixer.query"),
                offered.subList(0, 4));
        assertFalse(offered.contains("layers.0.mixer.query.base"));
        List<String> adapted = List.copyOf(ParameterPaths.of(stack).keySet());
        assertEquals(
                List.of(
                        "layers.0.mixer.query.loraA",
                        "layers.0.mixer.query.loraB",
                        "layers.0.mixer.query.base.weight",
                        "layers.0.mixer.query.base.bias",
                        "layers.0.mixer.key.weight"),
                adapted.subList(0, 5));
        assertSame(before, Run.infer(stack, x, new ForwardContext()));
        stack.replaceParts(
                (path, block) -> block instanceof LoraLinear lora ? lora.merge() : block);
        assertEquals(paths, List.copyOf(ParameterPaths.of(stack).keySet()));
        assertEquals(keys, stack.getParameters().keys());
    }

    private Block adapter(Linear base) {
        LoraLinear lora = new LoraLinear(base, new LoraConfig(2, 4, 0, false));
        lora.initializeAdapter(manager);
        return lora;
    }

    @Test
    void aReplacementWithoutValuesMakesThePartUninitialized() {
        Transformer stack = Run.initialized(new Transformer(Stacks.post(0)), manager, 1);
        assertTrue(stack.isInitialized());
        stack.replaceParts(
                (path, block) ->
                        path.equals("layers.1.mixer.key") ? new Linear(12, 12, true) : block);
        assertFalse(stack.isInitialized());
    }

    @Test
    void aContextIsMadeWhereNoneWasPassed() {
        Linear map = Run.initialized(new Linear(3, 2, true), manager, 1);
        NDArray x = Run.random(manager, 2, 4, 3);
        NDArray y =
                map.forward(
                                new ai.djl.training.ParameterStore(manager, false),
                                new NDList(x),
                                false)
                        .singletonOrThrow();
        assertSame(Run.infer(map, x, new ForwardContext()), y);
    }

    @Test
    void errorsNameTheChild() {
        assertEquals(
                "child name must be unique and without dots, got name=first",
                message(() -> new Pair().add("first")));
        assertEquals(
                "child name must be unique and without dots, got name=a.b",
                message(() -> new Pair().add("a.b")));
        assertEquals(
                "name must be a child of Pair ([first, second]), got name=third",
                message(() -> new Pair().part("third")));
    }

    private static String message(org.junit.jupiter.api.function.Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
