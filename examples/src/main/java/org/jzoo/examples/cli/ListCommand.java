package org.jzoo.examples.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Options;
import org.jzoo.training.report.TextTable;
import org.jzoo.training.report.TextTable.Align;
import org.jzoo.zoo.registry.LocalModels;
import org.jzoo.zoo.registry.ModelInfo;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.weights.NearestName;

/** {@code jzoo list}: the models at hand. */
final class ListCommand implements Command {

    @Override
    public String name() {
        return "list";
    }

    @Override
    public String summary() {
        return "Lists the models: pretrained ones, and those saved to this machine's zoo.";
    }

    @Override
    public String usage() {
        return "[PATTERN] [--json]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.flag("json", "prints the list as JSON"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo list", "jzoo list '*bge*'", "jzoo list --json");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) {
        if (arguments.rest().size() > 1) {
            throw new UsageException(
                    "PATTERN must be one pattern (quote it for the shell), got "
                            + arguments.rest());
        }
        String pattern = arguments.rest().isEmpty() ? "*" : arguments.rest().get(0);
        List<ModelInfo> models = Zoo.list(pattern);
        if (arguments.has("json")) {
            List<Map<String, Object>> all = new ArrayList<>();
            models.forEach(model -> all.add(json(model)));
            terminal.json(all);
        }
        if (models.isEmpty()) {
            List<String> names = Zoo.list().stream().map(ModelInfo::name).toList();
            terminal.remark(
                    "no model is called %s%s; jzoo list shows all",
                    pattern, NearestName.hint(pattern, names).replace("; ", ", "));
            return Main.FAILED;
        }
        if (arguments.has("json")) {
            return Main.OK;
        }
        TextTable table =
                new TextTable(
                        Align.LEFT,
                        Align.LEFT,
                        Align.LEFT,
                        Align.RIGHT,
                        Align.LEFT,
                        Align.LEFT,
                        Align.LEFT);
        table.row("name", "family", "task", "weights", "licence", "description", "");
        for (ModelInfo model : models) {
            table.row(
                    model.name(),
                    model.architecture(),
                    TaskWords.of(model.task()),
                    "%.1f M".formatted(model.parameters() / 1e6),
                    model.licence(),
                    model.description(),
                    model.availability());
        }
        terminal.print("%s", table.toString().stripTrailing());
        terminal.remark("saved models are looked for in %s", LocalModels.home().resolve("models"));
        return Main.OK;
    }

    /** What is known of a model, for a program. */
    static Map<String, Object> json(ModelInfo model) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", model.name());
        fields.put("aliases", model.aliases());
        fields.put("architecture", model.architecture());
        fields.put("task", TaskWords.of(model.task()));
        fields.put("description", model.description());
        fields.put("parameters", model.parameters());
        fields.put("bytes", model.bytes());
        fields.put("sha256", model.sha256());
        fields.put("licence", model.licence());
        fields.put("artifact", model.artifact());
        fields.put("folder", model.folder() == null ? null : model.folder().toString());
        fields.put("available", model.available());
        return fields;
    }
}
