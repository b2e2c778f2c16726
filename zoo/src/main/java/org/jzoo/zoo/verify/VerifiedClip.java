package org.jzoo.zoo.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.clip.ClipModel;

/** Dual encoders of images and texts. */
final class VerifiedClip implements VerifiedModel {

    @Override
    public Set<String> inputs() {
        return Set.of("input_ids", "attention_mask", "pixel_values");
    }

    @Override
    public Map<String, NDArray> run(Block block, Map<String, NDArray> inputs, Set<String> wanted) {
        NDList given = new NDList(inputs.get("input_ids"), inputs.get("pixel_values"));
        NDArray mask = VerifiedEncoder.booleans(inputs.get("attention_mask"));
        if (mask != null) {
            given.add(mask);
        }
        ParameterStore store = new ParameterStore(given.head().getManager(), false);
        Pass pass = Pass.of(store, false, new ForwardContext().asParams());
        NDList got = ((ClipModel) block).encode(given, pass);
        NDArray logits = got.get(0);
        Map<String, NDArray> outputs = new LinkedHashMap<>();
        outputs.put("logits_per_image", logits);
        outputs.put("logits_per_text", logits.transpose());
        outputs.put("image_embeds", got.get(1));
        outputs.put("text_embeds", got.get(2));
        if (logits.getShape().get(0) == logits.getShape().get(1)) {
            outputs.put("loss", LossKernel.contrastive(logits));
        }
        return outputs;
    }
}
