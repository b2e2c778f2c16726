package org.jzoo.examples.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;

/** {@code jzoo reproduce}: the published figures, measured again. */
final class ReproduceCommand implements Command {

    private static final List<Recipe> RECIPES =
            List.of(
                    new GlueRecipe(),
                    new LengthRecipe(),
                    new J1Recipe(),
                    new J3Recipe(),
                    new RetrievalRecipe(),
                    new MemoryRecipe(),
                    new FactbookRecipe(),
                    new DeepRecipe(),
                    new ExpertsRecipe());

    @Override
    public String name() {
        return "reproduce";
    }

    @Override
    public String summary() {
        return "Measures published results again; runs that are done are skipped.";
    }

    @Override
    public String usage() {
        return RECIPES.stream()
                .flatMap(recipe -> recipe.usage().stream().map(u -> recipe.name() + " " + u))
                .collect(Collectors.joining(" | "));
    }

    @Override
    public Options options() {
        Options options = new Options();
        RecipeOptions.all().forEach(options::addOption);
        RECIPES.forEach(recipe -> recipe.options().forEach(options::addOption));
        return options;
    }

    @Override
    public List<String> examples() {
        return RECIPES.stream().flatMap(recipe -> recipe.examples().stream()).toList();
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        String words = String.join(" ", arguments.rest());
        for (Recipe recipe : RECIPES) {
            if (recipe.name().equals(words)) {
                return recipe.run(arguments, terminal);
            }
        }
        throw new UsageException(
                "what to reproduce must be %s, got %s"
                        .formatted(
                                RECIPES.stream()
                                        .map(Recipe::name)
                                        .collect(Collectors.joining(" or ")),
                                words));
    }
}
