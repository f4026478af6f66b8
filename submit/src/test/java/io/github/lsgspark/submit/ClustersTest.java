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
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demonstration, cut short, in local mode, on a standalone cluster and on YARN, by the
 * launcher's own command: the same configuration gives the same metrics.
 */
class ClustersTest {
  private static final String SHORT =
      """
      include "%s/conf/demo.conf"
      compare.seeds = [1]
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
            mkdir -p "$0/pipeline" "$0/jobs/target" "$0/submit"
            cp -a pom.xml conf "$0"
            cp -a pipeline/pom.xml "$0/pipeline"
            cp -a jobs/pom.xml "$0/jobs"
            cp -a submit/lsg submit/gpu-discovery.sh submit/kubernetes "$0/submit"
            cp -a jobs/target/classes jobs/target/classpath "$0/jobs/target"
            ln jobs/target/lsg-jobs-*-spark.jar "$0/jobs/target"
            mkdir -p "$0/pipeline/src/main" "$0/jobs/src/main"
            touch "$0/jobs/target/classes.stamp" "$0/jobs/target/jar.stamp"
            """,
            odd.toString());
    assertThat(copied.code()).as(copied.log()).isZero();
    return odd;
  }

  @Test
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

  /** Waits until the training on HDFS has saved a step after the given one; that step. */
  private static int savedAfter(int step, Process run) throws Exception {
    FileSystem hdfs = yarn.hdfs();
    org.apache.hadoop.fs.Path stage = new org.apache.hadoop.fs.Path("/work/hurt/train");
    while (run.isAlive()) {
      if (hdfs.exists(stage)) {
        var files = hdfs.listFiles(stage, true);
        int newest = 0;
        while (files.hasNext()) {
          String name = files.next().getPath().getName();
          if (name.matches("step-[0-9]+-.*json")) {
            newest = Math.max(newest, Integer.parseInt(name.split("-", 3)[1]));
          }
        }
        if (newest > step) {
          return newest;
        }
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("the training ended at step " + step);
  }

  @Test
  void whatIsKilledOnYarnIsMadeUpFor() throws Exception {
    Path config =
        SmallTraining.write(
            folder.resolve("hurt.conf"),
            "train { iterations = 600, replicas = 2, checkpoint.every-steps = 60 }");
    String[] common = {
      Shell.HOME.resolve("submit/lsg").toString(), "evaluate", "--config", config.toString()
    };
    Path local = folder.resolve("unhurt");
    List<String> here = new ArrayList<>(List.of(common));
    here.addAll(List.of("--master", "local[2]", "--work-dir", local.toString()));
    Outcome unhurt = Shell.run(folder, Map.of(), here.toArray(String[]::new));
    assertThat(unhurt.code()).as(unhurt.log()).isZero();

    List<String> there = new ArrayList<>(List.of(common));
    there.addAll(
        List.of(
            "--master",
            "yarn",
            "--deploy-mode",
            "cluster",
            "--overlay",
            SIZES,
            "--work-dir",
            "/work/hurt"));
    Path log = folder.resolve("hurt.log");
    Process run =
        Shell.start(
            yarn.environment(), folder.resolve("hurt.out"), log, there.toArray(String[]::new));
    int step = savedAfter(0, run);
    yarn.stopDataNode();
    step = savedAfter(step, run);
    yarn.kill("YarnCoarseGrainedExecutorBackend");
    savedAfter(step, run);
    yarn.kill("org.apache.spark.deploy.yarn.ApplicationMaster");
    assertThat(run.waitFor(8, TimeUnit.MINUTES)).isTrue();
    assertThat(run.exitValue()).as(Files.readString(log)).isZero();
    JsonNode hurt = new ObjectMapper().readTree(yarn.read("/work/hurt/run.json"));
    JsonNode whole = new ObjectMapper().readTree(Files.readString(local.resolve("run.json")));
    assertThat(hurt.path("metrics")).isEqualTo(whole.path("metrics"));
  }

  @Test
  void aProgramThatEndsBadlyOnYarnHasItsExitCodeHere() throws Exception {
    Path config =
        Files.writeString(folder.resolve("bad.conf"), "data.train = \"hdfs:///does/not/exist\"");
    Outcome outcome =
        Shell.run(
            folder,
            yarn.environment(),
            Shell.HOME.resolve("submit/lsg").toString(),
            "prepare",
            "--config",
            config.toString(),
            "--master",
            "yarn",
            "--deploy-mode",
            "cluster",
            "--conf",
            "spark.yarn.maxAppAttempts=1",
            "--overlay",
            SIZES,
            "--work-dir",
            "/work/bad");
    assertThat(outcome.code()).as(outcome.log()).isEqualTo(3);
  }
}
