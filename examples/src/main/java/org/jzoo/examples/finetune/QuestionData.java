package org.jzoo.examples.finetune;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.vision.PictureQuestion;
import org.jzoo.datasets.vision.PictureQuestions;

/**
 * Questions about pictures that a model is tuned and judged on.
 *
 * @param train learned from
 * @param validation watched while training; null for none
 * @param test judged once at the end; null for none
 * @param answers all that the model can answer with
 * @param hash SHA-256 of the file with the training questions
 */
public record QuestionData(Part train, Part validation, Part test, LabelSet answers, String hash) {

    private static final int VALIDATION_SHARE = 10;
    private static final long SPLIT_SEED = 17;

    /**
     * Questions of one file, or of a part of its pictures.
     *
     * @param file the file
     * @param rows the questions, at least one
     */
    public record Part(Path file, List<PictureQuestion> rows) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if there is no question
         */
        public Part {
            Objects.requireNonNull(file, "file");
            rows = List.copyOf(rows);
            if (rows.isEmpty()) {
                throw new IllegalArgumentException(file + ": questions must be there, got none");
            }
        }

        /** All questions of a file, whose pictures are looked for at once. */
        public static Part of(PictureQuestions questions) {
            try (Stream<PictureQuestion> rows = questions.stream()) {
                return new Part(questions.file(), rows.toList());
            }
        }

        /**
         * These questions without those of a tenth of the pictures, and those; one part if there is
         * one picture.
         */
        public List<Part> split() {
            Map<Path, List<PictureQuestion>> byPicture = new LinkedHashMap<>();
            for (PictureQuestion row : rows) {
                byPicture.computeIfAbsent(row.image(), image -> new ArrayList<>()).add(row);
            }
            if (byPicture.size() < 2) {
                return List.of(this);
            }
            List<List<PictureQuestion>> pictures = new ArrayList<>(byPicture.values());
            Collections.shuffle(pictures, new Random(SPLIT_SEED));
            int watched = Math.max(1, Math.floorDiv(pictures.size(), VALIDATION_SHARE));
            return List.of(
                    part(this, pictures.subList(watched, pictures.size())),
                    part(this, pictures.subList(0, watched)));
        }

        /** The file's name, without folders. */
        public String name() {
            return file.getFileName().toString();
        }

        /** The number of pictures. */
        public long pictures() {
            return rows.stream().map(PictureQuestion::image).distinct().count();
        }
    }

    /** Validates. */
    public QuestionData {
        Objects.requireNonNull(train, "train");
        Objects.requireNonNull(answers, "answers");
        Objects.requireNonNull(hash, "hash");
    }

    /**
     * Reads files of questions.
     *
     * @param train the answers in it are all that there are
     * @param validation null takes the questions of a tenth of the training pictures, so that no
     *     picture is both learned from and watched; there is none if there is one picture
     * @param test null for none
     * @throws org.jzoo.datasets.text.DataException on a faulty row, with its number, or if there is
     *     only one answer
     */
    public static QuestionData of(
            PictureQuestions train, PictureQuestions validation, PictureQuestions test) {
        LabelSet answers = train.answers();
        Part all = Part.of(train);
        Part tested = test == null ? null : Part.of(test);
        String hash = DataHash.sha256(train.file());
        if (validation != null) {
            return new QuestionData(all, Part.of(validation), tested, answers, hash);
        }
        List<Part> parts = all.split();
        return new QuestionData(
                parts.get(0), parts.size() < 2 ? null : parts.get(1), tested, answers, hash);
    }

    /** The same questions for a model with these answers, whether they all occur or not. */
    public QuestionData withAnswers(LabelSet others) {
        return new QuestionData(train, validation, test, others, hash);
    }

    private static Part part(Part of, List<List<PictureQuestion>> pictures) {
        return new Part(of.file(), pictures.stream().flatMap(List::stream).toList());
    }
}
