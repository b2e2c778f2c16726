/**
 * Pictures of runs and results as images and PNG files: training curves, confusion matrices, bars
 * and lines. Colours are told apart with every kind of colour blindness, and lines also by their
 * markers. {@link org.jzoo.training.report.picture.Pictures#tryWrite} is the way for a training
 * run, which must never end because of a picture.
 */
package org.jzoo.training.report.picture;
