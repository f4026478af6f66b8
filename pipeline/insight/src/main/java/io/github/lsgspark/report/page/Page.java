package io.github.lsgspark.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An HTML page in the making: one file that needs nothing beside it, no network and no scripts, so
 * that it can be opened from wherever it was copied to. It fits a phone, follows the reader's
 * choice of light and dark, and prints.
 */
public final class Page {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--text:#222;--ground:#fff;--line:#ddd;--soft:#f6f6f6;--link:#1a5fb4;
      --note:#fff6d6;--edge:#e5c95c;--right:#e8f5e9;--wrong:#fdeaea}
      @media (prefers-color-scheme:dark){:root{--text:#ddd;--ground:#181a1b;--line:#444;--soft:#242628;
      --link:#8ab4f8;--note:#3a3314;--edge:#7a6a20;--right:#183020;--wrong:#3a1c1c}}
      body{font:15px/1.45 system-ui,sans-serif;color:var(--text);background:var(--ground);max-width:1040px;
      margin:2em auto;padding:0 1em}
      h1{font-size:1.5em;overflow-wrap:anywhere}h2{font-size:1.15em;margin-top:2em}a{color:var(--link)}
      nav ul{display:flex;flex-wrap:wrap;gap:.3em 1.2em;list-style:none;padding:0}
      .scroll{overflow-x:auto}table{border-collapse:collapse}
      td,th{padding:.3em .8em;border-bottom:1px solid var(--line);text-align:right}
      td:first-child,th:first-child{text-align:left}td:not(:first-child){white-space:nowrap}
      .note{background:var(--note);border:1px solid var(--edge);padding:.6em 1em}
      .gallery{display:flex;flex-wrap:wrap;gap:10px}
      figure{margin:0;width:112px;font-size:11px;text-align:center;padding:6px;border-radius:6px;
      overflow-wrap:anywhere}
      .right{background:var(--right)}.wrong{background:var(--wrong)}
      svg{max-width:100%;height:auto;border-radius:4px}
      pre{background:var(--soft);padding:1em;overflow:auto;font-size:12px}summary{cursor:pointer}
      @media print{nav{display:none}body{max-width:none;margin:0}h2,figure,tr{break-inside:avoid}}
      """;

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

  /** HTML as it is; a table that is too wide for the screen is moved by itself. */
  public Page append(CharSequence fragment) {
    html.append(
        fragment
            .toString()
            .replace("<table>", "<div class=\"scroll\" tabindex=\"0\"><table>")
            .replace("</table>", "</table></div>")
            .replace("<th>", "<th scope=\"col\">"));
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
    return page.append("<main>\n").append(html).append("</main>\n</body></html>\n").toString();
  }
}
