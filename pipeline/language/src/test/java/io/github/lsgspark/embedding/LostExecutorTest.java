package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.StandaloneCluster;
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
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An executor dies in the middle of the work. */
@Tag("long-2")
class LostExecutorTest {
  private static final LabelSet LABELS =
      LabelSet.fromFolders(IntStream.range(0, 800).mapToObj(i -> "tree " + i).toList(), "numbers");

  @TempDir Path folder;

  /**
   * Kills an executor after the first part of the vectors, and tells which parts were begun again
   * although they had been finished. A second attempt at the stage may overlap with tasks of the
   * first that still run, so only what was finished when that attempt was submitted counts.
   */
  private static final class Killer extends SparkListener {
    private final Map<Integer, Set<Integer>> finishedBefore = new ConcurrentHashMap<>();
    private final Set<Integer> finished = ConcurrentHashMap.newKeySet();
    private final Set<Integer> repeated = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean killed = new AtomicBoolean();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
      if (submitted.stageInfo().name().contains("VectorCache")) {
        finishedBefore.put(submitted.stageInfo().stageId(), Set.copyOf(finished));
      }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      // index() counts within an attempt, which may hold some of the partitions only.
      int partition = start.taskInfo().partitionId();
      if (finishedBefore.getOrDefault(start.stageId(), Set.of()).contains(partition)) {
        repeated.add(partition);
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (finishedBefore.containsKey(end.stageId()) && end.taskInfo().successful()) {
        finished.add(end.taskInfo().partitionId());
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
      assertThat(killer.finished).hasSizeGreaterThan(8);
      assertThat(killer.repeated).isEmpty();
    } finally {
      cluster.stop();
    }
  }
}
