package org.jzoo.examples.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Options;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.image.Pictures;
import org.jzoo.zoo.j1.CaptionTask;
import org.jzoo.zoo.j1.Captioner;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Zoo;

/** {@code jzoo caption}: what is on a picture, in words. */
final class CaptionCommand implements Command {

    @Override
    public String name() {
        return "caption";
    }

    @Override
    public String summary() {
        return "Writes what is on pictures, by a model that was tuned on captions.";
    }

    @Override
    public String usage() {
        return "--model DIR PICTURE... [options]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.valued("model", "NAME", "model folder or name"));
        options.addOption(
                FineTuneOptions.valued("max-new-tokens", "N", "tokens of a caption at most [64]"));
        options.addOption(
                FineTuneOptions.valued(
                        "temperature", "X", "0 takes the most probable word, above draws [0]"));
        options.addOption(FineTuneOptions.valued("seed", "N", "of the draws [0]"));
        options.addOption(FineTuneOptions.flag("bf16", "computes matrix products in bfloat16"));
        options.addOption(
                FineTuneOptions.valued("device", "NAME", "cpu or gpu [gpu if there is one]"));
        options.addOption(FineTuneOptions.flag("json", "prints a JSON object a picture"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo caption --model my-captions photo.jpg drawing.png");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        String name = arguments.text("model");
        if (arguments.rest().isEmpty()) {
            throw new UsageException("PICTURE must be one or more pictures, got none");
        }
        GenerationConfig config =
                GenerationConfig.builder()
                        .optMaxNewTokens(arguments.integer("max-new-tokens", 64, 1))
                        .optTemperature(arguments.number("temperature", 0, 0, 100))
                        .optSeed(arguments.integer("seed", 0, 0))
                        .optPrecision(
                                arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32)
                        .build();
        try (LoadedModel model = Zoo.load(name, FineTuneOptions.device(arguments))) {
            if (!(model.config().task() instanceof CaptionTask)) {
                throw new UsageException(
                        "--model must write captions; %s was made for %s"
                                .formatted(name, TaskWords.of(model.config().task())));
            }
            Captioner captioner = new Captioner(model, config);
            for (String picture : arguments.rest()) {
                String caption = captioner.caption(Pictures.read(Path.of(picture)));
                if (arguments.has("json")) {
                    Map<String, Object> line = new LinkedHashMap<>();
                    line.put("picture", picture);
                    line.put("caption", caption);
                    terminal.jsonLine(line);
                } else {
                    terminal.print("%s\t%s", caption, picture);
                }
            }
        }
        return Main.OK;
    }
}
