package org.jzoo.examples.tagging;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.IOException;
import java.util.Collection;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelSource;
import org.jzoo.zoo.registry.Pretrained;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.task.TokenClassificationTask;
import org.jzoo.zoo.task.TokenTags;

/** Models that are to label the words of texts. */
final class TagModels {

    private static final double HEAD_DROPOUT = 0.1;

    private TagModels() {}

    /** The task of a model whose head starts anew. */
    static TokenClassificationTask task(Collection<String> kinds) {
        return new TokenClassificationTask(TokenTags.of(kinds).names(), HEAD_DROPOUT);
    }

    /**
     * Loads a model: with its head if that has all these labels, else under a fresh one.
     *
     * @param kinds what stretches are labelled
     * @throws IllegalArgumentException if there is no such model, or it reads no texts
     */
    static LoadedModel load(String name, Collection<String> kinds, Device device)
            throws IOException, MalformedModelException {
        if (Pretrained.of(name).isPresent()) {
            return ModelSource.loadFor(name, head -> task(kinds), device);
        }
        LoadedModel model = Zoo.load(name, device);
        if (knows(model, kinds)) {
            return model;
        }
        try (model) {
            model.config().textModel(); // says so if it reads none
            return ModelSource.under(model, head -> task(kinds));
        }
    }

    /**
     * Loads a J3; see {@link #load}.
     *
     * @throws IllegalArgumentException also if the model is none
     */
    static LoadedModel loadJ3(String name, Collection<String> kinds, Device device)
            throws IOException, MalformedModelException {
        LoadedModel model = load(name, kinds, device);
        if (model.block() instanceof J3Model) {
            return model;
        }
        String architecture = model.config().architecture();
        model.close();
        throw new IllegalArgumentException(
                "model must be a J3 to learn from documents, got %s, of the architecture %s; --task token-labels tunes it"
                        .formatted(name, architecture));
    }

    private static boolean knows(LoadedModel model, Collection<String> kinds) {
        if (!(model.config().task() instanceof TokenClassificationTask task)) {
            return false;
        }
        TokenTags tags = new TokenTags(task.labels());
        return tags.tag(TokenTags.OUTSIDE, true) >= 0
                && kinds.stream()
                        .allMatch(kind -> tags.tag(kind, true) >= 0 && tags.tag(kind, false) >= 0);
    }
}
