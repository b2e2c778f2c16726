package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jzoo.zoo.image.Pictures;
import org.jzoo.zoo.registry.LoadedModel;

/** Pictures of files and folders in the order in which they fit a text. */
final class PictureRanking {

    private PictureRanking() {}

    /** A picture and the cosine of its vector with the text's. */
    private record Ranked(String picture, double cosine) {}

    static void run(LoadedModel model, Arguments arguments, Terminal terminal) throws IOException {
        List<Path> files = files(arguments.rest());
        if (files.isEmpty()) {
            throw new UsageException(
                    "PICTURE must be pictures or folders of them, got " + arguments.rest());
        }
        float[] text = model.embed(arguments.text("rank"));
        List<Ranked> all = new ArrayList<>();
        for (Path file : files) {
            float[] picture = model.embed(Pictures.read(file));
            all.add(new Ranked(file.toString(), EmbedCommand.cosine(text, picture)));
        }
        all.sort(Comparator.comparingDouble(Ranked::cosine).reversed());
        for (Ranked one : all.subList(0, Math.min(all.size(), arguments.integer("top", 10, 1)))) {
            if (arguments.has("json")) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("picture", one.picture());
                line.put("cosine", one.cosine());
                terminal.jsonLine(line);
            } else {
                terminal.print(
                        "%s", String.format(Locale.ROOT, "%6.3f  %s", one.cosine(), one.picture()));
            }
        }
    }

    // Of a folder, the files with a picture's ending; a file that is named is taken as it is.
    private static List<Path> files(List<String> names) throws IOException {
        List<String> endings = Arrays.asList(ImageIO.getReaderFileSuffixes());
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            Path path = Path.of(name);
            if (!Files.isDirectory(path)) {
                files.add(path);
                continue;
            }
            try (Stream<Path> walk = Files.walk(path)) {
                walk.filter(Files::isRegularFile)
                        .filter(file -> endings.contains(ending(file)))
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files;
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
