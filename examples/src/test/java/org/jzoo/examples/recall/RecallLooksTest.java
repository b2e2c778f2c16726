package org.jzoo.examples.recall;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.zoo.j3.J3Size;

class RecallLooksTest {

    private static final int END = RecallVocabulary.END;
    private static final int SLOT = RecallVocabulary.SLOT;
    private static final long OFF = LossKernel.IGNORE;

    // 24 tokens of text, 20 to 43, and six slots.
    private static RecallExample example(RecallTask task, List<int[]> facts, int[]... findings) {
        int[] tokens = IntStream.range(20, 50).toArray();
        for (int i = 0; i < RecallExample.SLOTS; i++) {
            tokens[24 + i] = SLOT + i;
        }
        int[] marks = new int[30];
        facts.forEach(fact -> Arrays.fill(marks, fact[0], fact[1], RecallExample.ANSWERS));
        Arrays.fill(marks, 16, 18, RecallExample.LIKE);
        return new RecallExample(
                task,
                tokens,
                new int[] {11, 12},
                findings[findings.length - 1],
                marks,
                facts,
                List.of(findings),
                0,
                0);
    }

    private static RecallExample chain() {
        return example(
                RecallTask.TWO_FACTS,
                List.of(new int[] {12, 15}, new int[] {3, 6}),
                new int[] {END},
                new int[] {13, END},
                new int[] {14, END});
    }

    @Test
    void everyChunkEndsWithSlotsAndFurtherLooksAreNothingElse() {
        RecallLooks looks = new RecallLooks(10, 8, 2);
        try (NDManager manager = PyTorch.engine().newBaseManager(Device.cpu())) {
            NDList pieces = looks.pieces(List.of(chain()), manager);
            assertEquals(4, looks.count(30));
            assertEquals(4, pieces.size());
            long[] slots = IntStream.range(SLOT, SLOT + 6).asLongStream().toArray();
            int[] starts = {20, 30, 40, 44};
            int[] sizes = {10, 10, 4, 0};
            for (int i = 0; i < 4; i++) {
                long[] ids = pieces.get(i).toLongArray();
                assertEquals(new Shape(1, sizes[i] + 6), pieces.get(i).getShape());
                long[] text =
                        IntStream.range(starts[i], starts[i] + sizes[i]).asLongStream().toArray();
                assertArrayEquals(text, Arrays.copyOf(ids, sizes[i]));
                assertArrayEquals(slots, Arrays.copyOfRange(ids, sizes[i], sizes[i] + 6));
            }
        }
    }

    @Test
    void oneLookFindsOneFactOnceItWasRead() {
        RecallLooks looks = new RecallLooks(10, 8, 2);
        assertArrayEquals(new int[] {0, 0, 1, 2, 2}, looks.known(chain()));
        RecallExample sum =
                example(
                        RecallTask.COUNTING,
                        List.of(
                                new int[] {8, 11},
                                new int[] {1, 3},
                                new int[] {19, 22},
                                new int[] {21, 23}),
                        new int[] {30, END},
                        new int[] {31, END},
                        new int[] {32, END},
                        new int[] {33, END},
                        new int[] {34, END});
        assertArrayEquals(new int[] {0, 2, 2, 4, 4}, looks.known(sum));
    }

    @Test
    void theNoteIsWhatWasRightToSayAtTheLookBefore() {
        RecallLooks looks = new RecallLooks(10, 8, 2);
        try (NDManager manager = PyTorch.engine().newBaseManager(Device.cpu())) {
            NDArray notes = looks.notes(List.of(chain()), manager);
            assertEquals(new Shape(1, 4, 6), notes.getShape());
            assertArrayEquals(
                    new long[] {
                        END, 0, 0, 0, 0, 0, END, 0, 0, 0, 0, 0, 13, END, 0, 0, 0, 0, 14, END, 0, 0,
                        0, 0
                    },
                    notes.toLongArray());
            NDArray labels = looks.labels(List.of(chain()), manager);
            assertEquals(new Shape(1, 24), labels.getShape());
            assertArrayEquals(
                    new long[] {
                        END, OFF, OFF, OFF, OFF, OFF, 13, END, OFF, OFF, OFF, OFF, 14, END, OFF,
                        OFF, OFF, OFF, 14, END, OFF, OFF, OFF, OFF
                    },
                    labels.toLongArray());
        }
        assertArrayEquals(
                new long[] {5, END, 0, 0, 0, 0, 7, 8, 9, 7, 8, 9},
                RecallLooks.noted(5, END, 7, END, 3, 2, 7, 8, 9, 7, 8, 9));
    }

    @Test
    void aReaderWhoIsToldAFindingGoesOnFromIt() {
        RecallLooks looks = new RecallLooks(10, 8, 2);
        Random random = new Random(7);
        Set<Integer> told = new TreeSet<>();
        for (int i = 0; i < 30; i++) {
            RecallExample example = chain().told(random);
            told.add(example.told());
            if (example.told() == 1) {
                assertArrayEquals(new int[] {1, 2, 2, 2, 2}, looks.known(example));
                try (NDManager manager = PyTorch.engine().newBaseManager(Device.cpu())) {
                    long[] notes = looks.notes(List.of(example), manager).toLongArray();
                    assertArrayEquals(new long[] {13, END}, Arrays.copyOf(notes, 2));
                }
            }
        }
        assertEquals(Set.of(0, 1, 2), told);
    }

    @Test
    void retrievalLooksForTheFactThatComesNext() {
        RecallLooks looks = new RecallLooks(10, 8, 2);
        try (NDManager manager = PyTorch.engine().newBaseManager(Device.cpu())) {
            NDArray marks = looks.marks(List.of(chain()), manager);
            assertEquals(new Shape(1, 4, 56), marks.getShape());
            long[] all = marks.toLongArray();
            for (int look = 0; look < 4; look++) {
                int first = look < 2 ? 2 : 1;
                long[] wanted = new long[56];
                Arrays.fill(wanted, 3, 6, 3 - first); // the second fact
                Arrays.fill(wanted, 18, 21, first); // token 12 is the third of the second chunk
                Arrays.fill(wanted, 22, 24, RecallExample.LIKE);
                assertArrayEquals(wanted, Arrays.copyOfRange(all, look * 56, look * 56 + 56));
            }
        }
    }

    private static RecallConfig config() {
        return new RecallConfig(
                new J3Size(16, 2, 2, 24, 16, 8, 9),
                List.of(RecallTask.TWO_FACTS),
                2,
                new RecallConfig.Training(
                        List.of(256), 512, 1, 1e-3, new RecallConfig.Aids(0.5, 1)),
                new RecallConfig.Judging(List.of(256), 0, 1, 512),
                Precision.FLOAT32);
    }

    @Test
    void whoReadsAloneSaysWhatTrainingWouldWithTheSameNotes() {
        RecallLooks looks = new RecallLooks(10, 8, 2);
        try (NDManager manager = PyTorch.engine().newBaseManager(Device.cpu());
                GradientMode off = GradientMode.off()) {
            RecallModel model = RecallModel.fresh(RecallVariant.J3, config(), 50, 3, manager);
            NDArray kinds = manager.create(new long[] {0});
            // One fact a chunk, so that each look has a finding of its own: what the model says.
            List<int[]> facts = List.of(new int[] {1, 3}, new int[] {11, 13}, new int[] {21, 23});
            int[][] findings = {{END}, {END}, {END}, {END}};
            for (int look = 0; look < 4; look++) {
                RecallExample read = example(RecallTask.COUNTING, facts, findings);
                long[] said =
                        model.forward(
                                        new ParameterStore(manager, false),
                                        RecallModel.lesson(List.of(read), looks, kinds, manager),
                                        false)
                                .singletonOrThrow()
                                .argMax(2)
                                .toLongArray();
                long[] now = Arrays.copyOfRange(said, 6 * look, 6 * look + 6);
                if (look == 3) {
                    assertArrayEquals(
                            now, model.noted(List.of(read), looks, new ForwardContext(), manager));
                } else {
                    int end =
                            IntStream.range(0, 6).filter(i -> now[i] == END).findFirst().orElse(5);
                    findings[look + 1] =
                            Arrays.stream(now).limit(end + 1).mapToInt(t -> (int) t).toArray();
                }
            }
        }
    }

    @Test
    void everyWeightLearnsFromLooks() {
        try (NDManager manager = PyTorch.engine().newBaseManager(Device.cpu())) {
            RecallModel model = RecallModel.fresh(RecallVariant.J3, config(), 50, 3, manager);
            RecallLooks looks = new RecallLooks(10, 8, 2);
            List<RecallExample> examples = List.of(chain(), chain());
            NDArray kinds = manager.create(new long[] {0, 0});
            ForwardContext context = new ForwardContext();
            try (GradientMode on = GradientMode.on()) {
                NDArray logits =
                        model.forward(
                                        new ParameterStore(manager, false),
                                        RecallModel.lesson(examples, looks, kinds, manager),
                                        true,
                                        context.asParams())
                                .singletonOrThrow();
                NDArray loss =
                        LossKernel.crossEntropy(logits, looks.labels(examples, manager), null, 0);
                assertEquals(4, context.losses().size()); // one layer finds, at each look
                for (NDArray auxiliary : context.losses().values()) {
                    loss = loss.add(auxiliary);
                }
                GradientMode.backward(loss);
            }
            for (var parameter : model.getParameters()) {
                Parameter each = parameter.getValue();
                if (each.requiresGradient()) {
                    NDArray gradient = each.getArray().getGradient();
                    float sum = gradient.abs().sum().getFloat();
                    assertTrue(Float.isFinite(sum) && sum > 0, parameter.getKey() + " " + sum);
                }
            }
        }
    }

    @Test
    void aRunWithLooksTrainsAndJudges() throws Exception {
        RecallRun.Figures figures =
                new RecallRun(RecallVariant.J3, 5)
                        .run(
                                RecallRunTest.text(),
                                config().withTasks(List.of(RecallTask.values())),
                                Device.cpu(),
                                null,
                                new StopSignal());
        assertTrue(Double.isFinite(figures.lossCurve().get(1)));
        assertEquals(RecallTask.values().length, figures.recall().size());
        assertTrue(figures.options().contains("--looks 2"), figures.options());
    }
}
