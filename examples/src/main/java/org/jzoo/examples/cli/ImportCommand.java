package org.jzoo.examples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.commons.cli.Options;
import org.jzoo.zoo.huggingface.HuggingFaceImport;
import org.jzoo.zoo.registry.LocalModels;
import org.jzoo.zoo.registry.ModelInfo;
import org.jzoo.zoo.registry.Pretrained;

/** {@code jzoo import}: a published folder as a model of this machine's zoo. */
final class ImportCommand implements Command {

    private static final long SHOWN = 256L << 20;

    @Override
    public String name() {
        return "import";
    }

    @Override
    public String summary() {
        return "Adds a folder in Hugging Face's layout to this machine's zoo.";
    }

    @Override
    public String usage() {
        return "DIR --name NAME [--replace]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(
                FineTuneOptions.valued("name", "NAME", "what the zoo is going to call it"));
        options.addOption(FineTuneOptions.flag("replace", "replaces a model of that name"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo import downloads/gpt2 --name gpt2",
                "jzoo import downloads/gpt2-v2 --name gpt2 --replace");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        if (arguments.rest().size() != 1 || !Files.isDirectory(Path.of(arguments.rest().get(0)))) {
            throw new UsageException("DIR must be one folder, got " + arguments.rest());
        }
        String name = arguments.text("name");
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || Pretrained.of(name).isPresent()) {
            throw new UsageException(
                    "--name must be letters, digits, '.', '_' and '-', and no pretrained model's,"
                            + " got "
                            + name);
        }
        Path folder = LocalModels.folder(name);
        if (Files.exists(folder) && !arguments.has("replace")) {
            throw new UsageException(
                    "--name must be free, got %s, which is there already; --replace replaces it"
                            .formatted(name));
        }
        HuggingFaceImport source = new HuggingFaceImport(Path.of(arguments.rest().get(0)));
        source.writeTo(folder, progress(source.bytes(), terminal));
        ModelInfo info = LocalModels.of(folder);
        terminal.print(
                "%s: %s, %s, %,d weights, in %s",
                name, info.architecture(), TaskWords.of(info.task()), info.parameters(), folder);
        return Main.OK;
    }

    private static LongConsumer progress(long total, Terminal terminal) {
        long[] done = {0};
        return bytes -> {
            long before = done[0];
            done[0] += bytes;
            if (done[0] / SHOWN > before / SHOWN) {
                terminal.remark("%,d of %,d MB", done[0] >> 20, total >> 20);
            }
        };
    }
}
