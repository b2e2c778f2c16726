package org.jzoo.zoo.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.zoo.encoder.ImageModel;
import org.jzoo.zoo.task.ImageClassificationTask;

/** Image encoders, with a classifier or with a pooler. */
final class VerifiedImageEncoder implements VerifiedModel {

    @Override
    public Set<String> inputs() {
        return Set.of("pixel_values");
    }

    @Override
    public Map<String, NDArray> run(Block block, Map<String, NDArray> inputs, Set<String> wanted) {
        ImageModel model = (ImageModel) block;
        NDArray images = inputs.get("pixel_values");
        ForwardContext context = new ForwardContext().withCapture(Transformer.HIDDEN);
        ParameterStore store = new ParameterStore(images.getManager(), false);
        PairList<String, Object> params = context.asParams();
        NDList last = model.encoder().forward(store, new NDList(images), false, params);
        NDList head = model.part("head").forward(store, last, false, params);
        Map<String, NDArray> outputs = new LinkedHashMap<>();
        // The published last state is that before the final norm.
        context.captured()
                .forEach(
                        (path, state) ->
                                outputs.put("hidden_states." + path.split("\\.", -1)[1], state));
        outputs.put("last_hidden_state", last.singletonOrThrow());
        boolean classified = model.task() instanceof ImageClassificationTask;
        outputs.put(classified ? "logits" : "pooler_output", head.singletonOrThrow());
        return outputs;
    }
}
