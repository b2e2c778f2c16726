package org.jzoo.zoo.serving;

import ai.djl.repository.Artifact;
import ai.djl.repository.MRL;
import ai.djl.repository.Metadata;
import ai.djl.repository.SimpleRepository;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A saved model folder; its artifact says how the model is made and read. */
final class FolderRepository extends SimpleRepository {

    FolderRepository(String name, URI uri, Path folder) {
        super(name, uri, folder);
    }

    @Override
    public synchronized Metadata locate(MRL resource) throws IOException {
        Metadata metadata = super.locate(resource);
        Artifact plain = metadata.getArtifacts().get(0);
        if (!(plain instanceof FolderArtifact)) {
            metadata.setArtifacts(List.of(new FolderArtifact(plain)));
        }
        return metadata;
    }

    /** An artifact that hands the option "precision" to the block, which sees arguments only. */
    private static final class FolderArtifact extends Artifact {

        // DJL asks for the arguments of a load and then, on the same thread, for its options.
        private static final ThreadLocal<Map<String, Object>> ASKED = new ThreadLocal<>();

        FolderArtifact(Artifact plain) {
            setName(plain.getName());
            setFiles(plain.getFiles());
            getArguments().putAll(plain.getArguments());
            ServingProperties.arguments().forEach(getArguments()::putIfAbsent);
            setOptions(ServingProperties.options());
        }

        @Override
        public Map<String, Object> getArguments(Map<String, Object> override) {
            Map<String, Object> arguments = super.getArguments(override);
            ASKED.set(arguments);
            return arguments;
        }

        @Override
        public Map<String, String> getOptions(Map<String, String> override) {
            Map<String, String> options = super.getOptions(override);
            Map<String, Object> arguments = ASKED.get();
            ASKED.remove();
            if (arguments != null && options.containsKey(ServedModel.PRECISION)) {
                arguments.put(ServedModel.PRECISION, options.get(ServedModel.PRECISION));
            }
            return options;
        }
    }
}
