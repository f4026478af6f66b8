package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.cluster.StandaloneCluster;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An executor dies in the middle of the work. */
class LostExecutorTest {
  private static final LabelSet LABELS =
      LabelSet.fromFolders(IntStream.range(0, 800).mapToObj(i -> "tree " + i).toList(), "numbers");

  @TempDir Path folder;

  /**
   * Counts how often each part of the vectors was computed, and kills an executor after the first.
   */
  private static final class Killer extends SparkListener {
    private final Set<Integer> stages = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Integer> successes = new ConcurrentHashMap<>();
    private final AtomicBoolean killed = new AtomicBoolean();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
      if (submitted.stageInfo().name().contains("VectorCache")) {
        stages.add(submitted.stageInfo().stageId());
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (stages.contains(end.stageId()) && end.taskInfo().successful()) {
        successes.merge(end.taskInfo().index(), 1, Integer::sum);
        if (killed.compareAndSet(false, true)) {
          StandaloneCluster.executors().get(0).destroyForcibly();
        }
      }
    }
  }

  private List<Row> embed(SparkSession spark, Path model, String out) {
    EmbedStage.run(
        spark,
        SettingsLoader.parse(
            "prompts { train = 20, heldout = 20 }, embedding { encoder = transformer,"
                + " dtype = float32, model = \""
                + model
                + "\" }"),
        LABELS,
        folder.resolve(out).toString());
    return spark
        .read()
        .parquet(folder.resolve(out + "/embeddings").toString())
        .orderBy("label_id", "prompt_id")
        .collectAsList();
  }

  @Test
  void finishedWorkIsNotRepeated() throws IOException {
    Path model = TinyBert.write(folder.resolve("model"));
    SparkSession cluster = StandaloneCluster.start(folder.resolve("spark-home"));
    try {
      List<Row> undisturbed = embed(cluster, model, "a/out");
      Killer killer = new Killer();
      cluster.sparkContext().addSparkListener(killer);
      assertThat(embed(cluster, model, "b/out")).isEqualTo(undisturbed);
      assertThat(killer.killed).isTrue();
      assertThat(killer.successes).hasSizeGreaterThan(8);
      assertThat(killer.successes.values()).containsOnly(1);
    } finally {
      cluster.stop();
    }
  }
}
