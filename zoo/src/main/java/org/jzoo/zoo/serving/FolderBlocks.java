package org.jzoo.zoo.serving;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.BlockFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Zoo;

/**
 * Makes the block of a DJL model from a saved folder, weights included. The argument "precision"
 * may be float32, bfloat16, auto or fastest. The weights are freed with the DJL model.
 */
public final class FolderBlocks implements BlockFactory {

    private static final long serialVersionUID = 1L;

    /** Called by DJL, by this class's name. */
    public FolderBlocks() {}

    /**
     * Loads the folder.
     *
     * @throws IOException if a file is missing or damaged; the message names it
     */
    @Override
    public Block newBlock(Model model, Path folder, Map<String, ?> arguments) throws IOException {
        try {
            Device device = model.getNDManager().getDevice();
            ServedModel.precision(arguments, device); // refused before weights are read
            LoadedModel loaded = Zoo.load(folder, device);
            model.getNDManager().attachInternal("jzoo.model", loaded);
            return ServedModel.of(loaded, arguments).closingWith(model);
        } catch (MalformedModelException | IllegalArgumentException e) {
            model.close();
            throw new IOException(e.getMessage(), e);
        } catch (IOException e) {
            model.close();
            throw e;
        }
    }
}
