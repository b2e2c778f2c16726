package org.jzoo.zoo.provider;

import ai.djl.Application;
import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.repository.Artifact;
import ai.djl.repository.MRL;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelLoader;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Progress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelInfo;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.serving.ServedModel;
import org.jzoo.zoo.serving.TaskTranslatorFactory;

/** Loads one model of the zoo for a DJL criteria, with its device, precision and types. */
final class ListedModel implements ModelLoader {

    private final ModelInfo info;
    private final MRL resource;

    ListedModel(ModelInfo info) {
        this.info = info;
        resource = new ZooRepository(info).resource();
    }

    @Override
    public String getGroupId() {
        return JzooModels.GROUP;
    }

    @Override
    public String getArtifactId() {
        return info.name();
    }

    @Override
    public Application getApplication() {
        return resource.getApplication();
    }

    @Override
    public MRL getMrl() {
        return resource;
    }

    @Override
    public <I, O> ZooModel<I, O> loadModel(Criteria<I, O> criteria)
            throws IOException, ModelNotFoundException, MalformedModelException {
        Artifact artifact = match(criteria);
        Map<String, Object> arguments =
                new TreeMap<>(artifact.getArguments(criteria.getArguments()));
        arguments.putAll(artifact.getOptions(criteria.getOptions()));
        ServedModel.precision(arguments, criteria.getDevice()); // refused before weights are read
        TranslatorFactory factory =
                criteria.getTranslatorFactory() == null
                        ? new TaskTranslatorFactory()
                        : criteria.getTranslatorFactory();
        checkTypes(criteria, factory);
        LoadedModel loaded = load(criteria.getDevice());
        Model model = served(loaded, arguments);
        model.getNDManager().attachInternal("jzoo.model", loaded);
        try {
            arguments.forEach((key, value) -> model.setProperty(key, value.toString()));
            Translator<I, O> translator =
                    factory.newInstance(
                            criteria.getInputClass(), criteria.getOutputClass(), model, arguments);
            return new ZooModel<>(model, translator);
        } catch (TranslateException | RuntimeException e) {
            model.close();
            throw new ModelNotFoundException(info.name() + ": " + e.getMessage(), e);
        }
    }

    private static Model served(LoadedModel loaded, Map<String, Object> arguments) {
        try {
            return ServedModel.of(loaded, arguments).asModel();
        } catch (RuntimeException e) {
            loaded.close();
            throw e;
        }
    }

    // Asked before anything is loaded: a search goes through many models.
    private void checkTypes(Criteria<?, ?> criteria, TranslatorFactory factory)
            throws ModelNotFoundException {
        if (factory instanceof TaskTranslatorFactory) {
            String problem =
                    TaskTranslatorFactory.problem(
                            info.task(), criteria.getInputClass(), criteria.getOutputClass());
            if (problem != null) {
                throw new ModelNotFoundException(info.name() + ": " + problem);
            }
        }
        if (criteria.getBlock() != null) {
            throw new ModelNotFoundException(
                    info.name() + ": block must be left out, since the model has its own");
        }
    }

    private LoadedModel load(Device device)
            throws IOException, ModelNotFoundException, MalformedModelException {
        try {
            return Zoo.load(info, device);
        } catch (FileNotFoundException e) {
            throw new ModelNotFoundException(e.getMessage(), e);
        }
    }

    private Artifact match(Criteria<?, ?> criteria) throws IOException, ModelNotFoundException {
        Artifact artifact = resource.match(criteria.getFilters());
        if (artifact == null) {
            throw new ModelNotFoundException(
                    "%s: filters must match %s, got %s"
                            .formatted(
                                    info.name(),
                                    resource.getDefaultArtifact().getProperties(),
                                    criteria.getFilters()));
        }
        return artifact;
    }

    @Override
    public <I, O> boolean isDownloaded(Criteria<I, O> criteria)
            throws IOException, ModelNotFoundException {
        match(criteria);
        return info.available();
    }

    @Override
    public <I, O> void downloadModel(Criteria<I, O> criteria, Progress progress)
            throws IOException, ModelNotFoundException {
        match(criteria);
        if (!info.available()) {
            throw new ModelNotFoundException(info.name() + ": " + info.availability());
        }
    }

    /** DJL writes it to its log when it looks for models. */
    @Override
    public String toString() {
        return JzooModels.GROUP + ":" + info.name();
    }
}
