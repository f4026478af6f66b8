package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.LabelWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaxonomyTest {
  private static final LabelSet LABELS =
      LabelSet.fromFolders(List.of("cat", "dog", "oak", "Oak_tree", "rock"), "folder");

  private static final List<String> OUTLINE =
      List.of("thing", "-- animal", "---- Cat", "---- dog", "", "-- plant", "---- oak");

  private static double similarity(Taxonomy taxonomy, int a, int b) {
    return taxonomy.tree(LABELS).similarity(a, b);
  }

  private static int id(String name) {
    return LABELS.find(name).orElseThrow().id();
  }

  @Test
  void similarityIsThatOfWuAndPalmer() {
    Taxonomy taxonomy = Taxonomy.parse(OUTLINE, "outline.txt");
    int cat = id("cat");
    int dog = id("dog");
    int oak = id("oak");
    assertThat(similarity(taxonomy, cat, dog)).isEqualTo(2.0 * 2 / (3 + 3));
    assertThat(similarity(taxonomy, cat, oak)).isEqualTo(2.0 * 1 / (3 + 3));
    assertThat(similarity(taxonomy, cat, cat)).isEqualTo(1);
    assertThat(similarity(taxonomy, cat, id("rock"))).isZero();
    assertThat(taxonomy.tree(LABELS).contains(id("rock"))).isFalse();
    assertThat(taxonomy.tree(LABELS).siblings(cat, dog)).isTrue();
    assertThat(taxonomy.tree(LABELS).siblings(cat, oak)).isFalse();
  }

  @Test
  void pairsMakeTheSameTree() {
    Taxonomy pairs =
        Taxonomy.parse(
            List.of("animal\tcat", "thing\tanimal", "thing\tplant", "plant\toak", "animal\tdog"),
            "pairs.tsv");
    Taxonomy outline = Taxonomy.parse(OUTLINE, "outline.txt");
    for (int a = 0; a < LABELS.size(); a++) {
      for (int b = 0; b < LABELS.size(); b++) {
        assertThat(similarity(pairs, a, b)).isEqualTo(similarity(outline, a, b));
      }
    }
  }

  @Test
  void aSecondParentOffersAShorterWay() {
    Taxonomy taxonomy =
        Taxonomy.parse(
            List.of("thing\tanimal", "animal\tcat", "thing\tpet", "pet\tcat", "pet\tdog"), "pairs");
    assertThat(similarity(taxonomy, id("cat"), id("dog"))).isEqualTo(2.0 * 2 / (3 + 3));
  }

  @Test
  void badLinesAndCyclesAreNamed() {
    assertThatThrownBy(() -> Taxonomy.parse(List.of("a\tb", "b"), "pairs.tsv"))
        .isInstanceOf(LsgException.class)
        .hasMessage("pairs.tsv:2: must be parent TAB child, but was: b");
    assertThatThrownBy(() -> Taxonomy.parse(List.of("a\tb", "b\ta"), "pairs.tsv"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("is its own ancestor");
  }

  private static List<ClassSums> sums(double[]... vectors) {
    List<ClassSums> sums = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      sums.add(
          new ClassSums(
              i, LABELS.label(i).name(), 1, vectors[i], 0, new double[vectors[i].length]));
    }
    return sums;
  }

  @Test
  void agreementIsFullForVectorsThatFollowTheTree() {
    Taxonomy taxonomy = Taxonomy.parse(OUTLINE, "outline.txt");
    double[][] vectors = new double[LABELS.size()][2];
    vectors[id("cat")] = new double[] {1, 0};
    vectors[id("dog")] = new double[] {2, 0.2};
    vectors[id("oak")] = new double[] {0, 1};
    vectors[id("Oak tree")] = new double[] {1, 1};
    vectors[id("rock")] = new double[] {1, 1};
    Map<String, Object> entries = TaxonomyAgreement.of(taxonomy.tree(LABELS), sums(vectors));
    assertThat(entries).containsEntry("taxonomy_labels", 3);
    assertThat(entries).containsEntry("taxonomy_nearest_is_sibling", 1.0);
    // Cosines 0.995, 0.1 and 0 against similarities 2/3, 1/3 and 1/3: ranks 2 1 0 and 2 0.5 0.5.
    assertThat((double) entries.get("taxonomy_spearman")).isCloseTo(0.8660254, within(1e-6));
  }

  @Test
  void aTaxonomyOfOtherNamesIsRefused() {
    Taxonomy numbers = Taxonomy.parse(List.of("100\t1", "100\t2"), "numbers");
    assertThatThrownBy(() -> TaxonomyAgreement.of(numbers.tree(LABELS), sums(new double[5][2])))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("names only 0 of the 5 labels");
  }

  @Test
  void labelsInWordsAreFoundByWhatSourcesCallThem() {
    Taxonomy taxonomy =
        Taxonomy.parse(List.of("action", "- BasketballDunk", "- YoYo"), "outline.txt");
    LabelSet words = LabelWords.of(LabelSet.fromFolders(List.of("BasketballDunk", "YoYo"), "f"));
    assertThat(words.label(0).name()).isEqualTo("Basketball Dunk");
    assertThat(taxonomy.tree(words).siblings(0, 1)).isTrue();
  }
}
