package org.jzoo.training.report.picture;

import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * Shares in rows and columns as shades, each with its percentage: loads of experts, attention
 * between words. Readable up to about 30 rows and columns.
 *
 * @param title above the picture
 * @param rowTitle what rows are
 * @param columnTitle what columns are
 */
public record HeatPicture(String title, String rowTitle, String columnTitle) {

    private static final int MARGIN = 24;
    private static final int GAP = 8;
    private static final int TOP = 48;

    /**
     * Draws.
     *
     * @param rows names of the rows, at least one
     * @param columns names of the columns, at least one
     * @param shares (rows, columns), each in [0, 1]
     * @throws IllegalArgumentException if a size differs or a share is out of its range
     * @throws IllegalStateException if this machine cannot draw text; the message says what to do
     */
    public BufferedImage draw(List<String> rows, List<String> columns, double[][] shares) {
        requireShares(rows, columns, shares);
        int cell = Math.max(32, Math.min(72, 720 / Math.max(rows.size(), columns.size())));
        int[] widths = new int[2];
        Pictures.draw(
                1,
                1,
                probe -> {
                    FontMetrics labels = probe.getFontMetrics(Pictures.plain(13));
                    widths[0] = rows.stream().mapToInt(labels::stringWidth).max().orElse(0);
                    widths[1] = probe.getFontMetrics(Pictures.bold(17)).stringWidth(title);
                });
        int left = MARGIN + 20 + GAP + widths[0] + GAP;
        int width = Math.max(left + cell * columns.size(), MARGIN + widths[1]) + MARGIN;
        int height = TOP + cell * rows.size() + 64;
        return Pictures.draw(
                width, height, graphics -> draw(graphics, left, cell, rows, columns, shares));
    }

    private static void requireShares(List<String> rows, List<String> columns, double[][] shares) {
        if (rows.isEmpty() || columns.isEmpty() || shares.length != rows.size()) {
            throw new IllegalArgumentException(
                    "shares must have a row for each of >= 1 names, got shares=%d, rows=%d, columns=%d"
                            .formatted(shares.length, rows.size(), columns.size()));
        }
        for (double[] row : shares) {
            if (row.length != columns.size()) {
                throw new IllegalArgumentException(
                        "shares of a row must be as many as columns, got shares=%d, columns=%d"
                                .formatted(row.length, columns.size()));
            }
            for (double share : row) {
                if (!(share >= 0 && share <= 1)) {
                    throw new IllegalArgumentException(
                            "share must be in [0, 1], got share=" + share);
                }
            }
        }
    }

    private void draw(
            Graphics2D graphics,
            int left,
            int cell,
            List<String> rows,
            List<String> columns,
            double[][] shares) {
        graphics.setColor(Palette.INK);
        graphics.setFont(Pictures.bold(17));
        graphics.drawString(title, MARGIN, 32);
        for (int r = 0; r < rows.size(); r++) {
            for (int c = 0; c < columns.size(); c++) {
                drawCell(graphics, left + c * cell, TOP + r * cell, cell, shares[r][c]);
            }
        }
        graphics.setColor(Palette.INK);
        graphics.setFont(Pictures.plain(13));
        FontMetrics labels = graphics.getFontMetrics();
        for (int r = 0; r < rows.size(); r++) {
            int x = left - GAP - labels.stringWidth(rows.get(r));
            graphics.drawString(rows.get(r), x, TOP + r * cell + (cell + labels.getAscent()) / 2);
        }
        int bottom = TOP + cell * rows.size() + GAP + labels.getAscent();
        for (int c = 0; c < columns.size(); c++) {
            int x = left + c * cell + (cell - labels.stringWidth(columns.get(c))) / 2;
            graphics.drawString(columns.get(c), x, bottom);
        }
        graphics.setFont(Pictures.bold(14));
        FontMetrics axis = graphics.getFontMetrics();
        int middle = left + (cell * columns.size() - axis.stringWidth(columnTitle)) / 2;
        graphics.drawString(columnTitle, middle, bottom + GAP + axis.getAscent());
        AffineTransform before = graphics.getTransform();
        int side = TOP + (cell * rows.size() + axis.stringWidth(rowTitle)) / 2;
        graphics.translate(MARGIN + axis.getAscent(), side);
        graphics.rotate(-Math.PI / 2);
        graphics.drawString(rowTitle, 0, 0);
        graphics.setTransform(before);
    }

    private static void drawCell(Graphics2D graphics, int x, int y, int cell, double share) {
        Color background = Palette.shade(share);
        graphics.setColor(background);
        graphics.fillRect(x, y, cell, cell);
        graphics.setColor(Palette.GRID);
        graphics.drawRect(x, y, cell, cell);
        if (share < 0.005) {
            return; // emptiness shows best as emptiness
        }
        graphics.setColor(Palette.inkOn(background));
        graphics.setFont(Pictures.plain(12));
        FontMetrics metrics = graphics.getFontMetrics();
        String text = String.format(Locale.ROOT, "%.0f%%", 100 * share);
        graphics.drawString(
                text,
                x + (cell - metrics.stringWidth(text)) / 2,
                y + (cell + metrics.getAscent()) / 2 - 1);
    }
}
