package org.jzoo.datasets.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which garments stand where: {@code cells × cells} pictures. One kind occurs exactly once; the
 * others are drawn from so few kinds that at least one occurs twice.
 */
final class GarmentGrid {

    private final int cells;
    private final int[] images;
    private final int[] kinds;
    private final int[] counts = new int[GarmentImages.NAMES.size()];
    private final int single;

    GarmentGrid(GarmentImages garments, int cells, Random random) {
        this.cells = cells;
        this.images = new int[cells * cells];
        this.kinds = new int[images.length];
        int[] order = shuffled(GarmentImages.NAMES.size(), random);
        int others = cells == 2 ? 2 : 4;
        single = random.nextInt(kinds.length);
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = i == single ? order[0] : order[1 + random.nextInt(others)];
            counts[kinds[i]]++;
            images[i] = garments.withLabel(kinds[i], random.nextInt(garments.count(kinds[i])));
        }
    }

    /** The numbers from 0 in random order (Fisher and Yates). */
    static int[] shuffled(int size, Random random) {
        int[] order = IntStream.range(0, size).toArray();
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return order;
    }

    int size() {
        return kinds.length;
    }

    int kind(int cell) {
        return kinds[cell];
    }

    /** The cell whose kind no other cell has. */
    int single() {
        return single;
    }

    int count(int kind) {
        return counts[kind];
    }

    /** A kind that occurs, or one that does not. */
    int drawKind(boolean present, Random random) {
        int kind;
        do {
            kind = random.nextInt(counts.length);
        } while (counts[kind] > 0 != present);
        return kind;
    }

    /** Two cells of the same kind, or of different ones, in random order. */
    int[] drawPair(boolean same, Random random) {
        List<int[]> pairs = new ArrayList<>();
        for (int i = 0; i < kinds.length; i++) {
            for (int j = 0; j < kinds.length; j++) {
                if (i != j && (kinds[i] == kinds[j]) == same) {
                    pairs.add(new int[] {i, j});
                }
            }
        }
        return pairs.get(random.nextInt(pairs.size()));
    }

    /** The place among nine that a cell has; of four cells, the corners. */
    int place(int cell) {
        int step = cells == 2 ? 2 : 1;
        return cell / cells * step * 3 + cell % cells * step;
    }

    byte[] draw(GarmentImages garments) {
        int side = cells * GarmentImages.SIDE;
        byte[] rgb = new byte[side * side * 3];
        for (int i = 0; i < images.length; i++) {
            garments.draw(
                    images[i],
                    rgb,
                    side,
                    i / cells * GarmentImages.SIDE,
                    i % cells * GarmentImages.SIDE);
        }
        return rgb;
    }
}
