package org.jzoo.zoo.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.modality.Input;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslatorContext;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.PyTorch;

class SingleTranslatorTest {

    /** Answers with the shapes of the outputs. */
    private static final class Shapes implements Exchange<String, String> {
        @Override
        public Batchifier batchifier() {
            return Batchifier.STACK;
        }

        @Override
        public Asked<String> parse(Input input) {
            throw new AssertionError();
        }

        @Override
        public NDList inputs(TranslatorContext context, List<String> queries) {
            throw new AssertionError();
        }

        @Override
        public List<String> answers(TranslatorContext context, NDList outputs) {
            return List.of(outputs.stream().map(a -> a.getShape().toString()).toList().toString());
        }
    }

    @Test
    void aRowOfABatchHasAllOutputs() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDList row = new NDList(manager.zeros(new Shape(3)), manager.zeros(new Shape(2, 5)));
            assertEquals(
                    "[(1, 3), (1, 2, 5)]",
                    new SingleTranslator<String, String, String>(text -> text, new Shapes())
                            .processOutput(null, row));
        }
    }
}
