package org.jzoo.examples.cli;

import ai.djl.repository.zoo.Criteria;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Options;
import org.jzoo.datasets.mail.MailSample;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.TextData;

/**
 * {@code jzoo quickstart}: MiniLM learns to tell spam from ham, on real mail, and the result comes
 * back through DJL's model zoo.
 */
final class QuickstartCommand implements Command {

    private static final List<String> MAILS =
            List.of(
                    "Hi Anna, the build on the release branch fails since this morning: the parser"
                            + " test times out. Could you have a look before lunch? Thanks, Tom",
                    "CONGRATULATIONS! You have been selected to receive a FREE cash prize. Click"
                            + " here now to claim your money, this offer expires today!!!");

    // Mails are few: small batches make many steps of them. The lower half of the layers runs once.
    private static final FineTuneOptions.Defaults MAIL =
            FineTuneOptions.Defaults.texts(3, 8, 256, 2e-3)
                    .above(3, FineTuneOptions.Defaults.QUERY_AND_VALUE);

    @Override
    public String name() {
        return "quickstart";
    }

    @Override
    public String summary() {
        return "Tunes MiniLM to find spam in real mail, saves it, loads it back, and uses it.";
    }

    @Override
    public String usage() {
        return "[--out DIR] [options]";
    }

    @Override
    public Options options() {
        Options options = FineTuneOptions.options(MAIL);
        options.addOption(
                FineTuneOptions.valued("out", "DIR", "folder for the tuned model [spam-model]"));
        options.addOption(FineTuneOptions.flag("json", "prints the result as JSON"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo quickstart", "jzoo quickstart --tuning full --epochs 1 --out spam");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        Path out = Path.of(arguments.text("out", "spam-model"));
        FineTuneConfig config =
                FineTuneOptions.config(
                        arguments, MAIL, out.resolveSibling(out.getFileName() + "-run"), false);
        TextData data =
                new TextData(
                        "SpamAssassin mail sample",
                        MailSample.hash(),
                        MailSample.train(),
                        MailSample.validation(),
                        MailSample.test(),
                        MailSample.labels(),
                        false);
        FineTuneRun run =
                new FineTuneRun(config, new FineTune(config, data), terminal)
                        .withJson(arguments.has("json"));
        int code = run.run(out).exitCode();
        if (code != Main.OK) {
            return code;
        }
        terminal.remark("");
        terminal.remark("Loaded back through ai.djl.repository.zoo.ModelZoo:");
        try (var model =
                        ai.djl.repository.zoo.ModelZoo.loadModel(
                                Criteria.builder()
                                        .setTypes(
                                                String.class, ai.djl.modality.Classifications.class)
                                        .optModelPath(out)
                                        .build());
                var predictor = model.newPredictor()) {
            for (String mail : MAILS) {
                var best = predictor.predict(mail).best();
                terminal.remark(
                        "  %-4s %.1f%%  %s...",
                        best.getClassName(), 100 * best.getProbability(), mail.substring(0, 60));
            }
        }
        return Main.OK;
    }
}
