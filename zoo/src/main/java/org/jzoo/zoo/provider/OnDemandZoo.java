package org.jzoo.zoo.provider;

import ai.djl.repository.zoo.ModelLoader;
import ai.djl.repository.zoo.ModelZoo;
import java.util.Set;

/**
 * Another zoo, whose models are found by name ({@code djl://group/name}) but are not listed or
 * searched, so that nothing is fetched until somebody wants one. The system property {@value
 * #PROPERTY} set to true leaves the other zoo as it was.
 */
public final class OnDemandZoo extends ModelZoo {

    /** The property that leaves the other zoo as it was. */
    public static final String PROPERTY = "jzoo.list-remote-models";

    private final ModelZoo other;

    OnDemandZoo(ModelZoo other) {
        this.other = other;
    }

    @Override
    public String getGroupId() {
        return other.getGroupId();
    }

    @Override
    public Set<String> getSupportedEngines() {
        return other.getSupportedEngines();
    }

    @Override
    public ModelLoader getModelLoader(String name) {
        return other.getModelLoader(name);
    }
}
