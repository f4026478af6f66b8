package io.github.lsgspark.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.graph.NearestLabels;
import io.github.lsgspark.report.page.HtmlTable;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The facts of the semantic graph, and which labels are near each other, as HTML tables. */
final class GraphTables {
  private GraphTables() {}

  private static String encoder(JsonNode embedding) {
    String name = embedding.path("encoder").asText();
    if (!embedding.path("knows_meaning").asBoolean(true)) {
      return name + ": knows spelling, and no meaning";
    }
    String model = embedding.path("model").asText();
    return model.isEmpty() ? name : name + ", " + model.substring(model.lastIndexOf('/') + 1);
  }

  /**
   * @param graph metrics.json of the graph stage
   * @param embedding metrics.json of the embed stage
   */
  static String facts(JsonNode graph, JsonNode embedding) {
    JsonNode facts = graph.path("graph");
    HtmlTable html = new HtmlTable("Facts of the graph", List.of()).names(2);
    row(html, "labels", embedding.path("labels").asText());
    row(html, "label encoder", encoder(embedding));
    row(html, "nodes", graph.path("nodes").asText());
    row(
        html,
        "edges, both directions and self loops",
        facts.path("edges").asText()
            + ", "
            + facts.path("cross_class_edges").asText()
            + " of them between labels");
    row(
        html,
        "components",
        facts.path("components").asText()
            + ", the largest of "
            + facts.path("largest_component").asText()
            + " nodes; "
            + facts.path("isolated_nodes").asText()
            + " nodes alone");
    row(
        html,
        "neighbours of a node",
        facts.path("neighbours_median").asText()
            + " (median), at most "
            + facts.path("neighbours_max").asText());
    row(
        html,
        "degree, weights added",
        String.format(
            Locale.ROOT,
            "%.2f (mean), from %.2f to %.2f",
            facts.path("degree_mean").asDouble(),
            facts.path("degree_min").asDouble(),
            facts.path("degree_max").asDouble()));
    StringBuilder hubs = new StringBuilder();
    for (JsonNode hub : facts.path("hubs")) {
      hubs.append(hubs.length() == 0 ? "" : "; ");
      hubs.append(hub.path("name").asText()).append(' ').append(hub.path("neighbours").asText());
    }
    row(html, "most neighbours", hubs.toString());
    JsonNode search = facts.path("search");
    if (search.has("kind")) {
      String recall =
          search.has("recall")
              ? String.format(
                  Locale.ROOT,
                  ", which finds %.1f %% of the neighbours (%d nodes looked at)",
                  100 * search.path("recall").asDouble(),
                  search.path("recall_sample").asInt())
              : "";
      row(html, "search", search.path("kind").asText() + recall);
    }
    if (embedding.has("taxonomy_spearman")) {
      row(
          html,
          "agreement with the taxonomy",
          String.format(
              Locale.ROOT,
              "rank correlation %.3f; the nearest label is a sibling for %.1f %% of those that have"
                  + " one",
              embedding.path("taxonomy_spearman").asDouble(),
              100 * embedding.path("taxonomy_nearest_is_sibling").asDouble()));
    }
    return html.html();
  }

  private static void row(HtmlTable html, String name, String value) {
    html.row(List.of(name, value));
  }

  /**
   * The nearest labels of each.
   *
   * @param limit labels shown at most; the whole table lies beside the graph
   */
  static String nearest(SparkSession spark, String graphDir, int limit) {
    HtmlTable html =
        new HtmlTable("Nearest labels by their texts", List.of("label", "nearest"))
            .names(2)
            .sortable();
    StringBuilder line = new StringBuilder();
    String label = null;
    for (Row row :
        NearestLabels.read(spark, graphDir)
            .where("label_id < " + limit)
            .orderBy("label_id", "rank")
            .select("label", "neighbour", "cosine")
            .collectAsList()) {
      if (!row.getString(0).equals(label)) {
        if (label != null) {
          row(html, label, line.toString());
        }
        label = row.getString(0);
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : ", ").append(row.getString(1));
      line.append(String.format(Locale.ROOT, " %.2f", row.getDouble(2)));
    }
    if (label != null) {
      row(html, label, line.toString());
    }
    return html.isEmpty() ? "" : html.html();
  }
}
