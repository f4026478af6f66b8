package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.PromptTemplates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class LexicalEncoderTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final Settings SETTINGS =
      SettingsLoader.parse("prompts { train = 8, heldout = 4 }");

  private static LabelSet composedLabels() {
    List<String> names = new ArrayList<>();
    for (String colour : List.of("red", "green", "blue", "yellow")) {
      for (String texture : List.of("striped", "dotted", "plain")) {
        for (String shape : List.of("triangle", "square", "circle")) {
          names.add(colour + "_" + texture + "_" + shape);
        }
      }
    }
    return LabelSet.fromFolders(names, "composed");
  }

  private static Dataset<Row> prompts(LabelSet labels) {
    return PromptTable.of(SPARK, labels, PromptTemplates.load(SETTINGS, new Configuration()));
  }

  private static Map<String, float[]> encode(Dataset<Row> prompts) {
    Map<String, float[]> vectors = new HashMap<>();
    for (Row row :
        new LexicalEncoder(SETTINGS.embedding().lexical()).encode(prompts).collectAsList()) {
      List<Float> values = row.getList(5);
      float[] vector = new float[values.size()];
      for (int d = 0; d < vector.length; d++) {
        vector[d] = values.get(d);
      }
      vectors.put(row.getString(1) + "#" + row.getInt(2), vector);
    }
    return vectors;
  }

  private static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (double) a[d] * b[d];
    }
    return sum;
  }

  @Test
  void labelsThatShareWordsAreNear() {
    LabelSet labels = composedLabels();
    Map<String, float[]> vectors = encode(prompts(labels));
    assertThat(vectors).hasSize(labels.size() * 12);
    assertThat(vectors.values())
        .allSatisfy(v -> assertThat(Math.abs(cosine(v, v) - 1)).isLessThan(1e-6));
    float[] anchor = vectors.get("red_striped_triangle#0");
    double[] lowest = {1, 1, 1, 1};
    double[] highest = {-1, -1, -1, -1};
    for (Label label : labels.labels()) {
      int shared = 0;
      for (String word : label.text().split(" ")) {
        shared += "red striped triangle".contains(word) ? 1 : 0;
      }
      double cosine = cosine(anchor, vectors.get(label.name() + "#0"));
      lowest[shared] = Math.min(lowest[shared], cosine);
      highest[shared] = Math.max(highest[shared], cosine);
    }
    assertThat(lowest[2]).isGreaterThan(highest[1] + 0.05);
    assertThat(lowest[1]).isGreaterThan(highest[0] + 0.05);
  }

  @Test
  void heldoutPromptsLieNearTheirClass() {
    LabelSet labels = composedLabels();
    Map<String, float[]> vectors = encode(prompts(labels));
    for (Label label : labels.labels()) {
      String nearest = null;
      double best = -1;
      for (Label other : labels.labels()) {
        double cosine = cosine(vectors.get(label.name() + "#9"), vectors.get(other.name() + "#0"));
        if (cosine > best) {
          best = cosine;
          nearest = other.name();
        }
      }
      assertThat(nearest).isEqualTo(label.name());
    }
  }

  @Test
  void partitionsAndRepetitionsChangeNoBit() {
    Dataset<Row> prompts = prompts(composedLabels());
    Map<String, float[]> first = encode(prompts.coalesce(1));
    Map<String, float[]> second = encode(prompts.repartition(7));
    assertThat(second.keySet()).isEqualTo(first.keySet());
    first.forEach((key, vector) -> assertThat(second.get(key)).containsExactly(vector));
  }

  @Test
  void descriptionsAndForeignScriptsCount() {
    LabelSet labels =
        LabelSet.fromJson(
            "{\"labels\":[{\"id\":0,\"name\":\"gnu\",\"description\":\"grazing animal\"},"
                + "{\"id\":1,\"name\":\"yak\",\"description\":\"grazing animal\"},"
                + "{\"id\":2,\"name\":\"kayak\",\"description\":\"narrow boat\"},"
                + "{\"id\":3,\"name\":\"猫\"},{\"id\":4,\"name\":\"??\"}]}",
            "labels.json");
    Map<String, float[]> vectors = encode(prompts(labels));
    assertThat(cosine(vectors.get("gnu#0"), vectors.get("yak#0")))
        .isGreaterThan(cosine(vectors.get("gnu#0"), vectors.get("kayak#0")) + 0.1);
    assertThat(vectors).containsKeys("猫#0", "??#11");
  }
}
