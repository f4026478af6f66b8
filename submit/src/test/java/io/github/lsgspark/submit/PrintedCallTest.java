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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls of spark-submit that {@code --dry-run} prints, for people, shells and programs. */
class PrintedCallTest {
  @TempDir Path folder;
  private Launcher launcher;

  @BeforeEach
  void makeLauncher() {
    launcher = new Launcher(folder);
  }

  @Test
  void aDryRunPrintsTheCallAndWritesNothing() throws Exception {
    Outcome outcome =
        launcher.lsg(
            Map.of("GOMP_SPINCOUNT", "777", "LSG_DRIVER_MEMORY", "3g"),
            "run",
            "--config",
            launcher.config("seed = 4, spark.executor.instances = 7"),
            "--master",
            "yarn",
            "--deploy-mode",
            "cluster",
            "--work-dir",
            launcher.work(),
            "-D",
            "cluster.gpus-per-executor=2",
            "--conf",
            "spark.executor.cores=5",
            "--conf",
            "spark.hadoop.fs.s3a.secret.key=hush",
            "--dry-run");
    assertThat(outcome.code()).as(outcome.log()).isZero();
    assertThat(outcome.out())
        .startsWith("spark-submit --master yarn --deploy-mode cluster --name 'lsg run' --conf ")
        .contains(" --conf spark.executor.resource.gpu.amount=2 ")
        // 5 cores share 2 GPUs: 3 tasks on each.
        .contains(" --conf spark.task.resource.gpu.amount=0.333333 ")
        .contains(" --conf spark.executor.resource.gpu.discoveryScript=./gpu-discovery.sh ")
        .contains(" --conf spark.executorEnv.GOMP_SPINCOUNT=777 ")
        .contains(" --conf spark.yarn.appMasterEnv.GOMP_SPINCOUNT=777 ")
        .contains(" --conf spark.executorEnv.LC_ALL=C.UTF-8 ")
        .contains(" --conf spark.yarn.appMasterEnv.LC_ALL=C.UTF-8 ")
        .contains(" --conf spark.driver.memory=3g ")
        // The command line goes over the configuration, which goes over conf/cluster/yarn.conf.
        .contains(" --conf spark.executor.cores=5 ")
        .contains(" --conf spark.executor.instances=7 ")
        .contains(" --conf spark.executor.memory=8g ")
        .contains(" --conf spark.dynamicAllocation.enabled=false ")
        .contains(" --conf 'spark.hadoop.fs.s3a.secret.key=(hidden)' ")
        .contains("/submit/gpu-discovery.sh,")
        .contains(" --class io.github.lsgspark.jobs.Lsg ")
        .containsPattern(
            " run --config 'file:/.*/w/submitted/my run-[0-9a-f]{16}.conf' --work-dir ")
        .doesNotContain("hush");
    assertThat(outcome.log())
        .contains("dynamic allocation is off: the replicas of a training run all at once");
    assertThat(folder.resolve("w")).doesNotExist();
  }

  @Test
  void programsReadTheCallAsJson() throws Exception {
    Outcome outcome =
        launcher.lsg(
            "embed",
            "--explain",
            "cat's tail",
            "--config",
            launcher.config("seed = 4"),
            "--master",
            "k8s://https://127.0.0.1:6443",
            "--deploy-mode=cluster",
            "--work-dir",
            launcher.work(),
            "--conf",
            "spark.kubernetes.container.image=lsg:1",
            "-D",
            "cluster.gpus-per-executor=1",
            "--dry-run=json");
    assertThat(outcome.code()).as(outcome.log()).isZero();
    assertThat(outcome.out())
        .contains("\"application\" : \"local:///opt/lsg/lsg.jar\"")
        .contains("\"spark.executor.resource.gpu.vendor\" : \"nvidia.com\"")
        .contains("\"--explain\", \"cat's tail\"");
    // Only trainings need a fixed number of executors.
    assertThat(outcome.out() + outcome.log()).doesNotContain("dynamic");
  }

  @Test
  void aShellMetacharacterStaysOneWord() throws Exception {
    Path hurt = folder.resolve("hurt");
    String label = "$(touch " + hurt + ")`touch " + hurt + "`'; touch " + hurt + "\n\"";
    Outcome outcome =
        launcher.lsg(
            "embed",
            "--explain",
            label,
            "--config",
            launcher.config("seed = 1"),
            "--master",
            "spark://h:1",
            "--work-dir",
            launcher.work(),
            "--dry-run");
    assertThat(outcome.code()).as(outcome.log()).isZero();
    Outcome echoed =
        Shell.run(
            folder,
            Map.of(),
            "bash",
            "-c",
            "spark-submit() { printf '%s' \"${!#}\"; }; " + outcome.out());
    assertThat(echoed.out()).isEqualTo(label);
    assertThat(hurt).doesNotExist();
  }

  /** A spark-submit that records its words, each ended by a zero byte. */
  private Path recorder(Path words) throws Exception {
    Path stub = Files.createDirectories(folder.resolve("bin")).resolve("spark-submit");
    Files.writeString(stub, "#!/bin/sh\nprintf '%s\\0' \"$@\" >'" + words + "'\n");
    assertThat(stub.toFile().setExecutable(true)).isTrue();
    return stub.getParent();
  }

  /** The words that the JSON form of the call stands for. */
  private static List<String> words(String json) throws Exception {
    JsonNode call = new ObjectMapper().readTree(json);
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--master", call.get("master").asText()));
    words.addAll(List.of("--deploy-mode", call.get("deploy_mode").asText()));
    words.addAll(List.of("--name", call.get("name").asText()));
    call.get("conf")
        .properties()
        .forEach(
            conf ->
                words.addAll(List.of("--conf", conf.getKey() + "=" + conf.getValue().asText())));
    words.addAll(List.of("--files", call.get("files").get(0).asText()));
    words.addAll(List.of("--class", call.get("java_class").asText()));
    words.add(call.get("application").asText());
    call.get("application_args").forEach(argument -> words.add(argument.asText()));
    return words;
  }

  @Test
  void aPrintedCallCanBePasted() throws Exception {
    String odd = "~/$HOME 'it''s' \"(a) {b,c} *\\ é🦊 #!&|;<>\t\n end";
    String[] call = {
      "embed",
      "--explain",
      odd,
      "--config",
      launcher.config(
          "spark { app.odd = \"a $(b) 'c' ~\", driver.extraJavaOptions = \"-Da='b c'\" }"),
      "--master",
      "yarn",
      "--deploy-mode",
      "client",
      "--work-dir",
      launcher.work() + "/my $dir (1)",
      "-D",
      "cluster.gpus-per-executor=1",
      "--dry-run"
    };
    Outcome printed = launcher.lsg(call);
    assertThat(printed.code()).as(printed.log()).isZero();
    call[call.length - 1] = "--dry-run=json";
    Outcome json = launcher.lsg(call);
    Path words = folder.resolve("words");
    Path pasted = Files.writeString(folder.resolve("pasted.sh"), printed.out());
    Outcome run =
        Shell.run(
            folder,
            Map.of("PATH", recorder(words) + ":" + System.getenv("PATH")),
            "bash",
            pasted.toString());
    assertThat(run.code()).as(run.log()).isZero();
    List<String> heard = List.of(Files.readString(words).split("\0"));
    assertThat(heard).isEqualTo(words(json.out())).contains(odd);
  }
}
