package org.jzoo.zoo.provider;

import ai.djl.Application;
import ai.djl.repository.AbstractRepository;
import ai.djl.repository.Artifact;
import ai.djl.repository.License;
import ai.djl.repository.MRL;
import ai.djl.repository.Metadata;
import ai.djl.util.Progress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jzoo.blocks.part.PartJson;
import org.jzoo.zoo.j1.CaptionTask;
import org.jzoo.zoo.j1.J1Task;
import org.jzoo.zoo.j1.RetrievalTask;
import org.jzoo.zoo.registry.LocalModels;
import org.jzoo.zoo.registry.ModelInfo;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.ImageClassificationTask;
import org.jzoo.zoo.task.ImageTask;
import org.jzoo.zoo.task.ImageTextTask;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;

/**
 * A repository of one model. Its metadata is made from {@link ModelInfo}; there is nothing to
 * download, since the model is on the class path or in a folder.
 *
 * <p>Filters match the properties "name", "architecture", "task", "licence" and "sha256", the hash
 * of the weights.
 */
final class ZooRepository extends AbstractRepository {

    private static final URI ROOT = URI.create("jzoo:///");

    private final ModelInfo info;

    ZooRepository(ModelInfo info) {
        super("jzoo", ROOT);
        this.info = info;
    }

    MRL resource() {
        return model(application(info.task()), JzooModels.GROUP, info.name());
    }

    static Application application(Task task) {
        if (task instanceof EmbeddingTask) {
            return Application.NLP.TEXT_EMBEDDING;
        }
        if (task instanceof ClassificationTask || task instanceof RegressionTask) {
            return Application.NLP.TEXT_CLASSIFICATION;
        }
        if (task instanceof TokenClassificationTask) {
            return Application.NLP.TOKEN_CLASSIFICATION;
        }
        if (task instanceof ImageClassificationTask) {
            return Application.CV.IMAGE_CLASSIFICATION;
        }
        if (task instanceof ImageTextTask) {
            return Application.CV.ZERO_SHOT_IMAGE_CLASSIFICATION;
        }
        boolean pair =
                task instanceof J1Task
                        || task instanceof RetrievalTask
                        || task instanceof CaptionTask;
        if (task instanceof ImageTask || pair) {
            return Application.CV.ANY;
        }
        return task instanceof MaskedWordsTask ? Application.NLP.FILL_MASK : Application.UNDEFINED;
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public Metadata locate(MRL resource) {
        Metadata metadata = new Metadata();
        metadata.setMetadataVersion("0.2");
        metadata.setGroupId(JzooModels.GROUP);
        metadata.setArtifactId(info.name());
        metadata.setName(info.name());
        metadata.setDescription(info.description());
        metadata.setApplication(application(info.task()));
        metadata.setRepositoryUri(resource.toURI());
        License licence = new License();
        licence.setId(info.licence());
        licence.setName(info.licence());
        metadata.addLicense(licence);
        metadata.setArtifacts(List.of(artifact()));
        return metadata;
    }

    private Artifact artifact() {
        Artifact artifact = new Artifact();
        artifact.setName(info.name());
        Map<String, String> properties = new TreeMap<>();
        properties.put("name", info.name());
        properties.put("architecture", info.architecture());
        properties.put("task", taskName(info.task()));
        properties.put("licence", info.licence());
        properties.put("sha256", info.sha256());
        properties.put("parameters", Long.toString(info.parameters()));
        artifact.setProperties(properties);
        Artifact.Item weights = new Artifact.Item();
        weights.setName("weights");
        weights.setSize(info.bytes());
        weights.setArtifact(artifact);
        artifact.setFiles(Map.of("weights", weights));
        return artifact;
    }

    /** The name by which saved configurations know the task. */
    static String taskName(Task task) {
        return PartJson.toTree(new Named(task)).getAsJsonObject("task").get("type").getAsString();
    }

    /** Gives the task's type name a place to be written. */
    private record Named(Task task) {}

    @Override
    public Artifact resolve(MRL resource, Map<String, String> filter) {
        Artifact artifact = locate(resource).getArtifacts().get(0);
        return artifact.hasProperties(filter) ? artifact : null;
    }

    @Override
    public void prepare(Artifact artifact, Progress progress) {}

    @Override
    protected void download(Path folder, URI base, Artifact.Item item, Progress progress) {}

    /** The model's own folder; for a model of the class path, where a saved one would be. */
    @Override
    public Path getResourceDirectory(Artifact artifact) {
        return info.folder() == null ? LocalModels.folder(info.name()) : info.folder();
    }

    @Override
    public List<MRL> getResources() {
        return List.of(resource());
    }

    @Override
    public void addResource(MRL resource) {
        throw new UnsupportedOperationException("a repository of one model");
    }
}
