package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.testing.StandaloneCluster;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ImageNet-21k's labels on two executor JVMs of 1.5 GB, and on one. */
@Tag("real-data")
@Tag("long-5")
class PretrainedClusterTest {
  private static final Path SHARED = Path.of(System.getProperty("lsg.shared.dir", "../../shared"));
  private static final int LABELS = 21_841;

  @TempDir Path folder;

  /** Lemmas of the first synsets; where two synsets share them, the later one's number is added. */
  private LabelSet labels() throws IOException {
    Map<String, String> lemmas = new HashMap<>();
    for (String line :
        Files.readAllLines(
            SHARED.resolve("data/labels/imagenet21k/imagenet_synset_to_lemma.txt"))) {
      String[] parts = line.split("\t");
      lemmas.put(parts[0], parts[1]);
    }
    Map<String, String> seen = new HashMap<>();
    List<String> lines = new ArrayList<>();
    for (String synset :
        Files.readAllLines(SHARED.resolve("data/labels/imagenet21k/imagenet22k_synsets.txt"))) {
      String name = lemmas.get(synset.strip());
      if (lines.size() < LABELS && name != null) {
        lines.add(seen.put(name, synset) == null ? name : name + " " + synset.strip());
      }
    }
    Path file = Files.write(folder.resolve("labels.txt"), lines);
    return LabelSet.load(file.toString(), new Configuration());
  }

  private Settings settings() {
    return SettingsLoader.parse(
        "prompts { train = 1, heldout = 1 }, embedding { encoder = transformer, dtype = float32,"
            + " model = \""
            + SHARED.resolve("plm/text/models/tiny-bert-uncased").toAbsolutePath().normalize()
            + "\" }");
  }

  private List<Row> embed(SparkSession spark, LabelSet labels, String out) {
    EmbedStage.run(spark, settings(), labels, folder.resolve(out).toString());
    return spark
        .read()
        .parquet(folder.resolve(out + "/embeddings").toString())
        .orderBy("label_id", "prompt_id")
        .collectAsList();
  }

  @Test
  void twoExecutorsComputeWhatOneDoes() throws IOException {
    LabelSet labels = labels();
    assertThat(labels.size()).isEqualTo(LABELS);
    SparkSession cluster = StandaloneCluster.start(folder.resolve("spark-home"));
    List<Row> two;
    try {
      two = embed(cluster, labels, "two/out");
      assertThat(cluster.sparkContext().getExecutorMemoryStatus().size()).isEqualTo(3);
    } finally {
      cluster.stop();
    }
    List<Row> one = embed(LocalSpark.session(), labels, "one/out");
    assertThat(two).hasSize(2 * LABELS);
    assertThat(one).isEqualTo(two);
    assertThat(
            Json.read(
                    new HadoopFiles(new Configuration()),
                    folder.resolve("two/out/metrics.json").toString())
                .get("computed_prompts")
                .asInt())
        .isEqualTo(2 * LABELS);
  }
}
