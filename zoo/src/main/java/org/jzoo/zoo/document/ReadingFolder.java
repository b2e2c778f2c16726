package org.jzoo.zoo.document;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jzoo.blocks.file.AtomicFile;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.J3Reader;
import org.jzoo.zoo.weights.Checksums;

/**
 * A folder of readings that can go on. Each has a file that says how far it is, written last, and,
 * until it has finished, one of what its model carries.
 */
final class ReadingFolder {

    private static final Gson GSON = new Gson();
    private static final int NAME_LETTERS = 20;

    private final Path folder;
    private final String name;

    /**
     * The reading of one text by one model.
     *
     * @param what tells it from all others
     */
    ReadingFolder(Path folder, String what) {
        this.folder = folder;
        byte[] bytes = what.getBytes(StandardCharsets.UTF_8);
        name = Checksums.sha256(bytes).substring(0, NAME_LETTERS);
    }

    private Path state() {
        return folder.resolve(name + ".json");
    }

    private Path carried(long chunks) {
        return folder.resolve("%s-%d.safetensors".formatted(name, chunks));
    }

    /**
     * How far the reading is; null if it did not begin.
     *
     * @throws IOException if its file cannot be read, or is damaged
     */
    ReadingState read() throws IOException {
        if (!Files.exists(state())) {
            return null;
        }
        try {
            ReadingState found = GSON.fromJson(Files.readString(state()), ReadingState.class);
            if (found != null) {
                return found;
            }
        } catch (JsonParseException | IllegalArgumentException e) {
            throw damaged(e);
        }
        throw damaged(null);
    }

    /** What the model carried there. */
    J3Reader reader(ReadingState state, J3Model model, NDManager manager, Precision precision)
            throws IOException {
        Path file = carried(state.position().chunks());
        try {
            return J3Reader.resume(model, manager, precision, file);
        } catch (MalformedModelException e) {
            throw damaged(e);
        }
    }

    private IOException damaged(Exception cause) {
        return new IOException(
                state() + " must be as it was written, got a damaged one; delete it to begin anew",
                cause);
    }

    /** Keeps a reading that is under way, in place of what was kept of it before. */
    void write(ReadingState state, J3Reader reader) throws IOException {
        ReadingState before = read();
        Files.createDirectories(folder);
        reader.save(carried(state.position().chunks()));
        AtomicFile.write(state(), GSON.toJson(state));
        if (before != null
                && !before.finished()
                && before.position().chunks() != state.position().chunks()) {
            Files.deleteIfExists(carried(before.position().chunks()));
        }
    }

    /** Keeps what a reading ended with. */
    void finish(ReadingState state) throws IOException {
        ReadingState before = read();
        AtomicFile.write(state(), GSON.toJson(state));
        if (before != null && !before.finished()) {
            Files.deleteIfExists(carried(before.position().chunks()));
        }
    }
}
