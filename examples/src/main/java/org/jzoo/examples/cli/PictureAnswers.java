package org.jzoo.examples.cli;

import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.zoo.image.Pictures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ImageTextTask;

/**
 * What a model says of files of pictures: its own labels, or those that the command names.
 *
 * @param model of pictures, or of images and texts
 * @param labels to choose from, for models of images and texts; empty for the model's own
 */
record PictureAnswers(LoadedModel model, List<String> labels) {

    static PictureAnswers of(LoadedModel model, Arguments arguments) {
        List<String> labels =
                arguments.has("labels")
                        ? Arrays.stream(arguments.text("labels").split(",", -1))
                                .map(String::strip)
                                .toList()
                        : List.of();
        boolean named = model.config().task() instanceof ImageTextTask;
        if (named == labels.isEmpty()) {
            throw new UsageException(
                    named
                            ? "--labels must name what %s chooses from".formatted(model.name())
                            : "--labels must be left out: %s has labels of its own"
                                    .formatted(model.name()));
        }
        return new PictureAnswers(model, labels);
    }

    /** The pictures of the command line. */
    static Map<String, Image> pictures(Arguments arguments) throws Exception {
        if (arguments.rest().isEmpty()) {
            throw new UsageException("FILE must be one or more pictures, got none");
        }
        Map<String, Image> pictures = new LinkedHashMap<>();
        for (String file : arguments.rest()) {
            pictures.put(file, Pictures.read(Path.of(file)));
        }
        return pictures;
    }

    /** One answer a picture, in order. */
    Map<String, Classifications> answers(Arguments arguments) throws Exception {
        Map<String, Classifications> answers = new LinkedHashMap<>();
        pictures(arguments)
                .forEach(
                        (file, picture) ->
                                answers.put(
                                        file,
                                        labels.isEmpty()
                                                ? model.classify(picture)
                                                : model.classify(picture, labels)));
        return answers;
    }

    /** The vectors of the pictures of the command line, in order. */
    static List<float[]> vectors(LoadedModel model, Map<String, Image> pictures) {
        List<float[]> vectors = new ArrayList<>();
        pictures.values().forEach(picture -> vectors.add(model.embed(picture)));
        return vectors;
    }
}
