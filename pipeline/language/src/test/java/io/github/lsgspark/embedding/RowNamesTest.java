package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.text.LabelSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowNamesTest {
  private static final LabelSet LABELS =
      LabelSet.fromFolders(List.of("aquarium_fish", "maple_tree", "12 monkeys"), "folder");

  @Test
  void ignoresRowNumbersUnderscoresAndCase() {
    List<String> lines = List.of("0 Maple Tree", "1 12 monkeys", "2 aquarium_fish");
    assertThat(RowNames.match(LABELS, lines, "rows.txt")).containsExactly(1, 2, 0);
    assertThat(
            RowNames.match(
                LABELS, List.of("12 monkeys", "aquarium fish", "MAPLE_tree"), "rows.txt"))
        .containsExactly(0, 1, 2);
  }

  @Test
  void knowsRowNumbersFromNumbersInNames() {
    assertThat(RowNames.numberedInOrder(List.of("0 apple", "1: pear"))).isTrue();
    assertThat(RowNames.numberedInOrder(List.of("1 apple", "2 pear"))).isFalse();
    assertThat(RowNames.numberedInOrder(List.of("0 apple", "12 monkeys"))).isFalse();
  }

  @Test
  void namesWhatIsMissingExtraOrRepeated() {
    assertThatThrownBy(
            () -> RowNames.match(LABELS, List.of("12 monkeys", "oak", "maple tree"), "rows.txt"))
        .hasMessageContaining("labels without a row: aquarium_fish")
        .hasMessageContaining("rows without a label: oak");
    assertThatThrownBy(
            () -> RowNames.match(LABELS, List.of("maple tree", "x", "Maple_tree"), "rows.txt"))
        .hasMessageContaining("rows.txt:3");
  }
}
