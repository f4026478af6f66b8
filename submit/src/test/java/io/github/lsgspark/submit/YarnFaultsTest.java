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
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs on YARN that lose what they run on, or that end badly. */
@Tag("long-8")
class YarnFaultsTest {
  private static final String SIZES =
      Shell.HOME.resolve("submit/yarn/mini-cluster.conf").toString();

  @TempDir static Path folder;
  private static YarnCluster yarn;

  @BeforeAll
  static void start() throws Exception {
    yarn = YarnCluster.start(folder.resolve("yarn"));
  }

  @AfterAll
  static void stop() throws Exception {
    yarn.close();
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
