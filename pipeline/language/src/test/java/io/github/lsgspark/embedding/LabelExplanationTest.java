package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long-1")
class LabelExplanationTest {
  private static final LabelSet LABELS =
      LabelSet.fromFolders(List.of("apple", "maple_tree", "pear", "tree"), "folder");

  @TempDir Path folder;

  private LabelExplanation explanation(String embedding) {
    SparkSession spark = LocalSpark.session();
    Settings settings =
        SettingsLoader.parse("prompts { train = 3, heldout = 2 }, embedding { " + embedding + " }");
    String out = folder.resolve("out").toString();
    EmbedStage.run(spark, settings, LABELS, out);
    return new LabelExplanation(spark, settings, LABELS, out);
  }

  @Test
  void tokensOfTheVectorAreMarkedAndNeighboursListed() throws Exception {
    Path model = TinyBert.write(folder.resolve("model"));
    String text =
        explanation("encoder = transformer, dtype = float32, model = \"" + model + "\"")
            .of("Maple tree");
    assertThat(text)
        .contains("Label 2 of 4: maple_tree", "as prompts say it: \"maple tree\"")
        .contains("The first 3 of 5 prompts:", "This is a bad photo of a maple tree.")
        .contains("[CLS] this i ##s a b ##a ##d photo o ##f a «maple» «tree» . [SEP]")
        .contains("embedding.pooling = class-name");
    assertThat(text.substring(text.indexOf("Nearest labels")).lines().skip(1))
        .hasSize(3)
        .allMatch(line -> line.matches(" +-?[01]\\.\\d{4}  (apple|pear|tree)"));
  }

  @Test
  void encodersWithoutTokensShowThePrompts() {
    assertThat(explanation("encoder = lexical").of("pear"))
        .contains("  This is a bad photo of a pear.", "Nearest labels")
        .doesNotContain("«");
  }

  @Test
  void anUnknownLabelBringsSuggestions() {
    LabelExplanation explanation = explanation("encoder = lexical");
    assertThatThrownBy(() -> explanation.of("mapel_tree"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageStartingWith(
            "--explain: no label \"mapel_tree\"; nearest in spelling: maple_tree, ");
  }
}
