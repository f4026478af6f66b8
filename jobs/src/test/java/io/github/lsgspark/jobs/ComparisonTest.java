package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.jobs.RunRecord.Score;
import io.github.lsgspark.report.page.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private final List<RunStages> runs = new ArrayList<>();
  private final List<Optional<Score>> scores = new ArrayList<>();

  private void add(String method, long seed, double accuracy, Optional<Double> ensemble) {
    runs.add(new RunStages(method, seed, Map.of()));
    scores.add(Optional.of(new Score(Map.of("accuracy", accuracy), ensemble, Optional.empty())));
  }

  @Test
  void meanAndStandardErrorAreInPercentOverTheSeeds() {
    add("plain", 1, 0.48, Optional.empty());
    add("plain", 2, 0.50, Optional.empty());
    add("plain", 3, 0.52, Optional.empty());
    add("lsg", 1, 0.60, Optional.of(0.70));
    add("lsg", 2, 0.61, Optional.of(0.71));
    add("lsg", 3, 0.62, Optional.of(0.72));
    Comparison comparison = new Comparison(runs, scores);

    Estimate plain = comparison.methods().get("plain");
    assertThat(plain.mean()).isCloseTo(50, within(1e-9));
    assertThat(plain.standardError()).isCloseTo(2 / Math.sqrt(3), within(1e-9));
    assertThat(plain.runs()).hasSize(3);
    assertThat(comparison.methods()).containsOnlyKeys("plain", "lsg", "lsg+prototypes");
    assertThat(comparison.methods().get("lsg+prototypes").mean()).isCloseTo(71, within(1e-9));
    assertThat(comparison.table()).contains("50.0 ± 1.2").contains("lsg - plain").contains("11.0");
  }

  @Test
  void plainIsTheBaselineWhereItIs() {
    add("lsg", 1, 0.5, Optional.empty());
    assertThat(Comparison.baseline(runs)).isEqualTo("lsg");
    add("plain", 1, 0.5, Optional.empty());
    assertThat(Comparison.baseline(runs)).isEqualTo("plain");
  }

  @Test
  void oneRunHasNoStandardError() {
    add("run", 1, 0.5, Optional.empty());
    assertThat(new Comparison(runs, scores).methods().get("run").standardError()).isNaN();
    assertThat(new Comparison(runs, scores).table()).doesNotContain("±  ").contains("50.0");
  }

  @Test
  void classesWithAndWithoutLabelsStandSideBySide() {
    for (long seed = 1; seed <= 3; seed++) {
      addUnseen("ridge", seed, 0.70 + 0.01 * seed, 0.20);
      addUnseen("ridge, its names shuffled", seed, 0.70 + 0.01 * seed, 0.02);
      addUnseen("one-hot", seed, 0.69 + 0.01 * seed, 0.02);
      addUnseen("lsg", seed, 0.71 + 0.02 * seed, 0.18);
    }
    Comparison comparison = new Comparison(runs, scores);
    assertThat(comparison.seen().get("ridge").mean()).isCloseTo(72, within(1e-9));
    assertThat(comparison.byNames().get("lsg").mean()).isCloseTo(18, within(1e-9));
    assertThat(comparison.table())
        .contains("250 labelled classes", "50 others by their names (guessing: 2.0)")
        .containsPattern("ridge +72.0 ± 0.6 +20.0 ± 0.0")
        .containsPattern("lsg - ridge +3.0 ± 0.6 \\(p 0.03\\d\\) +-2.0 ± 0.0")
        .containsPattern("lsg - one-hot +4.0 ± 0.6 \\(p 0.02\\d?\\) +16.0 ± 0.0");
    List<String> lines = comparison.table().lines().toList();
    int column = lines.get(0).indexOf("50 others");
    assertThat(lines.get(lines.size() - 1)).isEqualTo("differences are paired over seeds");
    assertThat(lines.subList(1, lines.size() - 1))
        .allMatch(line -> line.charAt(column - 1) == ' ' && line.charAt(column) != ' ');
  }

  private void addUnseen(String method, long seed, double seen, double byNames) {
    runs.add(new RunStages(method, seed, Map.of()));
    UnseenScore unseen = new UnseenScore(250, 50, seen, Optional.of(byNames));
    scores.add(
        Optional.of(new Score(Map.of("accuracy", 0.5), Optional.empty(), Optional.of(unseen))));
  }
}
