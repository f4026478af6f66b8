package io.github.lsgspark.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An HTML page in the making: one file that needs nothing beside it and asks no network, so that it
 * can be opened from wherever it was copied to. It fits a phone, follows the reader's choice of
 * light and dark, and prints. Its script sorts tables and moves graphs; all is there without it.
 */
public final class Page {
  private static final String STYLE = resource("page.css");
  private static final String SCRIPT = resource("page.js");

  private final String title;
  private final StringBuilder html = new StringBuilder();
  private final List<String> sections = new ArrayList<>();

  /**
   * An empty page.
   *
   * @param drawn whether the program drew the samples itself: then the page says it is a
   *     demonstration
   */
  public Page(String title, boolean drawn) {
    this.title = title;
    if (drawn) {
      note(
          "A demonstration: the program drew these pictures itself. It shows what the method does;"
              + " it is not a benchmark.");
    }
  }

  /** A paragraph that stands out. */
  public Page note(String text) {
    html.append("<p class=\"note\">").append(Svg.escape(text)).append("</p>\n");
    return this;
  }

  /** A heading, to which the page's table of contents leads. */
  public Page section(String heading) {
    sections.add(heading);
    html.append("<h2 id=\"").append(anchor(heading)).append("\">");
    html.append(Svg.escape(heading)).append("</h2>\n");
    return this;
  }

  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }

  /** HTML as it is. */
  public Page append(CharSequence fragment) {
    html.append(fragment);
    return this;
  }

  /** The settings in force, folded away. */
  public Page configuration(String hocon) {
    section("Configuration");
    html.append("<details><summary>everything in force</summary><pre tabindex=\"0\">");
    html.append(Svg.escape(hocon)).append("</pre></details>\n");
    return this;
  }

  /** The whole page. */
  public String end() {
    StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    page.append(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:;"
            + " style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n");
    page.append(
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    page.append(Svg.escape(title)).append("</title>\n<style>\n").append(STYLE);
    page.append("</style></head><body>\n<header><h1>");
    page.append(Svg.escape(title)).append("</h1></header>\n");
    if (sections.size() > 1) {
      page.append("<nav aria-label=\"sections\"><ul>\n");
      for (String section : sections) {
        page.append("<li><a href=\"#").append(anchor(section)).append("\">");
        page.append(Svg.escape(section)).append("</a></li>\n");
      }
      page.append("</ul></nav>\n");
    }
    page.append("<main>\n").append(html).append("</main>\n<script>\n").append(SCRIPT);
    return page.append("</script>\n</body></html>\n").toString();
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
