package io.github.lsgspark.report;

import java.util.Locale;

/** A picture in SVG, built up element by element; coordinates in pixels, y downwards. */
final class Svg {
  private final StringBuilder content = new StringBuilder();

  Svg(int width, int height, String description) {
    content.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " role=\"img\" aria-label=\"%s\">%n",
            width,
            height,
            width,
            escape(description)));
  }

  /** Text that is safe inside HTML and SVG, also between quotes. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  Svg line(double x1, double y1, double x2, double y2, String style) {
    content.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" style=\"%s\"/>%n",
            x1,
            y1,
            x2,
            y2,
            style));
    return this;
  }

  Svg rectangle(double x, double y, double width, double height, String style) {
    content.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" style=\"%s\"/>%n",
            x,
            y,
            width,
            height,
            style));
    return this;
  }

  /**
   * @param hint shown when the pointer rests on it
   */
  Svg circle(double x, double y, double radius, String style, String hint) {
    content.append(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" style=\"%s\"><title>%s</title></circle>%n",
            x,
            y,
            radius,
            style,
            escape(hint)));
    return this;
  }

  /** A line through points (x0, y0, x1, y1, ...). */
  Svg path(double[] points, String style) {
    content.append("<polyline points=\"");
    for (int i = 0; i + 1 < points.length; i += 2) {
      content.append(String.format(Locale.ROOT, "%.1f,%.1f ", points[i], points[i + 1]));
    }
    content.append("\" style=\"fill:none;").append(style).append("\"/>\n");
    return this;
  }

  /**
   * @param anchor start, middle or end
   */
  Svg text(double x, double y, String anchor, String style, String text) {
    content.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" style=\"%s\">%s</text>%n",
            x,
            y,
            anchor,
            style,
            escape(text)));
    return this;
  }

  /** The whole picture. */
  String end() {
    return content + "</svg>\n";
  }
}
