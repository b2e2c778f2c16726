package org.jzoo.zoo.verify;

import static java.util.Arrays.stream;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jzoo.blocks.feedforward.experts.ExpertsOption;
import org.jzoo.blocks.feedforward.experts.RouterLoss;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.zoo.decoder.LanguageModel;
import org.jzoo.zoo.decoder.TextDecoder;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.Generator;

/** Text decoders. */
final class VerifiedDecoder implements VerifiedModel {

    @Override
    public Set<String> inputs() {
        return Set.of("input_ids", "attention_mask", "position_ids");
    }

    @Override
    public Map<String, NDArray> run(Block block, Map<String, NDArray> inputs, Set<String> wanted) {
        TextDecoder decoder = ((LanguageModel) block).decoder();
        NDArray ids = inputs.get("input_ids");
        NDArray mask = VerifiedEncoder.booleans(inputs.get("attention_mask"));
        ForwardContext context =
                new ForwardContext()
                        .withMask(mask)
                        .withPositions(inputs.get("position_ids"))
                        .withCapture(Transformer.HIDDEN);
        ParameterStore store = new ParameterStore(ids.getManager(), false);
        Pass pass = Pass.of(store, false, context.asParams());
        NDArray hidden = decoder.hidden(ids, pass);
        NDArray logits = decoder.logits(hidden, pass);
        Map<String, NDArray> outputs = new LinkedHashMap<>();
        outputs.putAll(VerifiedEncoder.hiddenStates(context, hidden));
        outputs.put("last_hidden_state", hidden);
        outputs.put("logits", logits);
        NDArray loss = LossKernel.nextToken(logits, ids, mask);
        for (Map.Entry<String, NDArray> part : context.losses().entrySet()) {
            if (wanted.contains("aux_loss") && part.getKey().endsWith(RouterLoss.BALANCE)) {
                // Published without its coefficient, and with it in the loss.
                outputs.put("aux_loss", LossKernel.scale(part.getValue(), 1 / balance(decoder)));
                loss = LinearKernel.add(loss, part.getValue());
            }
        }
        outputs.put("loss", loss);
        return outputs;
    }

    private static double balance(TextDecoder decoder) {
        LayerConfig layer = decoder.config().stack().layers().get(0);
        return ((ExpertsOption) layer.feedForward()).loss().balance();
    }

    @Override
    public long[][] greedy(Block block, long[][] ids, int count) {
        TextDecoder decoder = ((LanguageModel) block).decoder();
        Generator generator = new Generator(decoder, List.of(), GenerationConfig.greedy(count));
        long[][] rows = new long[ids.length][];
        try (NDManager manager = PyTorch.engine().newBaseManager(device(decoder))) {
            List<long[]> added = generator.generate(manager, List.of(ids));
            for (int b = 0; b < rows.length; b++) {
                rows[b] = LongStream.concat(stream(ids[b]), stream(added.get(b))).toArray();
            }
        }
        return rows;
    }

    private static Device device(TextDecoder decoder) {
        return decoder.tokens().weight().getArray().getDevice();
    }
}
