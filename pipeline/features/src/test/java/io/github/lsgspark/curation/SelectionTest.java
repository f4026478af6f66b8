package io.github.lsgspark.curation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SelectSettings.Method;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.NativeTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is chosen of drawn tables. */
@Tag("long-4")
class SelectionTest {
  private static SparkSession spark;

  @TempDir Path folder;
  private int runs;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
    NativeTorch.load();
  }

  private Selection run(DrawnTable table, int partitions, String keys) throws IOException {
    Path own = Files.createDirectories(folder.resolve("run" + runs++));
    String[] folders = table.write(spark, own.toString(), partitions);
    return Selection.run(
        spark,
        DrawnTable.settings("select { " + keys + " }"),
        folders[0],
        folders[1],
        own.resolve("select").toString());
  }

  /** Eight classes of different size, the first samples labelled. */
  private static DrawnTable table(int labelled) {
    DrawnTable drawn = DrawnTable.of(11, 160, 8, 20, 0.5);
    List<DrawnTable.Sample> samples =
        drawn.samples().stream()
            .map(
                one ->
                    Integer.parseInt(one.id().substring(1)) < labelled
                        ? one
                        : one.with(SampleTable.UNLABELLED, one.label()))
            .toList();
    return new DrawnTable(samples, 8, 20);
  }

  private static List<String> ids(Selection selection) {
    return selection.samples().stream().map(Selected::id).toList();
  }

  private static long classes(Selection selection) {
    return ids(selection).stream()
        .map(id -> Integer.parseInt(id.substring(1)) % 8)
        .distinct()
        .count();
  }

  @Test
  void withoutALabelEveryClassIsFound() throws IOException {
    Selection selection = run(table(0), 3, "count = 8");
    assertThat(selection.method()).isEqualTo(Method.DIVERSE);
    assertThat(classes(selection)).isEqualTo(8);
    assertThat(selection.samples()).extracting(Selected::predicted).containsOnly(-1);
    assertThat(ids(run(table(0), 7, "count = 8"))).isEqualTo(ids(selection));
    assertThat(Files.readAllLines(folder.resolve("run0/select/selection.csv")))
        .hasSize(9)
        .element(1)
        .asString()
        .startsWith("/pictures/" + ids(selection).get(0) + ".png,,1,");
  }

  @Test
  void whatLabelledSamplesAreLikeIsNotChosenAgain() throws IOException {
    // Samples 0 to 3 are of the first four classes: the other four come first.
    Selection selection = run(table(4), 3, "count = 4");
    assertThat(ids(selection).stream().map(id -> Integer.parseInt(id.substring(1)) % 8))
        .containsExactlyInAnyOrder(4, 5, 6, 7);
    assertThat(selection.samples()).extracting(Selected::predicted).doesNotContain(-1);
    assertThat(selection.reason(selection.samples().get(0)))
        .startsWith("stands for ")
        .contains("; the head takes it for class ");
  }

  @Test
  void marginAndGraphGoWhereClassesAreUncertain() throws IOException {
    for (String method : List.of("margin", "graph")) {
      String graph = method.equals("graph") ? "}, head { unlabelled = spread" : "";
      Selection selection = run(table(32), 3, "count = 200, method = " + method + graph);
      // More than there are: all without a label, once each.
      assertThat(ids(selection)).hasSize(128).doesNotHaveDuplicates();
      assertThat(ids(run(table(32), 5, "count = 200, method = " + method + graph))).hasSize(128);
      assertThat(selection.method().name()).isEqualToIgnoringCase(method);
      assertThat(selection.samples().get(0).margin()).isBetween(0.0, 1.0);
    }
    assertThat(run(table(32), 3, "count = 5, diverse-below = 4").method()).isEqualTo(Method.MARGIN);
    assertThat(run(table(32), 3, "count = 5, diverse-below = 4.1").method())
        .isEqualTo(Method.DIVERSE);
  }

  @Test
  void whatCannotBeDoneIsSaid() {
    assertThatThrownBy(() -> run(table(160), 3, "count = 5"))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
        .hasMessage("all 160 training samples have labels: none is left to select");
    assertThatThrownBy(() -> run(table(1), 3, "method = margin"))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
        .hasMessage(
            "select.method = margin needs labelled samples of two classes; diverse needs none");
  }
}
