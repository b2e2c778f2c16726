package org.jzoo.datasets.vision;

import java.util.List;

/** How {@link ShapeQuestion}s are worded; {@code %s} is a colour. */
final class ShapePhrasings {

    private ShapePhrasings() {}

    static final Phrasings CLOSEST =
            new Phrasings(
                    List.of(
                            "what is the shape of the object closest to the %s object?",
                            "what shape is the object nearest to the %s object?",
                            "which shape does the object closest to the %s one have?",
                            "the object nearest to the %s one has what shape?",
                            "what shape is closest to the %s object?",
                            "tell me the shape of the object that is nearest to the %s one"),
                    List.of(
                            "which shape is nearest to the %s object?",
                            "tell me what shape the object closest to the %s one has",
                            "the object closest to the %s object has which shape?"));

    static final Phrasings FURTHEST =
            new Phrasings(
                    List.of(
                            "what is the shape of the object furthest from the %s object?",
                            "what shape is the object farthest from the %s object?",
                            "which shape does the object furthest from the %s one have?",
                            "the object farthest from the %s one has what shape?",
                            "what shape is furthest from the %s object?",
                            "tell me the shape of the object that is farthest from the %s one"),
                    List.of(
                            "which shape is farthest from the %s object?",
                            "tell me what shape the object furthest from the %s one has",
                            "the object furthest from the %s object has which shape?"));

    static final Phrasings SAME_SHAPE =
            new Phrasings(
                    List.of(
                            "how many objects have the shape of the %s object?",
                            "how many of the objects have the same shape as the %s one?",
                            "count the objects with the shape of the %s one",
                            "count the objects that have the same shape as the %s object",
                            "what is the number of objects that have the shape of the %s one?",
                            "tell me the number of objects with the same shape as the %s object"),
                    List.of(
                            "how many objects have the same shape as the %s object?",
                            "count the objects with the same shape as the %s object",
                            "what is the number of objects with the shape of the %s object?"));

    static final Phrasings SHAPE =
            new Phrasings(
                    List.of(
                            "what is the shape of the %s object?",
                            "what shape is the %s object?",
                            "which shape does the %s one have?",
                            "the %s one has what shape?",
                            "what shape does the %s object have?",
                            "tell me the shape of the %s one"),
                    List.of(
                            "which shape is the %s object?",
                            "tell me what shape the %s one has", "the %s object has which shape?"));

    static final Phrasings LEFT_HALF =
            new Phrasings(
                    List.of(
                            "is the %s object on the left?",
                            "is the %s object in the left half?",
                            "is the %s one on the left side of the picture?",
                            "does the %s object lie on the left?",
                            "tell me if the %s one is in the left half of the picture",
                            "the %s one is on the left side, is it?"),
                    List.of(
                            "does the %s one lie in the left half of the picture?",
                            "tell me if the %s object is on the left side",
                            "the %s object is in the left half, is it?"));

    static final Phrasings TOP_HALF =
            new Phrasings(
                    List.of(
                            "is the %s object at the top?",
                            "is the %s object in the top half?",
                            "is the %s one at the top of the picture?",
                            "does the %s object lie at the top?",
                            "tell me if the %s one is in the top half of the picture",
                            "the %s one is at the top, is it?"),
                    List.of(
                            "does the %s one lie in the top half of the picture?",
                            "tell me if the %s object is at the top",
                            "the %s object is in the top half, is it?"));
}
