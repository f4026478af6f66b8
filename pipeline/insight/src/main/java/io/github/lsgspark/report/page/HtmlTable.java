package io.github.lsgspark.report.page;

import java.util.List;

/**
 * A table of a page: with a caption, the names of its columns and rows told as such, and moved by
 * itself where it is too wide for the screen.
 */
public final class HtmlTable {
  /** Rows beyond which a table is moved by itself on the screen; paper has it all. */
  private static final int LONG = 20;

  /**
   * The content of a cell that is HTML already.
   *
   * @param html as it is
   */
  public record Html(String html) {}

  private final String caption;
  private final List<String> headings;
  private final StringBuilder body = new StringBuilder();
  private int names = 1;
  private int rows;
  private boolean sortable;

  /**
   * An empty table.
   *
   * @param headings of the columns; none for a list of names and values
   */
  public HtmlTable(String caption, List<String> headings) {
    this.caption = caption;
    this.headings = List.copyOf(headings);
  }

  /** Columns at the left that hold names; all others hold numbers. 1 if not said. */
  public HtmlTable names(int columns) {
    names = columns;
    return this;
  }

  /** A click on a heading sorts by its column; a table of many rows is searched. */
  public HtmlTable sortable() {
    sortable = true;
    return this;
  }

  /**
   * A row.
   *
   * @param cells text, numbers, or {@link Html}; the first names the row
   */
  public HtmlTable row(List<?> cells) {
    body.append("<tr>");
    for (int column = 0; column < cells.size(); column++) {
      Object cell = cells.get(column);
      String tag = column == 0 ? "th" : "td";
      body.append('<').append(tag).append(column == 0 ? " scope=\"row\"" : "").append(side(column));
      body.append('>');
      body.append(cell instanceof Html html ? html.html() : Svg.escape(cell.toString()));
      body.append("</").append(tag).append('>');
    }
    body.append("</tr>\n");
    rows++;
    return this;
  }

  private String side(int column) {
    return column < names ? " class=\"name\"" : "";
  }

  /** Whether there are no rows. */
  public boolean isEmpty() {
    return rows == 0;
  }

  /** The whole table. */
  public String html() {
    StringBuilder html = new StringBuilder("<div class=\"scroll");
    html.append(rows > LONG ? " long" : "").append("\" tabindex=\"0\" role=\"group\"");
    html.append(" aria-label=\"").append(Svg.escape(caption)).append("\"><table");
    html.append(sortable ? " class=\"sortable\"" : "").append("><caption>");
    html.append(Svg.escape(caption)).append("</caption>\n");
    if (!headings.isEmpty()) {
      html.append("<thead><tr>");
      for (int column = 0; column < headings.size(); column++) {
        html.append("<th scope=\"col\"").append(side(column)).append('>');
        html.append(Svg.escape(headings.get(column))).append("</th>");
      }
      html.append("</tr></thead>\n");
    }
    return html.append("<tbody>\n").append(body).append("</tbody></table></div>\n").toString();
  }
}
