package org.jzoo.training.report.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import org.jzoo.training.metric.ConfusionMatrix;

/**
 * A confusion matrix as a picture: rows are expected classes, columns predicted ones. Each cell has
 * its count and its percentage of the row, which also is its shade, so that rare classes show their
 * errors as clearly as frequent ones. Readable up to about 40 classes.
 */
public final class ConfusionPicture {

    private static final int MARGIN = 24;
    private static final int GAP = 8;
    private static final int LONGEST_LABEL = 180;
    private static final int TITLE_HEIGHT = 64;

    private final String title;
    private final ConfusionMatrix matrix;
    private final int cell;
    private final Font labelFont;
    private final Font countFont;
    private final Font percentFont;

    private ConfusionPicture(String title, ConfusionMatrix matrix) {
        this.title = title;
        this.matrix = matrix;
        int numClasses = matrix.numClasses();
        cell = Math.max(40, Math.min(120, 760 / numClasses));
        labelFont = Pictures.plain(numClasses <= 20 ? 14 : 12);
        countFont = Pictures.bold(Math.max(11, Math.min(20, cell / 4)));
        percentFont = Pictures.plain(Math.max(10, Math.min(14, cell / 5)));
    }

    /**
     * Draws a confusion matrix.
     *
     * @throws IllegalStateException if this machine cannot draw text; the message says what to do
     */
    public static BufferedImage draw(String title, ConfusionMatrix matrix) {
        return new ConfusionPicture(title, matrix).draw();
    }

    private BufferedImage draw() {
        BufferedImage[] drawn = new BufferedImage[1];
        Pictures.draw(
                1,
                1,
                probe -> {
                    FontMetrics labels = probe.getFontMetrics(labelFont);
                    FontMetrics titles = probe.getFontMetrics(Pictures.bold(17));
                    int labelWidth = 0;
                    for (String label : matrix.labels()) {
                        labelWidth = Math.max(labelWidth, labels.stringWidth(fit(label, labels)));
                    }
                    int side = cell * matrix.numClasses();
                    int left = MARGIN + 20 + GAP + labelWidth + GAP;
                    boolean upright = labelWidth > cell - 4;
                    int below = (upright ? labelWidth : labels.getHeight()) + 2 * GAP + 20;
                    int width = Math.max(left + side, MARGIN + titles.stringWidth(title)) + MARGIN;
                    int least =
                            MARGIN + probe.getFontMetrics(Pictures.plain(13)).stringWidth(legend());
                    drawn[0] =
                            Pictures.draw(
                                    Math.max(width, least + MARGIN),
                                    TITLE_HEIGHT + side + below + MARGIN,
                                    graphics -> draw(graphics, left, upright));
                });
        return drawn[0];
    }

    private String legend() {
        return String.format(
                Locale.ROOT,
                "%,d examples, accuracy %.1f%%; cells: count and %% of the row",
                matrix.total(),
                100 * matrix.accuracy());
    }

    private void draw(Graphics2D graphics, int left, boolean upright) {
        graphics.setColor(Palette.INK);
        graphics.setFont(Pictures.bold(17));
        graphics.drawString(title, MARGIN, 32);
        graphics.setColor(Palette.MUTED);
        graphics.setFont(Pictures.plain(13));
        graphics.drawString(legend(), MARGIN, 52);
        int numClasses = matrix.numClasses();
        for (int e = 0; e < numClasses; e++) {
            for (int p = 0; p < numClasses; p++) {
                drawCell(graphics, e, p, left + p * cell, TITLE_HEIGHT + e * cell);
            }
        }
        drawLabels(graphics, left, upright);
    }

    private void drawCell(Graphics2D graphics, int expected, int predicted, int x, int y) {
        long count = matrix.count(expected, predicted);
        long row = matrix.expectedCount(expected);
        Color background = Palette.shade(row == 0 ? 0 : (double) count / row);
        graphics.setColor(background);
        graphics.fillRect(x, y, cell, cell);
        graphics.setColor(Palette.GRID);
        graphics.drawRect(x, y, cell, cell);
        if (count == 0 && expected != predicted) {
            return; // emptiness shows best as emptiness
        }
        FontMetrics counts = graphics.getFontMetrics(countFont);
        FontMetrics percents = graphics.getFontMetrics(percentFont);
        int height = counts.getAscent() + percents.getAscent() + 2;
        int baseline = y + (cell - height) / 2 + counts.getAscent();
        graphics.setColor(Palette.inkOn(background));
        graphics.setFont(countFont);
        String text = count(count, counts);
        graphics.drawString(text, x + (cell - counts.stringWidth(text)) / 2, baseline);
        graphics.setFont(percentFont);
        String share = percent(count, row);
        graphics.drawString(
                share,
                x + (cell - percents.stringWidth(share)) / 2,
                baseline + percents.getAscent() + 2);
    }

    /** {@code 12,345}, or {@code 12k} where that does not fit. */
    private String count(long count, FontMetrics metrics) {
        String full = String.format(Locale.ROOT, "%,d", count);
        if (metrics.stringWidth(full) <= cell - 4) {
            return full;
        }
        return count < 1_000_000 ? Math.round(count / 1e3) + "k" : Math.round(count / 1e6) + "M";
    }

    private String percent(long count, long row) {
        if (row == 0) {
            return "–";
        }
        double share = 100.0 * count / row;
        if (count > 0 && share < (cell >= 60 ? 0.05 : 0.5)) {
            return cell >= 60 ? "<0.1%" : "<1%";
        }
        return String.format(Locale.ROOT, cell >= 60 ? "%.1f%%" : "%.0f%%", share);
    }

    private void drawLabels(Graphics2D graphics, int left, boolean upright) {
        int side = cell * matrix.numClasses();
        int bottom = TITLE_HEIGHT + side + GAP;
        graphics.setColor(Palette.INK);
        graphics.setFont(labelFont);
        FontMetrics metrics = graphics.getFontMetrics();
        List<String> labels = matrix.labels();
        int longest = 0;
        for (int c = 0; c < labels.size(); c++) {
            String label = fit(labels.get(c), metrics);
            int width = metrics.stringWidth(label);
            longest = Math.max(longest, width);
            int middle = c * cell + cell / 2;
            graphics.drawString(
                    label, left - GAP - width, TITLE_HEIGHT + middle + metrics.getAscent() / 2 - 1);
            if (upright) {
                drawUpwards(
                        graphics,
                        label,
                        left + middle + metrics.getAscent() / 2 - 1,
                        bottom + width);
            } else {
                graphics.drawString(label, left + middle - width / 2, bottom + metrics.getAscent());
            }
        }
        graphics.setFont(Pictures.bold(14));
        FontMetrics axis = graphics.getFontMetrics();
        int predictedY =
                bottom + (upright ? longest : metrics.getHeight()) + GAP + axis.getAscent();
        graphics.drawString(
                "predicted", left + (side - axis.stringWidth("predicted")) / 2, predictedY);
        drawUpwards(
                graphics,
                "expected",
                MARGIN + axis.getAscent(),
                TITLE_HEIGHT + (side + axis.stringWidth("expected")) / 2);
    }

    /** Draws text that runs upwards from (x, y). */
    private static void drawUpwards(Graphics2D graphics, String text, int x, int y) {
        AffineTransform before = graphics.getTransform();
        graphics.translate(x, y);
        graphics.rotate(-Math.PI / 2);
        graphics.drawString(text, 0, 0);
        graphics.setTransform(before);
    }

    /** The label, shortened in its middle: long names often differ at the end. */
    private static String fit(String label, FontMetrics metrics) {
        String text = label;
        int[] codePoints = label.codePoints().toArray();
        for (int kept = codePoints.length - 1;
                kept > 1 && metrics.stringWidth(text) > LONGEST_LABEL;
                kept--) {
            int head = (kept + 1) / 2;
            int tail = kept - head;
            text =
                    new String(codePoints, 0, head)
                            + "…"
                            + new String(codePoints, codePoints.length - tail, tail);
        }
        return text;
    }
}
