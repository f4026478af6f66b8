package io.github.lsgspark.report.page;

import java.util.Locale;

/** A picture in SVG, built up element by element; coordinates in pixels, y downwards. */
public final class Svg {
  /** How text beside a line or an axis is written. */
  public static final String LABEL = "font:12px sans-serif;fill:#333";

  private static final String[] COLOURS = {
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#888888"
  };

  private final StringBuilder content = new StringBuilder();

  /**
   * An empty picture.
   *
   * @param description for those who cannot see it
   */
  public Svg(int width, int height, String description) {
    content.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " style=\"background:#fff\" role=\"img\" aria-label=\"%s\">%n",
            width,
            height,
            width,
            escape(description)));
  }

  /** The colour of the method at a place in the order of methods. */
  public static String colour(int index) {
    return COLOURS[index % COLOURS.length];
  }

  /** Text that is safe inside HTML and SVG, also between quotes. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** A straight line between two points. */
  public Svg line(double x1, double y1, double x2, double y2, String style) {
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

  /** A rectangle by its upper left corner. */
  public Svg rectangle(double x, double y, double width, double height, String style) {
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
   * A square by its upper left corner.
   *
   * @param hint shown when the pointer rests on it
   */
  public Svg square(double x, double y, double side, String style, String hint) {
    content.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%3$.1f\" style=\"%s\">"
                + "<title>%s</title></rect>%n",
            x,
            y,
            side,
            style,
            escape(hint)));
    return this;
  }

  /**
   * A circle.
   *
   * @param hint shown when the pointer rests on it
   */
  public Svg circle(double x, double y, double radius, String style, String hint) {
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

  /**
   * Begins a group, which {@link #close} ends.
   *
   * @param attributes as SVG writes them, their values escaped
   */
  public Svg group(String attributes) {
    content.append("<g ").append(attributes).append(">\n");
    return this;
  }

  /** Ends the innermost group. */
  public Svg close() {
    content.append("</g>\n");
    return this;
  }

  /** A line through points (x0, y0, x1, y1, ...). */
  public Svg path(double[] points, String style) {
    content.append("<polyline points=\"");
    for (int i = 0; i + 1 < points.length; i += 2) {
      content.append(String.format(Locale.ROOT, "%.1f,%.1f ", points[i], points[i + 1]));
    }
    content.append("\" style=\"fill:none;").append(style).append("\"/>\n");
    return this;
  }

  /**
   * Text at a point of its base line.
   *
   * @param anchor start, middle or end
   */
  public Svg text(double x, double y, String anchor, String style, String text) {
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
  public String end() {
    return content + "</svg>\n";
  }
}
