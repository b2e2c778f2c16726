package org.jzoo.examples.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;

/** One recipe of {@code jzoo reproduce}, with the options that it has. */
final class RecipeCommand implements Command {

    private final Command reproduce;
    private final Recipe recipe;

    RecipeCommand(Command reproduce, Recipe recipe) {
        this.reproduce = reproduce;
        this.recipe = recipe;
    }

    @Override
    public String name() {
        return reproduce.name() + " " + recipe.name();
    }

    @Override
    public String summary() {
        return "Measures published results again; runs that are done are skipped.";
    }

    @Override
    public String usage() {
        return recipe.usage().stream().collect(Collectors.joining(" | "));
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        RecipeOptions.all().forEach(options::addOption);
        recipe.options().forEach(options::addOption);
        return options;
    }

    @Override
    public List<String> examples() {
        return recipe.examples();
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        if (arguments.rest().size() > 1) {
            throw new UsageException(
                    "what to reproduce must be one word, got "
                            + String.join(" ", arguments.rest()));
        }
        return recipe.run(arguments, terminal);
    }
}
