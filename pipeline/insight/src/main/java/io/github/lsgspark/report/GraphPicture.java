package io.github.lsgspark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.graph.SemanticGraph;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.text.Prompt;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.functions;

/**
 * The classes as a graph: blue lines join classes whose prompts the semantic graph joins, thin grey
 * ones join each class with the three whose mean text embeddings are most similar to its own. A
 * class's colour is its accuracy on the test split, from red to green; grey where it has no
 * samples.
 */
public final class GraphPicture {
  private static final int NEIGHBOURS = 3;
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 720;
  private static final int MARGIN = 70;

  private GraphPicture() {}

  /**
   * A graph's labels as an SVG picture.
   *
   * @param limit labels drawn at most, evenly spread over all
   */
  public static String svg(SemanticGraph graph, int limit) {
    return of(
        ClassSums.of(graph.nodes().withColumn("split", functions.lit(Prompt.TRAIN))),
        Optional.of(ClassLinks.of(graph)),
        MissingNode.getInstance(),
        limit);
  }

  /**
   * @param classes at most {@code limit} of them are drawn, evenly spread over the list
   * @param links of the semantic graph; empty without guidance
   * @param perClass accuracy and count by label name
   */
  static String of(
      List<ClassSums> classes, Optional<ClassLinks> links, JsonNode perClass, int limit) {
    int size = Math.min(limit, classes.size());
    List<ClassSums> drawn =
        IntStream.range(0, size)
            .mapToObj(i -> classes.get((int) ((long) i * classes.size() / size)))
            .toList();
    double[][] weights = joined(drawn);
    double[][] at = ForceLayout.place(weights);
    Svg svg = new Svg(WIDTH, HEIGHT, "graph of " + size + " class names");
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++) {
        if (weights[i][j] > 0) {
          String style =
              String.format(
                  Locale.ROOT,
                  "stroke:#aaa;stroke-width:.6;opacity:%.2f",
                  0.15 + 0.6 * Math.max(0, weights[i][j]));
          join(svg, at, i, j, "text", weights[i][j], style);
        }
      }
    }
    links.ifPresent(graph -> drawLinks(svg, drawn, at, graph));
    for (int i = 0; i < size; i++) {
      String label = drawn.get(i).label();
      JsonNode own = perClass.path(label);
      String accuracy =
          own.path("accuracy").isNumber()
              ? String.format(Locale.ROOT, ": %.0f %%", 100 * own.get("accuracy").asDouble())
              : "";
      svg.group(
          String.format(
              Locale.ROOT,
              "class=\"node\" data-node=\"%d\" data-x=\"%.1f\" data-y=\"%.1f\""
                  + " transform=\"translate(%2$.1f %3$.1f)\"",
              i,
              x(at[i]),
              y(at[i])));
      // The page's script keeps what is inside at its size while the picture grows.
      svg.group("class=\"mark\"");
      svg.circle(0, 0, 6, "stroke:#333;fill:" + fill(own), label + accuracy);
      svg.text(0, -9, "middle", "font:10px sans-serif;fill:#333", label);
      svg.close().close();
    }
    return svg.end();
  }

  private static void drawLinks(Svg svg, List<ClassSums> drawn, double[][] at, ClassLinks links) {
    for (int i = 0; i < drawn.size(); i++) {
      for (int j = 0; j < i; j++) {
        double weight = links.between(drawn.get(i).label(), drawn.get(j).label());
        if (weight > 0) {
          String style =
              String.format(
                  Locale.ROOT, "stroke:#2b6cb0;opacity:%.2f", Math.min(1, 0.12 + 1.2 * weight));
          join(svg, at, i, j, "graph", weight, style);
        }
      }
    }
  }

  /**
   * @param kind graph or text: what joins the two
   */
  private static void join(
      Svg svg, double[][] at, int from, int to, String kind, double weight, String style) {
    svg.group(
        String.format(
            Locale.ROOT,
            "class=\"joins\" data-kind=\"%s\" data-from=\"%d\" data-to=\"%d\" data-weight=\"%.3f\"",
            kind,
            from,
            to,
            weight));
    svg.line(x(at[from]), y(at[from]), x(at[to]), y(at[to]), style).close();
  }

  private static double x(double[] place) {
    return MARGIN + place[0] * (WIDTH - 2 * MARGIN);
  }

  private static double y(double[] place) {
    return MARGIN / 2.0 + place[1] * (HEIGHT - MARGIN);
  }

  private static String fill(JsonNode own) {
    return own.path("accuracy").isNumber()
        ? String.format(Locale.ROOT, "hsl(%.0f,70%%,50%%)", 120 * own.get("accuracy").asDouble())
        : "#bbb";
  }

  private static double[][] joined(List<ClassSums> classes) {
    int size = classes.size();
    double[][] cosine = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double[] a = classes.get(i).train();
        double[] b = classes.get(j).train();
        cosine[i][j] = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
      }
    }
    double[][] weights = new double[size][size];
    for (int i = 0; i < size; i++) {
      double[] row = cosine[i];
      int self = i;
      IntStream.range(0, size)
          .boxed()
          .filter(j -> j != self)
          .sorted(Comparator.comparingDouble((Integer j) -> -row[j]))
          .limit(NEIGHBOURS)
          .forEach(
              j -> {
                double weight = Math.max(1e-3, row[j]);
                weights[self][j] = weight;
                weights[j][self] = weight;
              });
    }
    return weights;
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(d -> a[d] * b[d]).sum();
  }
}
