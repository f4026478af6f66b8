package io.github.lsgspark.report.explanation;

import static io.github.lsgspark.report.explanation.ComparedRuns.ANGLES;
import static io.github.lsgspark.report.explanation.ComparedRuns.C;
import static io.github.lsgspark.report.explanation.ComparedRuns.LABELS;
import static io.github.lsgspark.report.explanation.ComparedRuns.LSG_1;
import static io.github.lsgspark.report.explanation.ComparedRuns.LSG_2;
import static io.github.lsgspark.report.explanation.ComparedRuns.PLAIN_1;
import static io.github.lsgspark.report.explanation.ComparedRuns.PLAIN_2;
import static io.github.lsgspark.report.explanation.ComparedRuns.only;
import static io.github.lsgspark.report.explanation.ComparedRuns.paired;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.LsgSettings.LabelGraph;
import io.github.lsgspark.report.explanation.TinyRuns.Taken;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of runs that are compared: the figures by seed, and the sentences of the page. */
@Tag("long-7")
class ExplainerTest {
  @TempDir Path folder;
  private ComparedRuns compared;

  @BeforeEach
  void prepare() throws IOException {
    compared = new ComparedRuns(folder);
  }

  @Test
  void errorsAreCountedBySeedAndByDistance() throws IOException {
    compared.plainAndLsg();
    JsonNode json = only(compared.explain());
    assertThat(json.get("budget").asText()).isEqualTo("4");
    assertThat(json.get("label_graph").asText()).isEqualTo("text");
    assertThat(json.get("seeds")).hasToString("[1,2]");
    paired(json.get("errors_per_100"), 30, 20, -10, 2);
    JsonNode steps = json.get("errors_per_100_by_steps");
    paired(steps.get(0), 16, 14, -2, 2);
    paired(steps.get(1), 6, 0, -6, 2);
    paired(steps.get(2), 4, 2, -2, 2);
    paired(steps.get(3), 4, 4, 0, 0);
    paired(json.get("near_errors_per_100"), 22, 14, -8, 0);
    paired(json.get("far_errors_per_100"), 8, 6, -2, 2);
    // Joined: 9 neighbours, 8 at a distance of two, a with d, g with j.
    assertThat(json.at("/pairs_by_steps/0").asDouble()).isCloseTo(19.0 / 45, within(1e-12));
    double plain1 = (4 * far(1) + 2 * far(4) + far(7) + far(9)) / 8;
    double plain2 = (4 * far(1) + far(4) + far(7) + far(9)) / 7;
    double lsg1 = (4 * far(1) + far(7) + far(9)) / 6;
    double lsg2 = (3 * far(1) + far(9)) / 4;
    paired(
        json.get("mean_semantic_error"),
        (plain1 + plain2) / 2,
        (lsg1 + lsg2) / 2,
        (lsg1 + lsg2 - plain1 - plain2) / 2,
        Math.abs(lsg1 - plain1 - lsg2 + plain2) / 2);
    paired(json.get("ece"), 15, 5, -10, 5);
    JsonNode bins = json.at("/reliability/method");
    assertThat(bins).hasSize(2);
    assertThat(bins.at("/0/count").asLong()).isEqualTo(48);
    assertThat(bins.at("/0/accuracy").asDouble()).isCloseTo(38.0 / 48, within(1e-12));
    assertThat(bins.at("/0/confidence").asDouble()).isCloseTo(0.75, within(1e-12));
    assertThat(bins.at("/1/accuracy").asDouble()).isEqualTo(1);
  }

  private static double far(int other) {
    return 1 - Math.cos(ANGLES[other] - ANGLES[0]);
  }

  @Test
  void confusionsClassesAndSamplesAreNamed() throws IOException {
    compared.plainAndLsg();
    JsonNode json = only(compared.explain());
    JsonNode removed = json.at("/confusions/removed");
    assertThat(removed).hasSize(3);
    assertThat(removed.at("/0/label").asText()).isEqualTo("a");
    assertThat(removed.at("/0/predicted").asText()).isEqualTo("b");
    paired(removed.at("/0/per_run"), 2.5, 0.5, -2, 1);
    paired(removed.at("/0/per_100_of_label"), 25, 5, -20, 10);
    assertThat(removed.at("/1/predicted").asText()).isEqualTo("e");
    assertThat(removed.at("/1/neighbour_rank").asInt()).isEqualTo(4);
    assertThat(removed.at("/1/steps").asInt()).isEqualTo(2);
    assertThat(removed.at("/1/semantic_distance").asDouble()).isCloseTo(far(4), within(1e-6));
    assertThat(removed.at("/2/predicted").asText()).isEqualTo("h");
    JsonNode added = json.at("/confusions/added");
    assertThat(added).hasSize(1);
    assertThat(added.at("/0/label").asText()).isEqualTo("b");
    paired(added.at("/0/per_run"), 1.5, 3, 1.5, 0.5);

    JsonNode classes = json.get("per_class");
    assertThat(classes.fieldNames()).toIterable().containsExactly("a", "c", "b");
    assertThat(classes.at("/a/gain").asDouble()).isCloseTo(40, within(1e-9));
    assertThat(classes.at("/a/gain_se").asDouble()).isCloseTo(10, within(1e-9));
    assertThat(classes.at("/b/baseline").asDouble()).isCloseTo(85, within(1e-9));
    assertThat(classes.at("/b/gain").asDouble()).isCloseTo(-15, within(1e-9));
    assertThat(classes.at("/c/samples").asLong()).isEqualTo(5);

    JsonNode degree = json.get("degree");
    assertThat(degree.get("graph").asText()).isEqualTo("semantic graph");
    JsonNode groups = degree.get("groups");
    assertThat(groups).hasSize(3);
    for (int group = 0; group < 3; group++) {
      assertThat(groups.get(group).get("from").asInt()).isEqualTo(group);
      assertThat(groups.get(group).get("classes").asDouble()).isEqualTo(1);
    }
    assertThat(groups.at("/0/gain").asDouble()).isCloseTo(-15, within(1e-9));
    assertThat(groups.at("/2/method").asDouble()).isCloseTo(80, within(1e-9));
    // Gains -10, 0, 30 and -20, 0, 50 of degrees 0, 1, 2.
    assertThat(degree.at("/gain_spearman/runs")).hasToString("[1.0,1.0]");

    JsonNode samples = json.get("samples");
    assertThat(samples.get("compared").asLong()).isEqualTo(25);
    assertThat(samples.get("fixed").asLong()).isEqualTo(3);
    assertThat(samples.get("fixed_ids")).map(JsonNode::asText).containsOnly("a/4", "a/5", "a/6");
    assertThat(samples.get("broken_ids")).map(JsonNode::asText).containsExactly("b/0");
  }

  @Test
  void sentencesSayWhatCanBeToldAndWhatCannot() throws IOException {
    compared.plainAndLsg();
    String page = compared.explain().html(true);
    assertThat(page)
        .contains("lsg against plain, 4 labels")
        .contains(
            "Over 2 seeds, lsg made 10.0 ± 2.0 fewer errors per 100 test samples than plain (20.0"
                + " instead of 30.0).")
        .contains("at most 2 steps away in the class graph: 8.0 ± 0.0 fewer per 100;")
        .contains("farther away: 2.0 ± 2.0 fewer, no difference can be told.")
        .contains("classes, 73 % of the errors of plain and 70 % of those of lsg.")
        .contains("a taken for b (20.0 ± 10.0 fewer), a taken for e (15.0 ± 5.0 fewer)")
        .contains("Of 3 classes 1 gained accuracy and 1 lost, 1 and 1 of them by more than")
        .contains("a changed by +40.0 ± 10.0 points, b by -15.0 ± 5.0.")
        .contains("degree in the label graph is +1.00 ± 0.00.")
        .contains("10.0 ± 5.0 points lower (5.0 instead of 15.0 %).")
        .contains("Of 25 test samples 3 were wrong with every seed of plain")
        .contains("No control (lsg.label-graph = shuffled or one-hot) is among the methods")
        .contains("<details open>")
        .doesNotContain("part in the gain");
    assertThat(page.split("<svg", -1)).hasSize(5);
  }

  @Test
  void onlyABeatenControlSpeaksForTheTexts() throws IOException {
    compared.plainAndLsg();
    String graph = compared.files().graph("shuffled-graph", LABELS, new int[] {1, 2});
    Guidance shuffled = new Guidance(LabelGraph.SHUFFLED, graph);
    compared.run("mixed", 1, 0.1, shuffled, PLAIN_1);
    compared.run("mixed", 2, 0.1, shuffled, PLAIN_2);
    assertThat(compared.explain().html(false))
        .contains("Against the control mixed, guided by a graph of texts shuffled among the")
        .contains("lsg made 10.0 ± 2.0 fewer errors per 100 test samples than mixed")
        .contains("lsg makes fewer errors than every control, but not beyond doubt")
        .contains("the label texts may have a part in the gain")
        .contains("mixed is a control, guided by a graph of texts shuffled among the classes")
        .doesNotContain("No control")
        .doesNotContain("<details open>");

    compared.run("mixed", 3, 0.1, shuffled, new Taken(0, 9), new Taken(1, 0, 0, 0, 1, 1, 1, 1));
    compared.run("plain", 3, 0.1, null, new Taken(0, 9), new Taken(1, 0, 0, 0, 1, 1, 1, 1));
    ComparedRun third =
        compared.runs().stream().filter(run -> run.seed() == 3).findFirst().orElseThrow();
    compared.runs().remove(third);
    Taken[] one = {new Taken(0, 9), new Taken(1, 1, 1, 0, 1, 1, 1, 1)};
    compared.run("lsg", 3, 0.9, third.guidance().orElseThrow(), one);
    assertThat(compared.explain().html(false))
        // 8, 12 and 25 fewer: t = 2.9, p = 0.10.
        .contains("lsg made 15.0 ± 5.1 fewer errors per 100 test samples than mixed")
        .contains("but not beyond doubt");
    Taken[] two = {new Taken(0, 9), new Taken(1, 1, 0, 0, 1, 1, 1, 1)};
    compared.runs().removeIf(run -> run.method().equals("lsg") && run.seed() == 3);
    compared.run("lsg", 3, 0.9, third.guidance().orElseThrow(), two);
    assertThat(compared.explain().html(false))
        // 8, 12 and 12.5 fewer: t = 7.6, p = 0.017.
        .contains("lsg made 10.8 ± 1.4 fewer errors per 100 test samples than mixed")
        .contains("lsg makes fewer errors than every control (paired t-test, p &lt; 0.05): the")
        .doesNotContain("beyond doubt");

    compared.run("equal", 1, 0.1, new Guidance(LabelGraph.ONE_HOT, graph), LSG_1);
    compared.run("equal", 2, 0.1, new Guidance(LabelGraph.ONE_HOT, graph), LSG_2);
    assertThat(compared.explain().html(false))
        .contains("Against the control equal, guided by a graph of one-hot vectors")
        .contains("as many errors per 100 test samples as equal (20.0 instead of 20.0)")
        .contains("lsg does not make fewer errors than every control: the gain cannot be put down")
        .doesNotContain("part in the gain");
  }

  @Test
  void withoutAGainThereIsNoneToExplain() throws IOException {
    String graph = compared.files().graph("graph", LABELS);
    compared.run("plain", 1, 0.1, null, LSG_1);
    compared.run("plain", 2, 0.1, null, LSG_2);
    compared.run("lsg", 1, 0.1, new Guidance(LabelGraph.TEXT, graph), LSG_1);
    compared.run("lsg", 2, 0.1, new Guidance(LabelGraph.TEXT, graph), PLAIN_2);
    compared.run("one-hot", 1, 0.1, new Guidance(LabelGraph.ONE_HOT, graph), PLAIN_1);
    compared.run("one-hot", 2, 0.1, new Guidance(LabelGraph.ONE_HOT, graph), PLAIN_2);
    assertThat(compared.explain().html(false))
        .contains("No gain over plain can be told, so there is none to put down")
        .contains("joins no class with another, so degrees are those of the class graph")
        .doesNotContain("part in the gain");
  }

  @Test
  void oneSeedTellsNothing() throws IOException {
    compared.run("plain", 1, 0.1, null, PLAIN_1);
    compared.run("smooth", 1, 0.05, null, LSG_1);
    Explanations explanations = compared.explain();
    JsonNode json = only(explanations);
    assertThat(json.get("label_graph").asText()).isEqualTo("none");
    assertThat(json.at("/errors_per_100/difference/mean").asDouble()).isCloseTo(-8, within(1e-9));
    assertThat(json.at("/errors_per_100/difference/se").isNull()).isTrue();
    assertThat(json.at("/degree/graph").asText()).isEqualTo("class graph");
    assertThat(explanations.html(false))
        .contains("Over 1 seed, smooth made 8.0 fewer errors per 100 test samples than plain (24.0")
        .contains("One seed has no standard error: nothing here can be told from chance.")
        .contains("0 and 0 of them by more than")
        .doesNotContain("NaN")
        .doesNotContain("control");
  }

  @Test
  void whatCannotBeComparedIsLeftOut() throws IOException {
    compared.run("plain", 1, 0.1, null, PLAIN_1);
    compared.run("late", 2, 0.1, null, LSG_2);
    compared.run("other", 1, 0.1, null, LSG_1);
    LabelSet others = LabelSet.fromFolders(List.of("k", "l"), "folder");
    ComparedRun other = compared.runs().remove(2);
    compared
        .runs()
        .add(
            new ComparedRun(
                "other",
                1,
                compared.files().train("others", others),
                other.evaluateDir(),
                compared.embed(),
                Optional.empty()));
    assertThat(compared.explain().isEmpty()).isTrue();
    compared.runs().remove(0);
    assertThat(compared.explain().isEmpty()).isTrue();
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    compared.run("plain", 1, 0.1, null, PLAIN_1);
    compared
        .runs()
        .add(
            new ComparedRun(
                "lsg",
                1,
                compared.train(),
                compared.files().train("empty", LABELS),
                compared.embed(),
                Optional.empty()));
    assertThatThrownBy(compared::explain)
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("empty/predictions");
    compared.runs().remove(1);
    Files.writeString(Path.of(compared.runs().get(0).evaluateDir()).resolve("metrics.json"), "{}");
    assertThatThrownBy(compared::explain)
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("plain1/metrics.json: holds no classifier");
  }

  @Test
  void noErrorsHaveNoDistance() throws IOException {
    compared.run("plain", 1, 0.1, null, C);
    compared.run("lsg", 1, 0.1, null, C);
    Explanations explanations = compared.explain();
    assertThat(only(explanations).at("/mean_semantic_error/difference/mean").isNull()).isTrue();
    assertThat(explanations.html(true))
        .contains("The same accuracy of every class and the same confidence in it.")
        .doesNotContain("mean semantic error")
        .doesNotContain("NaN");
  }
}
