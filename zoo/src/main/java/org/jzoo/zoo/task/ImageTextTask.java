package org.jzoo.zoo.task;

/**
 * Texts and pictures in one space: vectors of length 1 of either, and which text fits a picture.
 * Its projections belong to the model, since they were trained with it: there is no head.
 */
public record ImageTextTask() implements Task {}
