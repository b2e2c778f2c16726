package org.jzoo.examples.cli;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.Options;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.examples.longqa.DocumentFiles;
import org.jzoo.zoo.document.TextReader;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.TextGenerator;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Zoo;

/** {@code jzoo generate}: how a model goes on. */
final class GenerateCommand implements Command {

    @Override
    public String name() {
        return "generate";
    }

    @Override
    public String summary() {
        return "Continues texts, token by token.";
    }

    @Override
    public String usage() {
        return "--model DIR (--prompt TEXT | --prompt-file FILE | PROMPT...) [options]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.valued("model", "NAME", "model folder or name"));
        options.addOption(FineTuneOptions.valued("prompt", "TEXT", "the text to continue"));
        options.addOption(
                FineTuneOptions.valued(
                        "prompt-file",
                        "FILE",
                        "text or PDF to continue, which is not printed; - reads the input"));
        options.addOption(
                FineTuneOptions.valued("max-new-tokens", "N", "tokens to add at most [128]"));
        options.addOption(
                FineTuneOptions.valued(
                        "temperature", "X", "0 takes the most probable token, above draws [0]"));
        options.addOption(
                FineTuneOptions.valued("top-k", "K", "draws among K tokens; 0 for all [0]"));
        options.addOption(
                FineTuneOptions.valued(
                        "top-p", "P", "draws among the tokens that together have P [1]"));
        options.addOption(
                FineTuneOptions.valued(
                        "repetition-penalty", "X", "divides logits of tokens there already [1]"));
        options.addOption(FineTuneOptions.valued("seed", "N", "of the draws [0]"));
        options.addOption(FineTuneOptions.flag("bf16", "computes matrix products in bfloat16"));
        options.addOption(FineTuneOptions.flag("no-cache", "reads the whole text at every token"));
        options.addOption(
                FineTuneOptions.valued("device", "NAME", "cpu or gpu [gpu if there is one]"));
        options.addOption(FineTuneOptions.flag("json", "prints a JSON object a prompt"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo generate --model my-gpt2 --prompt 'Call me'",
                "jzoo generate --model my-gpt2 --temperature 0.8 --top-p 0.95 --seed 3 'Once upon'",
                "jzoo generate --model my-llama --json 'One prompt' 'Another one'",
                "jzoo generate --model my-j3 --prompt-file book.txt --max-new-tokens 500");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        List<String> prompts = prompts(arguments);
        GenerationConfig config = config(arguments);
        try (LoadedModel model =
                Zoo.load(arguments.text("model"), FineTuneOptions.device(arguments))) {
            TextGenerator generator = generator(model, config);
            if (arguments.has("json")) {
                List<String> added = generator.generate(prompts);
                for (int i = 0; i < added.size(); i++) {
                    terminal.jsonLine(new Continued(prompts.get(i), added.get(i)));
                }
                return Main.OK;
            }
            for (String prompt : prompts) {
                if (!arguments.has("prompt-file")) {
                    terminal.out().print(prompt);
                }
                stream(generator, prompt, terminal);
            }
        }
        return Main.OK;
    }

    private static List<String> prompts(Arguments arguments) throws IOException {
        boolean given = arguments.has("prompt");
        boolean filed = arguments.has("prompt-file");
        int kinds = (given ? 1 : 0) + (filed ? 1 : 0) + (arguments.rest().isEmpty() ? 0 : 1);
        if (kinds != 1) {
            throw new UsageException(
                    "prompts must be given by --prompt, by --prompt-file or as arguments, got"
                            + " --prompt %s, --prompt-file %s and %s"
                                    .formatted(
                                            arguments.text("prompt", "(none)"),
                                            arguments.text("prompt-file", "(none)"),
                                            arguments.rest()));
        }
        if (!filed) {
            return given ? List.of(arguments.text("prompt")) : arguments.rest();
        }
        try (Reader reader =
                arguments.text("prompt-file").equals("-")
                        ? new TextReader(System.in, "the input")
                        : DocumentFiles.open(arguments.existing("prompt-file"))) {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            if (text.toString().isBlank()) {
                throw new UsageException(
                        "--prompt-file must hold text, got none in "
                                + arguments.text("prompt-file"));
            }
            return List.of(text.toString());
        }
    }

    private static TextGenerator generator(LoadedModel model, GenerationConfig config) {
        try {
            return new TextGenerator(model, config);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
        }
    }

    private static GenerationConfig config(Arguments arguments) {
        return GenerationConfig.builder()
                .optMaxNewTokens(arguments.integer("max-new-tokens", 128, 1))
                .optTemperature(arguments.number("temperature", 0, 0, 100))
                .optTopK(arguments.integer("top-k", 0, 0))
                .optTopP(arguments.number("top-p", 1, 1e-6, 1))
                .optRepetitionPenalty(arguments.number("repetition-penalty", 1, 1, 100))
                .optSeed(arguments.integer("seed", 0, 0))
                .optPrecision(arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32)
                .optCached(!arguments.has("no-cache"))
                .build();
    }

    private static void stream(TextGenerator generator, String prompt, Terminal terminal) {
        long start = System.nanoTime();
        int[] pieces = {0};
        generator.generate(
                prompt,
                piece -> {
                    pieces[0]++;
                    terminal.out().print(piece);
                    terminal.out().flush();
                    return !Thread.currentThread().isInterrupted();
                });
        terminal.out().println();
        double seconds = (System.nanoTime() - start) / 1e9;
        terminal.remark(
                "%s",
                String.format(
                        Locale.ROOT,
                        "%d pieces in %.1f s: %.1f a second",
                        pieces[0],
                        seconds,
                        pieces[0] / seconds));
    }

    /** One answer for a program. */
    private record Continued(String prompt, String continuation) {}
}
