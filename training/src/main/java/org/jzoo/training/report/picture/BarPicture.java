package org.jzoo.training.report.picture;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Groups of bars with optional error bars: several models on several tasks. */
public final class BarPicture {

    private record Series(String name, List<Double> values, List<Double> errors) {}

    private final String title;
    private final String yTitle;
    private final List<String> groups;
    private final List<Series> series = new ArrayList<>();
    private int width = 900;
    private int height = 560;
    private double[] yRange = {};

    /**
     * Creates a picture without bars.
     *
     * @param title what is shown
     * @param yTitle the quantity on the y axis with its unit, such as {@code accuracy (%)}
     * @param groups the name below each group of bars; at least one, all different
     */
    public BarPicture(String title, String yTitle, List<String> groups) {
        if (groups.isEmpty() || new HashSet<>(groups).size() != groups.size()) {
            throw new IllegalArgumentException(
                    "groups must be one or more different names, got groups=" + groups);
        }
        this.title = title;
        this.yTitle = yTitle;
        this.groups = List.copyOf(groups);
    }

    /**
     * Adds one bar to each group.
     *
     * @param name the name in the legend
     * @param values the height in each group; {@code NaN} for no bar
     * @param errors half the length of each error bar, such as a standard deviation; {@code NaN}
     *     for none
     */
    public BarPicture bars(String name, double[] values, double[] errors) {
        if (values.length != groups.size() || errors.length != groups.size()) {
            throw new IllegalArgumentException(
                    "values and errors of %s must be one for each group, got values=%d, errors=%d, groups=%d"
                            .formatted(name, values.length, errors.length, groups.size()));
        }
        if (series.stream().anyMatch(other -> other.name().equals(name))) {
            throw new IllegalArgumentException("name must be new, got name=" + name);
        }
        series.add(new Series(name, boxed(values), boxed(errors)));
        return this;
    }

    /** Adds one bar without error bar to each group. */
    public BarPicture bars(String name, double[] values) {
        double[] errors = new double[values.length];
        Arrays.fill(errors, Double.NaN);
        return bars(name, values, errors);
    }

    /** Fixes the range of the y axis, which begins at 0 otherwise. */
    public BarPicture yRange(double lowest, double highest) {
        if (!(lowest < highest)) {
            throw new IllegalArgumentException(
                    "lowest must be < highest, got lowest=%s, highest=%s"
                            .formatted(lowest, highest));
        }
        yRange = new double[] {lowest, highest};
        return this;
    }

    /** Sets the size in pixels; 900 × 560 otherwise. */
    public BarPicture size(int width, int height) {
        this.width = width;
        this.height = height;
        return this;
    }

    /**
     * Draws the picture.
     *
     * @throws IllegalStateException if there are no bars, or if this machine cannot draw text; the
     *     message says what to do
     */
    public BufferedImage draw() {
        if (series.isEmpty()) {
            throw new IllegalStateException("bars must be added before drawing");
        }
        return Pictures.draw(width, height, graphics -> chart().paint(graphics, width, height));
    }

    private CategoryChart chart() {
        CategoryChart chart = new CategoryChart(width, height);
        chart.setTitle(title);
        chart.setYAxisTitle(yTitle);
        CategoryStyler style = chart.getStyler();
        Charts.style(style, series.size() > 1);
        style.setAvailableSpaceFill(0.8);
        style.setPlotContentSize(0.995); // bars stand on the axis
        labels(style);
        style.setPlotGridVerticalLinesVisible(false);
        style.setYAxisTickLabelsFormattingFunction(BarPicture::number);
        int longest = groups.stream().mapToInt(String::length).max().orElse(0);
        if (longest * 8 > 0.85 * width / groups.size()) {
            style.setXAxisLabelRotation(30);
        }
        double[] range = yRange.length > 0 ? yRange : range();
        style.setYAxisMin(range[0]);
        style.setYAxisMax(range[1]);
        for (int s = 0; s < series.size(); s++) {
            Series bars = series.get(s);
            List<Double> values = new ArrayList<>();
            List<Double> errors = new ArrayList<>();
            for (int g = 0; g < groups.size(); g++) {
                boolean shown = Double.isFinite(bars.values().get(g));
                values.add(shown ? bars.values().get(g) : null);
                errors.add(
                        shown && Double.isFinite(bars.errors().get(g))
                                ? bars.errors().get(g)
                                : null);
            }
            CategorySeries drawn = chart.addSeries(bars.name(), groups, values, errors);
            Color color = Palette.series(s);
            drawn.setFillColor(color);
            drawn.setLineColor(color);
            drawn.setMarker(SeriesMarkers.NONE);
        }
        return chart;
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    /** From 0, or the lowest bar if that is below, to a little above the highest error bar. */
    private double[] range() {
        double lowest = 0;
        double highest = 0;
        for (Series bars : series) {
            for (int g = 0; g < groups.size(); g++) {
                double value = bars.values().get(g);
                if (Double.isFinite(value)) {
                    double error = Double.isFinite(bars.errors().get(g)) ? bars.errors().get(g) : 0;
                    lowest = Math.min(lowest, value - error);
                    highest = Math.max(highest, value + error);
                }
            }
        }
        if (lowest == highest) {
            return new double[] {0, 1};
        }
        double space = 0.05 * (highest - lowest);
        return new double[] {lowest < 0 ? lowest - space : 0, highest > 0 ? highest + space : 0};
    }

    /** Values at the foot of the bars, if the bars are wide enough for them. */
    private void labels(CategoryStyler style) {
        int barWidth = (int) (0.7 * width / (groups.size() * series.size()));
        style.setLabelsVisible(barWidth >= 36);
        style.setLabelsPosition(0.06);
        style.setLabelsFont(Pictures.plain(12));
        style.setLabelsFontColorAutomaticEnabled(true);
    }

    /** For the axis and the bars alike: no more digits than fit into a bar. */
    private static String number(double value) {
        if (Math.abs(value) >= 1000) {
            return Charts.tick(value);
        }
        return Charts.tick(new BigDecimal(value).round(new MathContext(4)).doubleValue());
    }
}
