package org.jzoo.training.report.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines over a common x axis, with optional error bars and logarithmic axes: scaling curves, speed
 * by length, quality by budget.
 */
public final class LinePicture {

    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE,
        SeriesMarkers.SQUARE,
        SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_DOWN,
        SeriesMarkers.CROSS,
        SeriesMarkers.PLUS
    };

    private static final double[] NONE = {};
    private static final int MOST_BELOW = 6; // names that fit into one row
    private static final float[] DASHES = {7, 6};

    private record Series(
            String name,
            List<Double> x,
            List<Double> y,
            List<Double> errors, // empty for none
            Color color,
            boolean raw) {}

    private final String title;
    private final String xTitle;
    private final String yTitle;
    private final List<Series> series = new ArrayList<>();
    private boolean logX;
    private boolean logY;
    private int width = 900;
    private int height = 560;
    private double[] yRange = {};

    /**
     * Creates a picture without lines.
     *
     * @param title what is shown
     * @param xTitle the quantity on the x axis with its unit, such as {@code length (tokens)}
     * @param yTitle the quantity on the y axis with its unit, such as {@code time (ms)}
     */
    public LinePicture(String title, String xTitle, String yTitle) {
        this.title = title;
        this.xTitle = xTitle;
        this.yTitle = yTitle;
    }

    /**
     * Adds a line with a marker at each point; points that are not finite are left out.
     *
     * @param x the x values, of the same length as {@code y}
     */
    public LinePicture line(String name, double[] x, double[] y) {
        return add(name, x, y, NONE, false);
    }

    /**
     * Adds a line with error bars.
     *
     * @param errors half the length of each error bar, such as a standard deviation; {@code NaN}
     *     for none
     */
    public LinePicture line(String name, double[] x, double[] y, double[] errors) {
        return add(name, x, y, errors, false);
    }

    /**
     * Adds a thin line without markers, in a weak tint of the next line's colour and not in the
     * legend: the raw data behind a smoothed line, which is to be added next.
     */
    LinePicture raw(double[] x, double[] y) {
        return add("raw " + series.size(), x, y, NONE, true);
    }

    private LinePicture add(String name, double[] x, double[] y, double[] errors, boolean raw) {
        if (x.length != y.length || (errors != NONE && errors.length != y.length)) {
            throw new IllegalArgumentException(
                    "x, y and errors of %s must have the same length, got x=%d, y=%d, errors=%s"
                            .formatted(
                                    name,
                                    x.length,
                                    y.length,
                                    errors == NONE ? "none" : String.valueOf(errors.length)));
        }
        if (series.stream().anyMatch(other -> other.name().equals(name))) {
            throw new IllegalArgumentException("name must be new, got name=" + name);
        }
        int color = (int) series.stream().filter(other -> !other.raw()).count();
        series.add(new Series(name, boxed(x), boxed(y), boxed(errors), Palette.series(color), raw));
        return this;
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    /** Makes the x axis logarithmic; every x must then be above 0. */
    public LinePicture logX() {
        logX = true;
        return this;
    }

    /** Makes the y axis logarithmic; points and error bars that reach 0 are left out. */
    public LinePicture logY() {
        logY = true;
        return this;
    }

    /** Fixes the range of the y axis, which follows the data otherwise. */
    public LinePicture yRange(double lowest, double highest) {
        if (!(lowest < highest)) {
            throw new IllegalArgumentException(
                    "lowest must be < highest, got lowest=%s, highest=%s"
                            .formatted(lowest, highest));
        }
        yRange = new double[] {lowest, highest};
        return this;
    }

    /** Sets the size in pixels; 900 × 560 otherwise. */
    public LinePicture size(int width, int height) {
        this.width = width;
        this.height = height;
        return this;
    }

    /**
     * Draws the picture.
     *
     * @throws IllegalStateException if this machine cannot draw text; the message says what to do
     */
    public BufferedImage draw() {
        return Pictures.draw(width, height, this::draw);
    }

    /** Draws into the square from (0, 0) to (width, height). */
    void draw(Graphics2D graphics) {
        XYChart chart = new XYChart(width, height);
        chart.setTitle(title);
        chart.setXAxisTitle(xTitle);
        chart.setYAxisTitle(yTitle);
        XYStyler style = chart.getStyler();
        long named = series.stream().filter(line -> !line.raw()).count();
        Charts.style(style, named > 1);
        if (named > MOST_BELOW) {
            style.setLegendPosition(LegendPosition.OutsideE);
            style.setLegendLayout(LegendLayout.Vertical);
        }
        style.setMarkerSize(8);
        style.setXAxisLogarithmic(logX);
        style.setYAxisLogarithmic(logY);
        style.setXAxisTickLabelsFormattingFunction(Charts::tick);
        style.setYAxisTickLabelsFormattingFunction(Charts::tick);
        if (yRange.length > 0) {
            style.setYAxisMin(yRange[0]);
            style.setYAxisMax(yRange[1]);
        }
        int index = 0;
        for (Series line : series) {
            if (addTo(chart, line, index) && !line.raw()) {
                index++;
            }
        }
        if (chart.getSeriesCollection().isEmpty()) {
            empty(graphics);
        } else {
            chart.paint(graphics, width, height);
        }
    }

    private boolean addTo(XYChart chart, Series line, int index) {
        int[] shown = points(line);
        if (shown.length == 0) {
            return false;
        }
        double[] x = Arrays.stream(shown).mapToDouble(i -> line.x().get(i)).toArray();
        double[] y = Arrays.stream(shown).mapToDouble(i -> line.y().get(i)).toArray();
        double[] errors = null;
        if (!line.errors().isEmpty()) {
            double[] all = Arrays.stream(shown).mapToDouble(i -> error(line, i)).toArray();
            // Where there is none at all, the chart would find no range of its axis.
            errors = Arrays.stream(all).anyMatch(Double::isFinite) ? all : null;
        }
        XYSeries drawn = chart.addSeries(line.name(), x, y, errors);
        drawn.setLineColor(line.raw() ? Palette.tint(line.color()) : line.color());
        drawn.setLineStyle(stroke(line, index));
        drawn.setShowInLegend(!line.raw());
        boolean marked = !line.raw() && x.length <= 60;
        drawn.setMarker(marked ? MARKERS[index % MARKERS.length] : SeriesMarkers.NONE);
        drawn.setMarkerColor(line.color());
        return true;
    }

    // Colours repeat after seven lines: the next seven are dashed.
    private static BasicStroke stroke(Series line, int index) {
        int round = BasicStroke.CAP_ROUND;
        return index < Palette.NUM_SERIES
                ? new BasicStroke(line.raw() ? 1.2f : 2.4f, round, BasicStroke.JOIN_ROUND)
                : new BasicStroke(2.4f, round, BasicStroke.JOIN_ROUND, 1, DASHES, 0);
    }

    /** The points that the axes can show. */
    private int[] points(Series line) {
        List<Integer> shown = new ArrayList<>();
        for (int i = 0; i < line.x().size(); i++) {
            double x = line.x().get(i);
            double y = line.y().get(i);
            if (logX && x <= 0) {
                throw new IllegalArgumentException(
                        "x must be > 0 on a logarithmic axis, got x=%s in %s"
                                .formatted(x, line.name()));
            }
            if (Double.isFinite(x) && Double.isFinite(y) && (!logY || y > 0)) {
                shown.add(i);
            }
        }
        return shown.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Half an error bar; none if it would reach down to what a logarithmic axis cannot show. */
    private double error(Series line, int i) {
        double error = line.errors().get(i);
        boolean shown = Double.isFinite(error) && (!logY || line.y().get(i) - error > 0);
        return shown ? error : Double.NaN;
    }

    private void empty(Graphics2D graphics) {
        graphics.setColor(Palette.INK);
        graphics.setFont(Pictures.bold(17));
        graphics.drawString(title, 24, 36);
        graphics.setColor(Palette.MUTED);
        graphics.setFont(Pictures.plain(14));
        graphics.drawString("no values yet", 24, 64);
    }
}
