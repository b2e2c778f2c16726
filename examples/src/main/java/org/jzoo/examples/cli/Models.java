package org.jzoo.examples.cli;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jzoo.examples.adapter.AdapterFolder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Zoo;

/** Models as commands take them: of the zoo, from a folder, or from an adapter's folder. */
final class Models {

    private Models() {}

    /** Loads by name or folder; errors as those of {@link Zoo#load(String)}. */
    static LoadedModel load(String nameOrFolder, Device device)
            throws IOException, MalformedModelException {
        return isAdapter(nameOrFolder)
                ? AdapterFolder.open(Path.of(nameOrFolder), device)
                : Zoo.load(nameOrFolder, device);
    }

    /** Loads a folder. */
    static LoadedModel load(Path folder, Device device)
            throws IOException, MalformedModelException {
        return AdapterFolder.isPresent(folder)
                ? AdapterFolder.open(folder, device)
                : Zoo.load(folder, device);
    }

    private static boolean isAdapter(String name) {
        try {
            return AdapterFolder.isPresent(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
