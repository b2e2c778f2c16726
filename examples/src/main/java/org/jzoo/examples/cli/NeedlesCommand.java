package org.jzoo.examples.cli;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.cli.Options;
import org.jzoo.datasets.speech.Speech;
import org.jzoo.datasets.speech.UnionSpeeches;
import org.jzoo.examples.recall.HiddenFacts;
import org.jzoo.examples.recall.RecallTask;

/** {@code jzoo needles}: questions about facts that are hidden in long texts. */
final class NeedlesCommand implements Command {

    @Override
    public String name() {
        return "needles";
    }

    @Override
    public String summary() {
        return "Hides facts in speeches and prints texts, questions and answers as JSON Lines.";
    }

    @Override
    public String usage() {
        return "--data DIR [options]";
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.valued("data", "DIR", "speeches, of fetch-speeches"));
        options.addOption(
                FineTuneOptions.valued("tasks", "NAMES", "some of passkey,key-values [both]"));
        options.addOption(FineTuneOptions.valued("words", "N", "words of a text [400]"));
        options.addOption(FineTuneOptions.valued("size", "N", "texts [1000]"));
        options.addOption(FineTuneOptions.valued("seed", "N", "of facts and places [17]"));
        options.addOption(FineTuneOptions.flag("test", "speeches of the years that end in 5"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo needles --data speeches --size 20000 > train.jsonl",
                "jzoo needles --data speeches --test --words 100000 --size 20 > test.jsonl");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        Path data = arguments.existing("data");
        HiddenFacts facts =
                new HiddenFacts(
                        RecipeOptions.list(
                                arguments, "tasks", "passkey,key-values", RecallTask::labelled),
                        arguments.integer("words", 400, 1),
                        arguments.integer("seed", 17, 0));
        List<Speech> speeches = UnionSpeeches.read(data);
        int size = arguments.integer("size", 1000, 1);
        Iterator<HiddenFacts.Row> rows =
                facts.rows(speeches, arguments.has("test"), size).iterator();
        while (rows.hasNext()) {
            terminal.jsonLine(rows.next());
        }
        return Main.OK;
    }
}
