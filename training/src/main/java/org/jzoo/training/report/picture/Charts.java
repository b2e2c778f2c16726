package org.jzoo.training.report.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Locale;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The look that all charts share. */
final class Charts {

    private Charts() {}

    static void style(AxesChartStyler style, boolean legend) {
        style.setBaseFont(Pictures.plain(14));
        style.setChartBackgroundColor(Color.WHITE);
        style.setChartFontColor(Palette.INK);
        style.setChartPadding(14);
        style.setChartTitleFont(Pictures.bold(17));
        style.setChartTitleBoxVisible(false);
        style.setChartTitlePadding(8);
        style.setLegendVisible(legend);
        style.setLegendPosition(LegendPosition.OutsideS);
        style.setLegendLayout(LegendLayout.Horizontal);
        style.setLegendFont(Pictures.plain(13));
        style.setLegendBorderColor(Color.WHITE);
        style.setLegendBackgroundColor(Color.WHITE);
        style.setLegendSeriesLineLength(26);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setPlotGridLinesColor(Palette.GRID);
        style.setPlotGridLinesStroke(new BasicStroke(1));
        style.setPlotContentSize(0.94);
        style.setAxisTitleFont(Pictures.plain(14));
        style.setAxisTickLabelsFont(Pictures.plain(12));
        style.setAxisTickLabelsColor(Palette.INK);
        style.setAxisTickMarksColor(Palette.MUTED);
        style.setYAxisLabelAlignment(TextAlignment.Right);
        style.setErrorBarsColor(Palette.INK);
        style.setLocale(Locale.ROOT);
        style.setAntiAlias(true);
        style.setTextAntiAlias(true);
    }

    /**
     * A short number for an axis: {@code 1,200}, {@code 0.25}, {@code 3e-5}; no digits that say
     * nothing.
     */
    static String tick(double value) {
        double size = Math.abs(value);
        if (size < 1e-12) {
            return "0";
        }
        if (size < 1e-3 || size >= 1e7) {
            String text = String.format(Locale.ROOT, "%.2e", value);
            return text.replaceFirst("\\.?0+e", "e")
                    .replaceFirst("e([+-])0?", "e$1")
                    .replace("+", "");
        }
        if (size >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.replaceFirst("\\.?0+$", "");
    }
}
