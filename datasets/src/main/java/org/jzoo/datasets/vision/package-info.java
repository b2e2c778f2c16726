/**
 * Pictures with questions, names or descriptions: generated, put together from real pictures, or
 * the user's own.
 *
 * <p>A {@link org.jzoo.datasets.vision.Scene} is a small square picture, held as bytes, with {@link
 * org.jzoo.datasets.vision.VisualQuestion}s whose answers are classes. Sets that are made by seed
 * are lists that draw a scene each time it is asked for: they take no memory, and the same seed
 * gives the same bytes on every platform.
 */
package org.jzoo.datasets.vision;
