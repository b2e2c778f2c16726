package org.jzoo.zoo.serving;

import java.util.Map;
import java.util.TreeMap;

/** What DJL and DJL Serving must know to load a saved folder. */
public final class ServingProperties {

    /** The file that they read. */
    public static final String FILE_NAME = "serving.properties";

    private ServingProperties() {}

    /** The arguments of a folder's model. */
    public static Map<String, String> arguments() {
        return Map.of(
                "engine", "PyTorch",
                "blockFactory", FolderBlocks.class.getName(),
                "translatorFactory", TaskTranslatorFactory.class.getName());
    }

    /** The options of a folder's model: DJL looks for no parameters, the block brings them. */
    public static Map<String, String> options() {
        return Map.of("hasParameter", "false");
    }

    /** The text of the file. */
    public static String text() {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(arguments())
                .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        options().forEach((key, value) -> text.append("option.%s=%s\n".formatted(key, value)));
        return text.toString();
    }
}
