package org.jzoo.training.report.picture;

import java.awt.Color;

/**
 * Colours that people with any colour blindness can tell apart.
 *
 * @see <a href="https://jfly.uni-koeln.de/color/">Okabe and Ito 2008, Color Universal Design</a>
 */
public final class Palette {

    /** Text and axes. */
    public static final Color INK = new Color(0x26, 0x26, 0x26);

    /** Grid lines. */
    public static final Color GRID = new Color(0xE2, 0xE2, 0xE2);

    /** Secondary text. */
    public static final Color MUTED = new Color(0x66, 0x66, 0x66);

    private static final Color[] SERIES = {
        new Color(0x00, 0x72, 0xB2), // blue
        new Color(0xD5, 0x5E, 0x00), // vermilion
        new Color(0x00, 0x9E, 0x73), // bluish green
        new Color(0xCC, 0x79, 0xA7), // reddish purple
        new Color(0xE6, 0x9F, 0x00), // orange
        new Color(0x56, 0xB4, 0xE9), // sky blue
        new Color(0x00, 0x00, 0x00) // black
    };

    /** How many colours of series there are. */
    public static final int NUM_SERIES = SERIES.length;

    private Palette() {}

    /** The colour of the series {@code index}, from 0; they repeat after seven. */
    public static Color series(int index) {
        return SERIES[index % SERIES.length];
    }

    /** A weak tint of a colour, for raw data behind its smoothed line. */
    public static Color tint(Color color) {
        return mix(Color.WHITE, color, 0.3);
    }

    /** White for 0 to deep blue for 1: lightness alone tells the values apart. */
    public static Color shade(double fraction) {
        double clipped = Math.max(0, Math.min(1, fraction));
        Color middle = new Color(0x6B, 0xAE, 0xD6);
        Color deep = new Color(0x08, 0x40, 0x81);
        return clipped < 0.5
                ? mix(Color.WHITE, middle, clipped * 2)
                : mix(middle, deep, clipped * 2 - 1);
    }

    /** Black or white, whichever is easier to read on {@code background}: at least 4.5 to 1. */
    public static Color inkOn(Color background) {
        double luminance =
                0.2126 * linear(background.getRed())
                        + 0.7152 * linear(background.getGreen())
                        + 0.0722 * linear(background.getBlue());
        return luminance > 0.179 ? Color.BLACK : Color.WHITE; // where both contrasts are equal
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    private static Color mix(Color from, Color to, double fraction) {
        return new Color(
                mix(from.getRed(), to.getRed(), fraction),
                mix(from.getGreen(), to.getGreen(), fraction),
                mix(from.getBlue(), to.getBlue(), fraction));
    }

    private static int mix(int from, int to, double fraction) {
        return (int) Math.round(from + (to - from) * fraction);
    }
}
