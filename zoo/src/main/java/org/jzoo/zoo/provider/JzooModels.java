package org.jzoo.zoo.provider;

import ai.djl.repository.zoo.ModelLoader;
import ai.djl.repository.zoo.ModelZoo;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.zoo.registry.Shipped;
import org.jzoo.zoo.registry.Zoo;

/** The models of {@link Zoo}, as they are at each call, under the group {@value #GROUP}. */
public final class JzooModels extends ModelZoo {

    /** The group of our models. */
    public static final String GROUP = "org.jzoo";

    JzooModels() {}

    @Override
    public String getGroupId() {
        return GROUP;
    }

    @Override
    public Set<String> getSupportedEngines() {
        return Set.of("PyTorch");
    }

    /**
     * All models; what a search without a name finds is rather the user's own than one that ships.
     * Who searches is about to load: the engine starts meanwhile.
     */
    @Override
    public Collection<ModelLoader> getModelLoaders() {
        PyTorch.startAhead();
        Set<String> shipped = Shipped.all().stream().map(Shipped::name).collect(Collectors.toSet());
        return Zoo.list().stream()
                .sorted(Comparator.comparing(info -> shipped.contains(info.name())))
                .<ModelLoader>map(ListedModel::new)
                .toList();
    }

    @Override
    public ModelLoader getModelLoader(String name) {
        PyTorch.startAhead();
        return Zoo.list().stream()
                .filter(info -> info.isCalled(name))
                .findFirst()
                .map(ListedModel::new)
                .orElse(null);
    }
}
