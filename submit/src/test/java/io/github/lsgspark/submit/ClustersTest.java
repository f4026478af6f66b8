package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.submit.Shell.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demonstration, cut short, in local mode, on a standalone cluster and on YARN, by the
 * launcher's own command: the same configuration gives the same metrics.
 */
class ClustersTest {
  private static final String SHORT =
      """
      include "%s/conf/drawn-demo.conf"
      compare = null
      compare { seeds = [1], methods { plain { lsg.enabled = false }, lsg {} } }
      data.drawn { base-classes = 8, novel-classes = 10, train-per-class = 20, test-per-class = 10 }
      gcn.iterations = 50
      graph.edge-ratio = 0.15
      train { iterations = 20, replicas = 2 }
      pretrain.train.iterations = 20
      prompts.file = %s
      """;

  private static final String SIZES =
      Shell.HOME.resolve("submit/yarn/mini-cluster.conf").toString();

  @TempDir static Path folder;
  private static YarnCluster yarn;
  private static JsonNode expected;

  @BeforeAll
  static void start() throws Exception {
    yarn = YarnCluster.start(folder.resolve("yarn"));
  }

  @AfterAll
  static void stop() throws Exception {
    yarn.close();
  }

  private static Path config() throws Exception {
    Path prompts = folder.resolve("prompts.txt");
    List<String> templates = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      templates.add("picture " + i + " of a {}");
    }
    Files.write(prompts, templates);
    return Files.writeString(
        folder.resolve("short.conf"), SHORT.formatted(Shell.HOME, prompts.toAbsolutePath()));
  }

  private static Outcome lsg(Map<String, String> environment, String... arguments)
      throws Exception {
    return lsg(Shell.HOME, environment, arguments);
  }

  private static Outcome lsg(Path home, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(home.resolve("submit/lsg").toString(), "run", "--config", config().toString()));
    command.addAll(List.of(arguments));
    Outcome outcome = Shell.run(folder, environment, command.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.log()).isZero();
    return outcome;
  }

  private static JsonNode metrics(String json) throws Exception {
    JsonNode metrics = new ObjectMapper().readTree(json).path("metrics");
    assertThat(metrics.path("lsg").path("mean").isNumber()).isTrue();
    return metrics;
  }

  /** What local mode gives; made once. */
  private static synchronized JsonNode expected() throws Exception {
    if (expected == null) {
      Path local = folder.resolve("local");
      lsg(Map.of(), "--master", "local[2]", "--work-dir", local.toString());
      expected = metrics(Files.readString(local.resolve("run.json")));
    }
    return expected;
  }

  @Test
  @Tag("long-3")
  void yarnGivesTheMetricsOfLocalMode() throws Exception {
    Outcome onYarn =
        lsg(
            yarn.environment(),
            "--master",
            "yarn",
            "--deploy-mode",
            "cluster",
            "--overlay",
            SIZES,
            "--work-dir",
            "/work/short");
    assertThat(onYarn.log()).contains("uploading prompts.file");
    FileSystem hdfs = yarn.hdfs();
    assertThat(metrics(yarn.read("/work/short/run.json"))).isEqualTo(expected());
    assertThat(hdfs.listStatus(new org.apache.hadoop.fs.Path("/work/short/inputs"))).hasSize(1);
  }

  /**
   * What the launcher needs of a checkout, in a folder whose name shells, Spark's own parser of
   * options and addresses would read in their own ways.
   */
  private static Path oddCheckout() throws Exception {
    Path odd =
        Files.createDirectories(
            Shell.HOME.resolve("submit/target/~my lsg it's $HOME (1) é " + UUID.randomUUID()));
    Outcome copied =
        Shell.run(
            folder,
            Map.of(),
            "bash",
            "-c",
            """
            set -e
            target=jobs/$1
            mkdir -p "$0/pipeline" "$0/$target" "$0/submit"
            cp -a pom.xml conf "$0"
            cp -a pipeline/pom.xml "$0/pipeline"
            cp -a jobs/pom.xml "$0/jobs"
            cp -a submit/lsg submit/lib submit/gpu-discovery.sh submit/kubernetes "$0/submit"
            cp -a $target/classes $target/classpath "$0/$target"
            ln $target/lsg-jobs-*-spark.jar "$0/$target"
            mkdir -p "$0/pipeline/src/main" "$0/jobs/src/main"
            touch "$0/$target/classes.stamp" "$0/$target/jar.stamp"
            """,
            odd.toString(),
            Shell.TARGET);
    assertThat(copied.code()).as(copied.log()).isZero();
    return odd;
  }

  @Test
  @Tag("long-1")
  void aStandaloneClusterGivesTheMetricsOfLocalModeFromAFolderOfAnyName() throws Exception {
    Path shared = folder.resolve("standalone");
    Path odd = oddCheckout();
    try (StandaloneCluster cluster = StandaloneCluster.start(folder.resolve("cluster"), 2)) {
      Outcome local =
          Shell.run(
              folder, Map.of("LSG_NO_BUILD", "1"), odd.resolve("submit/lsg").toString(), "doctor");
      assertThat(local.code()).as(local.log()).isZero();
      lsg(
          odd,
          Map.of("SPARK_HOME", YarnCluster.SPARK_HOME, "LSG_NO_BUILD", "1"),
          "--master",
          cluster.master(),
          "--overlay",
          SIZES,
          "--work-dir",
          shared.toUri().toString());
    }
    assertThat(metrics(Files.readString(shared.resolve("run.json")))).isEqualTo(expected());
    FileUtils.deleteDirectory(odd.toFile());
  }
}
