package org.jzoo.examples.compress;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jzoo.blocks.embedding.PatchOption;
import org.jzoo.datasets.vision.PictureQuestions;
import org.jzoo.examples.finetune.QuestionData;
import org.jzoo.examples.finetune.SquarePictures;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.j1.J1Size;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordTokenizer;

/** A J1 of a few thousand weights, and questions for it. */
final class TinyJ1 {

    private static final int LENGTH = 9;
    private static final List<String> WORDS =
            List.of("what", "colour", "is", "it", "where", "the", "square");
    static final J1Size SIZE =
            new J1Size(32, 4, 64, 2, 1, 3, new PatchOption(3, 10, true), 40, 2, 0);

    private TinyJ1() {}

    static LoadedModel model() {
        return model(SIZE.config(WordTokenizer.size(WORDS), LENGTH, WordTokenizer.PADDING_ID));
    }

    static LoadedModel model(J1Config numbers) {
        return LoadedModel.fresh(
                "tiny-j1",
                ModelConfig.of(
                        "j1", numbers, new AnswerTask(List.of("blue", "left", "red", "right"), 0)),
                TextTokenizer.of(WordTokenizer.json(WORDS), LENGTH),
                5,
                Device.cpu());
    }

    static QuestionData data(Path folder) throws IOException {
        Path csv = SquarePictures.write(folder, "squares", 12, 3);
        PictureQuestions questions =
                PictureQuestions.of(folder, csv, "image", "question", "answer");
        QuestionData all = QuestionData.of(questions, questions, questions);
        return new QuestionData(all.train(), null, all.test(), all.answers(), all.hash());
    }
}
