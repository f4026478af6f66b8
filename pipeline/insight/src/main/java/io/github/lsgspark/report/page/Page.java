package io.github.lsgspark.report.page;

/**
 * An HTML page in the making: one file that needs nothing beside it, no network and no scripts, so
 * that it can be opened from wherever it was copied to.
 */
public final class Page {
  private static final String STYLE =
      "body{font:15px/1.45 system-ui,sans-serif;color:#222;max-width:1040px;margin:2em auto;"
          + "padding:0 1em}h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}"
          + "table{border-collapse:collapse}td,th{padding:.3em .8em;border-bottom:1px solid #ddd;"
          + "text-align:right}td:first-child,th:first-child{text-align:left}"
          + ".note{background:#fff6d6;border:1px solid #e5c95c;padding:.6em 1em}"
          + ".gallery{display:flex;flex-wrap:wrap;gap:10px}figure{margin:0;width:112px;"
          + "font-size:11px;text-align:center;padding:6px;border-radius:6px}"
          + ".right{background:#e8f5e9}.wrong{background:#fdeaea}img{image-rendering:auto}"
          + "svg{max-width:100%;height:auto}pre{background:#f6f6f6;padding:1em;overflow:auto;"
          + "font-size:12px}";

  private final StringBuilder html = new StringBuilder();

  /**
   * An empty page.
   *
   * @param drawn whether the program drew the samples itself: then the page says it is a
   *     demonstration
   */
  public Page(String title, boolean drawn) {
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>");
    html.append(Svg.escape(title)).append("</title>\n<style>").append(STYLE);
    html.append("</style></head><body>\n<h1>").append(Svg.escape(title)).append("</h1>\n");
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

  /** A heading. */
  public Page section(String heading) {
    html.append("<h2>").append(Svg.escape(heading)).append("</h2>\n");
    return this;
  }

  /** HTML as it is. */
  public Page append(CharSequence fragment) {
    html.append(fragment);
    return this;
  }

  /** The settings in force, folded away. */
  public Page configuration(String hocon) {
    section("Configuration");
    html.append("<details><summary>everything in force</summary><pre>");
    html.append(Svg.escape(hocon)).append("</pre></details>\n");
    return this;
  }

  /** The whole page. */
  public String end() {
    return html + "</body></html>\n";
  }
}
