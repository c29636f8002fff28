// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import dev.w2s.cli.experiment.measure.Estimate;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.colors.XChartSeriesColors;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Points with their 95 % intervals.
 *
 * @param title above all
 * @param xTitle with the unit
 * @param yTitle with the unit
 * @param logarithmic whether the x axis is
 * @param lines each in a colour of its own; a line of several points is drawn through
 */
record Chart(String title, String xTitle, String yTitle, boolean logarithmic, List<Line> lines) {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 600;
  private static final List<Color> COLOURS =
      List.of(
          XChartSeriesColors.BLUE,
          XChartSeriesColors.ORANGE,
          XChartSeriesColors.GREEN,
          XChartSeriesColors.RED,
          XChartSeriesColors.PURPLE,
          XChartSeriesColors.BROWN,
          XChartSeriesColors.PINK,
          XChartSeriesColors.CYAN,
          Color.DARK_GRAY);

  /** Of the first lines in all colours, of the next ones, and so on. */
  private static final List<Marker> MARKERS =
      List.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.SQUARE,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.CROSS);

  /** A figure beside another one. */
  record Point(Estimate x, Estimate y) {

    /** A figure at a place. */
    static Point at(double x, Estimate y) {
      return new Point(new Estimate(x, x, x), y);
    }
  }

  /** What belongs together. */
  record Line(String name, List<Point> points) {}

  BufferedImage image() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setXAxisLogarithmic(logarithmic);
    for (int i = 0; i < lines.size(); i++) {
      Marker marker = MARKERS.get(i / COLOURS.size() % MARKERS.size());
      add(chart, lines.get(i), COLOURS.get(i % COLOURS.size()), marker);
    }
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static void add(XYChart chart, Line line, Color colour, Marker marker) {
    List<Point> points = line.points();
    XYSeries means =
        chart.addSeries(
            line.name(),
            points.stream().mapToDouble(point -> point.x().value()).toArray(),
            points.stream().mapToDouble(point -> point.y().value()).toArray());
    means.setMarker(marker).setMarkerColor(colour);
    means.setLineColor(colour).setLineStyle(SeriesLines.SOLID);
    for (int i = 0; i < points.size(); i++) {
      Estimate x = points.get(i).x();
      Estimate y = points.get(i).y();
      String name = line.name() + " " + i;
      bar(chart, name + " x", colour, x, level(y));
      bar(chart, name + " y", colour, level(x), y);
    }
  }

  private static Estimate level(Estimate of) {
    return new Estimate(of.value(), of.value(), of.value());
  }

  /** From both low ends to both high ends, if they are known and not the same. */
  private static void bar(XYChart chart, String name, Color colour, Estimate x, Estimate y) {
    if (x.high() > x.low() || y.high() > y.low()) {
      XYSeries series =
          chart.addSeries(name, new double[] {x.low(), x.high()}, new double[] {y.low(), y.high()});
      series.setMarker(SeriesMarkers.NONE).setLineColor(colour).setLineStyle(new BasicStroke(2));
      series.setShowInLegend(false);
    }
  }
}
