package org.jzoo.datasets.vision;

import java.util.Arrays;
import java.util.Random;

/**
 * Six objects of six colours on a white square of 75 × 75 pixels, each a square of 11 × 11 pixels
 * or a circle of that diameter. Object i has colour i.
 *
 * <p>No two objects' bounding boxes overlap; no centre lies on a middle line; no object has two
 * closest or two furthest others. So every question has one answer.
 */
final class ShapeScene {

    static final int SIDE = 75;
    static final int OBJECTS = 6;

    private static final int RADIUS = 5;
    private static final int MIDDLE = SIDE / 2;
    private static final int MAX_TRIES = 200;
    private static final int[] COLORS = {
        0xFF0000, 0x0000FF, 0x00FF00, 0xFF9C00, 0xFFFF00, 0x808080
    };

    private final int[] xs = new int[OBJECTS];
    private final int[] ys = new int[OBJECTS];
    private final boolean[] circle = new boolean[OBJECTS];

    ShapeScene(Random random) {
        while (!place(random) || hasTies()) {
            // Starts again with an empty picture: about one picture in ten.
        }
        for (int i = 0; i < OBJECTS; i++) {
            circle[i] = random.nextBoolean();
        }
    }

    private boolean place(Random random) {
        int tries = 0;
        for (int i = 0; i < OBJECTS; i++) {
            do {
                if (tries++ == MAX_TRIES) {
                    return false;
                }
                xs[i] = RADIUS + random.nextInt(SIDE - 2 * RADIUS);
                ys[i] = RADIUS + random.nextInt(SIDE - 2 * RADIUS);
            } while (xs[i] == MIDDLE || ys[i] == MIDDLE || overlaps(i));
        }
        return true;
    }

    private boolean overlaps(int object) {
        for (int i = 0; i < object; i++) {
            if (Math.max(Math.abs(xs[i] - xs[object]), Math.abs(ys[i] - ys[object]))
                    <= 2 * RADIUS) {
                return true;
            }
        }
        return false;
    }

    private boolean hasTies() {
        int[] distances = new int[OBJECTS - 1];
        for (int i = 0; i < OBJECTS; i++) {
            for (int j = 0, n = 0; j < OBJECTS; j++) {
                if (j != i) {
                    distances[n++] = squaredDistance(i, j);
                }
            }
            Arrays.sort(distances);
            if (distances[0] == distances[1] || distances[OBJECTS - 3] == distances[OBJECTS - 2]) {
                return true;
            }
        }
        return false;
    }

    private int squaredDistance(int i, int j) {
        int dx = xs[i] - xs[j];
        int dy = ys[i] - ys[j];
        return dx * dx + dy * dy;
    }

    boolean isCircle(int object) {
        return circle[object];
    }

    boolean isLeft(int object) {
        return xs[object] < MIDDLE;
    }

    boolean isTop(int object) {
        return ys[object] < MIDDLE;
    }

    int closestTo(int object) {
        return extreme(object, 1);
    }

    int furthestFrom(int object) {
        return extreme(object, -1);
    }

    private int extreme(int object, int sign) {
        int best = -1;
        for (int i = 0; i < OBJECTS; i++) {
            if (i != object
                    && (best < 0
                            || sign * squaredDistance(i, object)
                                    < sign * squaredDistance(best, object))) {
                best = i;
            }
        }
        return best;
    }

    /** How many objects have the object's shape, itself included. */
    int countLike(int object) {
        int count = 0;
        for (boolean other : circle) {
            count += other == circle[object] ? 1 : 0;
        }
        return count;
    }

    /** The picture, {@code (75, 75, 3)} row by row. */
    byte[] draw() {
        byte[] rgb = new byte[SIDE * SIDE * 3];
        Arrays.fill(rgb, (byte) 0xFF);
        for (int i = 0; i < OBJECTS; i++) {
            for (int dy = -RADIUS; dy <= RADIUS; dy++) {
                for (int dx = -RADIUS; dx <= RADIUS; dx++) {
                    // A quarter pixel more than the radius rounds the four tips.
                    if (!circle[i] || dx * dx + dy * dy <= RADIUS * RADIUS + RADIUS / 2) {
                        int at = ((ys[i] + dy) * SIDE + xs[i] + dx) * 3;
                        rgb[at] = (byte) (COLORS[i] >> 16);
                        rgb[at + 1] = (byte) (COLORS[i] >> 8);
                        rgb[at + 2] = (byte) COLORS[i];
                    }
                }
            }
        }
        return rgb;
    }
}
