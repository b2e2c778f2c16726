package org.jzoo.zoo.huggingface;

import java.util.List;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Task;

/** What published families of text decoders share. */
public interface DecoderArchitecture extends Architecture {

    @Override
    DecoderConfig readConfig(HuggingFaceConfig config);

    @Override
    default Task readTask(HuggingFaceConfig config) {
        return HuggingFaceDecoder.task(config);
    }

    @Override
    default List<String> unused(Task task) {
        return List.of();
    }

    @Override
    default HeadOption head() {
        return HeadOption.MEAN;
    }
}
