package org.jzoo.examples.recall;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.chunk.RetrievalGuide;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.examples.recipe.Weights;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.task.MaskedWordsTask;

/**
 * A J3 that is asked at the end: inputs of {@link J3Model} to logits of the slots (B, S, V). To
 * learn, it is also given the marks of the tokens, cut to chunks (B, n, C), which says how it reads
 * them, and the kinds of the rows (B); see {@link RetrievalGuide}.
 *
 * <p>With {@link RecallLooks}, it is asked at every look, and learns from {@link #lesson}: logits
 * (B, T·S, V).
 */
final class RecallModel extends Part {

    private static final MaskedWordsTask SLOTS = new MaskedWordsTask(Activation.GELU, 1e-6);

    private static final int ASKED = 5;

    // Where the notes stand in a lesson with looks, and the pieces.
    private static final int NOTES = 2;
    private static final int PIECES = NOTES + 3;

    private final J3Model model;
    private final double guidance;
    private final boolean looks;

    private RecallModel(J3Config config, double guidance, boolean looks) {
        this.guidance = guidance;
        this.looks = looks;
        model = child("model", new J3Model(config, SLOTS));
    }

    /** A fresh model of a variant; what it lacks of J3's weights, its feed-forwards get. */
    static RecallModel fresh(
            RecallVariant variant,
            RecallConfig config,
            int vocabulary,
            long seed,
            NDManager manager) {
        J3Size size = config.size();
        long wanted =
                Weights.count(new RecallModel(RecallVariant.J3.model(size, vocabulary), 0, false));
        J3Size fitted =
                Weights.fitted(
                        size,
                        wanted,
                        each -> new RecallModel(variant.model(each, vocabulary), 0, false));
        PyTorch.seed(seed);
        RecallModel model =
                new RecallModel(
                        variant.model(fitted, vocabulary),
                        config.training().aids().guidance(),
                        variant.looks(config) > 0);
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        return model;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray asked = looks ? looked(inputs, pass) : slots(hidden(inputs, pass));
        return list(model.outputs(asked, pass));
    }

    /**
     * What it learns from with looks.
     *
     * @return question (B, Q) and mask, notes (B, T, S), marks (B, T, N'), kinds (B), T pieces
     */
    static NDList lesson(
            List<RecallExample> examples, RecallLooks looks, NDArray kinds, NDManager manager) {
        NDList lesson = RecallBatch.question(examples, manager);
        lesson.add(looks.notes(examples, manager));
        lesson.add(looks.marks(examples, manager));
        lesson.add(kinds);
        lesson.addAll(looks.pieces(examples, manager));
        return lesson;
    }

    // The slots of all looks (B, T·S, D): the notes are given, as they should have been taken.
    private NDArray looked(NDList inputs, Pass pass) {
        NDList question = new NDList(inputs.subList(0, NOTES));
        NDArray notes = inputs.get(NOTES); // (B, T, S)
        NDArray marks = inputs.get(NOTES + 1); // (B, T, N')
        NDArray kinds = inputs.get(NOTES + 2); // (B)
        List<NDArray> pieces = inputs.subList(PIECES, inputs.size());
        ForwardContext now = pass.context();
        List<NDArray> slots = new ArrayList<>();
        try (NDManager home = kinds.getManager().newSubManager()) {
            for (int look = 0; look < pieces.size(); look++) {
                now = now.next().withMemory(home.newSubManager(), true);
                if (guidance > 0) {
                    NDArray mark = ChunkKernel.squeezed(ChunkKernel.part(marks, 1, look, 1));
                    new RetrievalGuide(mark, kinds, guidance).leave(now);
                }
                NDArray note = ChunkKernel.squeezed(ChunkKernel.part(notes, 1, look, 1));
                Pass one = Pass.of(pass.store(), pass.training(), now.asParams());
                try (NDManager working = home.newSubManager()) {
                    NDArray y = look(pieces.get(look), question, note, one, working);
                    y.attach(kinds.getManager());
                    slots.add(y);
                    for (Map.Entry<String, NDArray> loss : now.losses().entrySet()) {
                        NDArray share = LossKernel.scale(loss.getValue(), 1.0 / pieces.size());
                        share.attach(kinds.getManager());
                        pass.context().addLoss("looks.%d.%s".formatted(look, loss.getKey()), share);
                    }
                }
            }
        }
        return ChunkKernel.join(1, slots.toArray(NDArray[]::new));
    }

    // Reads a piece (B, C) with a note (B, S): the states of its slots (B, S, D).
    private NDArray look(
            NDArray piece, NDList question, NDArray note, Pass pass, NDManager working) {
        NDArray ids = ChunkKernel.cut(piece, 1, 0, Math.toIntExact(piece.getShape().get(1)));
        ids.attach(working);
        NDArray mask = ChunkKernel.join(1, question.get(1), note.neq(RecallVocabulary.PADDING));
        NDArray all = ChunkKernel.join(1, question.get(0), note); // (B, Q+S)
        NDList inputs = new NDList(ids, ids, ids.gte(0), all, mask);
        return slots(model.hidden(inputs, pass, Integer.MAX_VALUE));
    }

    /**
     * What it says at the last look, each look's note being what it said at the one before; without
     * gradients, and forgetting all but memory and store.
     *
     * @return token ids (B, S), of which those behind an end mean nothing
     */
    long[] noted(
            List<RecallExample> examples,
            RecallLooks looks,
            ForwardContext context,
            NDManager manager) {
        NDList question = RecallBatch.question(examples, manager);
        int rows = examples.size();
        ParameterStore store = new ParameterStore(manager, false);
        long[] said = RecallLooks.nothing(rows);
        ForwardContext now = context;
        NDManager before = null;
        for (NDArray piece : looks.pieces(examples, manager)) {
            NDManager memory = manager.newSubManager();
            now = now.next().withMemory(memory);
            try (NDManager working = manager.newSubManager()) {
                NDArray note =
                        working.create(
                                RecallLooks.noted(said), new Shape(rows, RecallExample.SLOTS));
                Pass pass = Pass.of(store, false, now.asParams());
                said =
                        model.outputs(look(piece, question, note, pass, working), pass)
                                .argMax(2)
                                .toLongArray();
            }
            if (before != null) {
                before.close();
            }
            before = memory;
        }
        return said;
    }

    private NDArray hidden(NDList inputs, Pass pass) {
        if (inputs.size() == ASKED) {
            return model.hidden(inputs, pass);
        }
        NDArray marks = inputs.get(ASKED); // (B, n, C)
        long rows = marks.getShape().get(0);
        if (guidance > 0) {
            new RetrievalGuide(marks.reshape(rows, -1), inputs.get(ASKED + 1), guidance)
                    .leave(pass.context());
        }
        int chunkLength = Math.toIntExact(marks.getShape().tail());
        return model.hidden(new NDList(inputs.subList(0, ASKED)), pass, chunkLength);
    }

    /** The same without gradients, in memory that does not grow with the length. */
    long[] answer(NDList inputs, ForwardContext context) {
        ParameterStore store = new ParameterStore(inputs.head().getManager(), false);
        NDArray hidden = slots(model.readToEnd(store, inputs, context));
        return model.outputs(hidden, context).argMax(2).toLongArray();
    }

    private static NDArray slots(NDArray hidden) {
        int length = Math.toIntExact(hidden.getShape().get(1));
        int from = length - RecallExample.SLOTS;
        return ChunkKernel.part(hidden, 1, from, RecallExample.SLOTS);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        long rows = inputShapes[0].get(0);
        return new Shape[] {new Shape(rows, RecallExample.SLOTS, model.config().vocabularySize())};
    }
}
