package org.jzoo.datasets.split;

import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/** Says of each example which part it belongs to. */
public interface Split {

    /** The part of an example. */
    Part part(TextExample example);

    /** The examples of one part, read from the source as they are asked for. */
    default TextSource select(TextSource source, Part part) {
        return source.where(example -> part(example) == part);
    }
}
