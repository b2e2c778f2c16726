package org.jzoo.examples.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;
import org.jzoo.zoo.weights.NearestName;

/** {@code jzoo reproduce}: the published figures, measured again. */
final class ReproduceCommand implements Command {

    private static final List<Recipe> RECIPES =
            List.of(
                    new MailRecipe(),
                    new GlueRecipe(),
                    new TechniquesRecipe(),
                    new LengthRecipe(),
                    new LraRecipe(),
                    new J1Recipe(),
                    new J3Recipe(),
                    new NeedlesRecipe(),
                    new RetrievalRecipe(),
                    new MemoryRecipe(),
                    new FactbookRecipe(),
                    new VectorsRecipe(),
                    new FactbookLabelsRecipe(),
                    new DeepRecipe(),
                    new ExpertsRecipe(),
                    new LiteRecipe(),
                    new LiteVqaRecipe(),
                    new QuantizationRecipe(),
                    new PruningRecipe());

    @Override
    public String name() {
        return "reproduce";
    }

    @Override
    public String summary() {
        return "Measures published results again, skipping runs that are done; jzoo reproduce NAME"
                + " --help tells a recipe's options.";
    }

    @Override
    public String usage() {
        return RECIPES.stream().map(Recipe::name).collect(Collectors.joining("|")) + " [options]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        RecipeOptions.all().forEach(options::addOption);
        return options;
    }

    @Override
    public List<String> examples() {
        return RECIPES.stream().flatMap(recipe -> recipe.examples().stream()).toList();
    }

    @Override
    public Command narrowed(List<String> words) {
        return words.stream()
                .flatMap(word -> RECIPES.stream().filter(recipe -> recipe.name().equals(word)))
                .findFirst()
                .<Command>map(recipe -> new RecipeCommand(this, recipe))
                .orElse(this);
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) {
        String got = String.join(" ", arguments.rest());
        List<String> names = RECIPES.stream().map(Recipe::name).toList();
        throw new UsageException(
                "what to reproduce must be %s, got %s%s"
                        .formatted(String.join(" or ", names), got, NearestName.hint(got, names)));
    }
}
