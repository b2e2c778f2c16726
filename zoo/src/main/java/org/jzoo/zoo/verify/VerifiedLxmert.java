package org.jzoo.zoo.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.lxmert.LxmertModel;

/** LXMERT: texts and regions of images. */
final class VerifiedLxmert implements VerifiedModel {

    private static final Set<String> WITH_PADDING =
            Set.of("text.positions.weight", "text.types.weight");

    @Override
    public Set<String> inputs() {
        return Set.of(
                "input_ids",
                "attention_mask",
                "visual_feats",
                "visual_pos",
                "visual_attention_mask");
    }

    @Override
    public Map<String, NDArray> run(Block block, Map<String, NDArray> inputs, Set<String> wanted) {
        NDArray ids = inputs.get("input_ids"); // (B, T)
        NDArray features = inputs.get("visual_feats"); // (B, N, F)
        NDList given = new NDList(ids);
        addMask(given, inputs.get("attention_mask"));
        given.add(features);
        given.add(inputs.get("visual_pos"));
        addMask(given, inputs.get("visual_attention_mask"));
        ParameterStore store = new ParameterStore(ids.getManager(), false);
        Pass pass = Pass.of(store, false, new ForwardContext().asParams());
        NDArray states = ((LxmertModel) block).encode(given, pass).singletonOrThrow();
        int tokens = Math.toIntExact(ids.getShape().get(1));
        int regions = Math.toIntExact(features.getShape().get(1));
        Map<String, NDArray> outputs = new LinkedHashMap<>();
        outputs.put("pooled_output", FusionKernel.part(states, 0, 1).squeeze(1));
        outputs.put("language_output", FusionKernel.part(states, 1, tokens));
        outputs.put("vision_output", FusionKernel.part(states, 1 + tokens, regions));
        return outputs;
    }

    private static void addMask(NDList given, NDArray mask) {
        if (mask != null) {
            given.add(VerifiedEncoder.booleans(mask));
        }
    }

    // There, the first row of positions and of types counts as padding, which never learns.
    @Override
    public NDArray gradient(String path, NDArray gradient) {
        if (!WITH_PADDING.contains(path)) {
            return gradient;
        }
        float[] values = gradient.toFloatArray();
        Arrays.fill(values, 0, Math.toIntExact(gradient.getShape().get(1)), 0);
        return gradient.getManager().create(values, gradient.getShape());
    }
}
