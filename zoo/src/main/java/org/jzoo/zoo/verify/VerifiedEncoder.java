package org.jzoo.zoo.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jzoo.blocks.kernel.GlobalTokens;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.zoo.encoder.TextModel;
import org.jzoo.zoo.task.EmbeddingTask;

/** Text encoders, with the head of a task or bare. */
final class VerifiedEncoder implements VerifiedModel {

    @Override
    public Set<String> inputs() {
        return Set.of("input_ids", "attention_mask", "token_type_ids", "global_attention_mask");
    }

    @Override
    public Map<String, NDArray> run(Block block, Map<String, NDArray> inputs, Set<String> wanted) {
        TextModel model = (TextModel) block;
        NDList tokens = new NDList(inputs.get("input_ids"));
        if (inputs.containsKey("token_type_ids")) {
            tokens.add(inputs.get("token_type_ids"));
        }
        ForwardContext context =
                new ForwardContext()
                        .withMask(booleans(inputs.get("attention_mask")))
                        .withCapture(Transformer.HIDDEN);
        if (inputs.containsKey("global_attention_mask")) {
            context.withGlobalTokens(booleans(inputs.get("global_attention_mask")));
        } else if (model.task().firstTokenIsGlobal() && model.config().hasGlobalTokens()) {
            context.withGlobalTokens(GlobalTokens.first(tokens.head()));
        }
        ParameterStore store = new ParameterStore(tokens.head().getManager(), false);
        PairList<String, Object> params = context.asParams();
        NDArray last = model.encoder().forward(store, tokens, false, params).singletonOrThrow();
        Map<String, NDArray> outputs = new LinkedHashMap<>();
        outputs.putAll(hiddenStates(context, last));
        outputs.put("last_hidden_state", last);
        if (!(model.task() instanceof EmbeddingTask)) {
            NDList head = model.part("head").forward(store, new NDList(last), false, params);
            outputs.put("logits", head.singletonOrThrow());
        }
        return outputs;
    }

    /** What a stack captured, by published name; a final norm counts to the last layer. */
    static Map<String, NDArray> hiddenStates(ForwardContext context, NDArray last) {
        Map<String, NDArray> states = new LinkedHashMap<>();
        Map<String, NDArray> captured = context.captured();
        int l = 0;
        while (captured.containsKey("layers." + l + "." + Transformer.HIDDEN)) {
            states.put(
                    "hidden_states." + l, captured.get("layers." + l + "." + Transformer.HIDDEN));
            l++;
        }
        states.put("hidden_states." + (l - 1), last);
        return states;
    }

    /** An int64 mask as booleans; null for null. */
    static NDArray booleans(NDArray mask) {
        return mask == null ? null : mask.toType(DataType.BOOLEAN, true);
    }
}
