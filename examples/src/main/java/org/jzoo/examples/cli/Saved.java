package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jzoo.examples.adapter.AdapterFolder;
import org.jzoo.examples.adapter.PeftFolder;
import org.jzoo.examples.compress.RoundedStudent;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.training.tuning.LoraTuning;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.Pretrained;
import org.jzoo.zoo.weights.TensorType;

/** What a fine-tuning saves. */
enum Saved {
    /** The whole model in float32. */
    MODEL,
    /** The whole model in 16 bits. */
    HALF,
    /** Rounded weights in few bits, the rest in 16. */
    PACKED,
    /** What was learned beside the model, in our names. */
    ADAPTER,
    /** The same as the Python library peft names it. */
    PEFT;

    /** What --save and --half ask for. */
    static Saved of(Arguments arguments, FineTuneConfig config) {
        Saved saved = arguments.choice("save", Saved.class, MODEL);
        if (saved == PACKED) {
            throw new UsageException(
                    "--save must be model, half, adapter or peft, got packed; jzoo compress and"
                            + " jzoo quantize pack");
        }
        if (arguments.has("half") && saved == MODEL) {
            return HALF;
        }
        if (saved.adapter()
                && (!(config.tuning() instanceof LoraTuning) || arguments.has("half"))) {
            throw new UsageException(
                    "--save %s must go with --tuning lora, without --half and --frozen-layers"
                            .formatted(arguments.text("save")));
        }
        if (saved == PEFT && Pretrained.of(config.model()).isPresent()) {
            throw new UsageException(
                    ("--save peft must go with --model as a folder in Hugging Face's layout, got"
                                    + " --model %s: the zoo's sentence encoders get a head that"
                                    + " peft's models lack; --save adapter saves it")
                            .formatted(config.model()));
        }
        return saved;
    }

    /** Whether adapters stay apart from the weights. */
    boolean adapter() {
        return this == ADAPTER || this == PEFT;
    }

    /** Saves a tuned model. */
    void save(Path out, LoadedModel model, FineTuneConfig config, String card) throws IOException {
        switch (this) {
            case MODEL -> ModelFolder.save(out, model, card, TensorType.F32);
            case HALF -> ModelFolder.save(out, model, card, TensorType.F16);
            case PACKED -> {
                RoundedStudent.pack(model);
                ModelFolder.save(out, model, card, TensorType.F16);
            }
            case ADAPTER ->
                    AdapterFolder.save(
                            out, model, base(config.model()), (LoraTuning) config.tuning(), card);
            case PEFT ->
                    PeftFolder.save(
                            out, model, base(config.model()), (LoraTuning) config.tuning(), card);
        }
    }

    // A folder is found from wherever the adapter is used.
    private static String base(String model) {
        Path folder = Path.of(model);
        return Pretrained.of(model).isEmpty() && Files.isDirectory(folder)
                ? folder.toAbsolutePath().normalize().toString()
                : model;
    }
}
