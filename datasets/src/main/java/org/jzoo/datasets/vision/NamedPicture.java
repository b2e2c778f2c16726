package org.jzoo.datasets.vision;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jzoo.datasets.text.DataException;

/**
 * A picture file with a name and further texts that say what it shows.
 *
 * @param id what tells the thing shown from others, the same in every drawing style
 * @param name what it is called
 * @param texts keywords, or one description
 * @param file a PNG file
 */
public record NamedPicture(String id, String name, List<String> texts, Path file) {

    /** Checks that nothing is missing. */
    public NamedPicture {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(file, "file");
        texts = List.copyOf(texts);
    }

    /** The name and all texts, joined by {@code ", "}. */
    public String caption() {
        return texts.isEmpty() ? name : name + ", " + String.join(", ", texts);
    }

    /**
     * The picture on white, as large as fits into a square and in its middle, {@code (side, side,
     * 3)} row by row.
     *
     * @param side the width and the height in pixels, at least 1
     * @throws DataException if the file is no picture
     */
    public byte[] rgb(int side) {
        return PictureFile.rgb(file, side);
    }
}
