package io.github.lsgspark.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelTreeTest {
  /** thing > animal > cat, dog; thing > plant > tree > oak; rock is not in it. */
  static final List<String> LABELS = List.of("cat", "dog", "oak", "rock");

  private static final Map<String, String> PARENTS =
      Map.of(
          "cat", "animal", "dog", "animal", "animal", "thing", "plant", "thing", "tree", "plant",
          "oak", "tree");

  static LabelTree tree() {
    return LabelTree.of(LABELS.stream().map(LabelTreeTest::up).toList(), node -> up(node).size());
  }

  private static Map<String, Integer> up(String label) {
    Map<String, Integer> steps = new HashMap<>();
    if (label.equals("thing") || PARENTS.containsKey(label)) {
      for (String node = label; node != null; node = PARENTS.get(node)) {
        steps.put(node, steps.size());
      }
    }
    return steps;
  }

  @Test
  void mistakesAreAsGraveAsTheLowestCommonAncestorIsHigh() {
    LabelTree tree = tree();
    assertThat(tree.severity(0, 1)).isEqualTo(1);
    assertThat(tree.severity(0, 2)).isEqualTo(3);
    assertThat(tree.severity(2, 0)).isEqualTo(3);
    assertThat(tree.severity(1, 1)).isZero();
    assertThat(tree.severity(1, 3)).isNaN();
    assertThat(tree.similarity(0, 1)).isEqualTo(2.0 * 2 / (2 * 2 + 2));
    assertThat(tree.similarity(0, 2)).isEqualTo(2.0 / (2 + 2 + 3));
    assertThat(tree.siblings(0, 1)).isTrue();
    assertThat(tree.siblings(0, 2)).isFalse();
  }

  @Test
  void itIsTheSameWhenReadBack() {
    LabelTree read = LabelTree.parse(tree().toJson(), "taxonomy.json");
    for (int a = 0; a < LABELS.size(); a++) {
      for (int b = 0; b < LABELS.size(); b++) {
        assertThat(read.similarity(a, b)).isEqualTo(tree().similarity(a, b));
        assertThat(Double.compare(read.severity(a, b), tree().severity(a, b))).isZero();
      }
    }
    assertThatThrownBy(() -> LabelTree.parse("{\"labels\": [{\"7\": 0}]}", "taxonomy.json"))
        .isInstanceOf(LsgException.class)
        .hasMessage("taxonomy.json: there is no node 7");
    assertThatThrownBy(() -> LabelTree.parse("[", "taxonomy.json"))
        .hasMessageContaining("is not JSON");
  }

  @Test
  void textsThatGoToOtherClassesTakeTheirRelationsAlong() {
    LabelTree moved = tree().moved(new int[] {3, 2, 1, 0});
    assertThat(moved.similarity(3, 2)).isEqualTo(tree().similarity(0, 1));
    assertThat(moved.contains(0)).isFalse();
    assertThat(tree().unrelated().similarity(0, 1)).isZero();
  }
}
