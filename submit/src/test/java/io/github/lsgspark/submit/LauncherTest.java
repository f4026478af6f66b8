package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.submit.Shell.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher with cluster masters, as far as it goes without a cluster. */
class LauncherTest {
  @TempDir Path folder;

  private Outcome lsg(String... arguments) throws Exception {
    return lsg(Map.of(), arguments);
  }

  private Outcome lsg(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Shell.HOME.resolve("submit/lsg").toString()));
    command.addAll(List.of(arguments));
    Map<String, String> all = new HashMap<>(Map.of("SPARK_HOME", "", "LSG_DRIVER_MEMORY", ""));
    all.putAll(environment);
    return Shell.run(folder, all, command.toArray(String[]::new));
  }

  private String config(String text) throws Exception {
    return Files.writeString(folder.resolve("my run.conf"), text).toString();
  }

  private String work() {
    return folder.resolve("w").toUri().toString();
  }

  @Test
  void aDryRunPrintsTheCallAndWritesNothing() throws Exception {
    Outcome outcome =
        lsg(
            Map.of("GOMP_SPINCOUNT", "777", "LSG_DRIVER_MEMORY", "3g"),
            "run",
            "--config",
            config("seed = 4, spark.executor.instances = 7"),
            "--master",
            "yarn",
            "--deploy-mode",
            "cluster",
            "--work-dir",
            work(),
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
  void aFaultInNativeCodeEndsWithASentenceThatNamesItsLog() throws Exception {
    Path program = folder.resolve("Dies.java");
    Files.writeString(
        program,
        """
        class Dies {
          public static void main(String[] args) throws Exception {
            String self = Long.toString(ProcessHandle.current().pid());
            new ProcessBuilder("kill", "-FPE", self).start().waitFor();
            Thread.sleep(60_000);
          }
        }
        """);
    Outcome outcome = lsg("java", program.toString());
    assertThat(outcome.code()).as(outcome.log()).isEqualTo(134);
    Matcher sentence =
        Pattern.compile(
                "(?m)^lsg: a fault in native code \\(SIGFPE\\) ended the program; the log is (.*)$")
            .matcher(outcome.log());
    assertThat(sentence.find()).as(outcome.log()).isTrue();
    Path log = Path.of(sentence.group(1));
    assertThat(log.toRealPath().getParent()).isEqualTo(Shell.HOME.resolve("target").toRealPath());
    assertThat(Files.readString(log)).contains("SIGFPE");
    Files.delete(log);
  }

  private Path dies() throws Exception {
    return Files.writeString(
        folder.resolve("Dies.java"),
        """
        class Dies {
          public static void main(String[] args) throws Exception {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("ends")));
            ProcessHandle self = ProcessHandle.current();
            String whom = args[1].equals("self") ? "" + self.pid() : "" + self.parent().get().pid();
            new ProcessBuilder("kill", args[0], whom).start().waitFor();
            Thread.sleep(60_000);
          }
        }
        """);
  }

  /** Of abort() in a library, and of a kill, the JVM says nothing. */
  @ParameterizedTest
  @CsvSource({"-ABRT, 134, SIGABRT ended the program", "-KILL, 137, dmesg"})
  void aSignalThatTheJvmDoesNotTellIsTold(String signal, int code, String sentence)
      throws Exception {
    Outcome outcome =
        lsg(Map.of("OPENBLAS_CORETYPE", ""), "java", dies().toString(), signal, "self");
    assertThat(outcome.code()).as(outcome.log()).isEqualTo(code);
    assertThat(outcome.log().lines().filter(line -> line.startsWith("lsg: ")).toList())
        .as(outcome.log())
        .singleElement()
        .asString()
        .contains(sentence);
    assertThat(outcome.log()).doesNotContain("submit/lsg: line");
  }

  @ParameterizedTest
  @CsvSource({"-TERM, 143", "-HUP, 129"})
  void whoAsksTheLauncherForAnEndAsksTheProgram(String signal, int code) throws Exception {
    assumeFalse(signal.equals("-HUP") && hangUpIsIgnored(), "these tests run under nohup");
    Outcome outcome =
        lsg(Map.of("OPENBLAS_CORETYPE", ""), "java", dies().toString(), signal, "parent");
    assertThat(outcome.code()).as(outcome.log()).isEqualTo(code);
    assertThat(outcome.out()).as("its shutdown hooks ran").contains("ends");
    assertThat(outcome.log()).doesNotContain("lsg: ");
  }

  /** Processes started from here then ignore it, too. */
  private static boolean hangUpIsIgnored() throws Exception {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.split("\\s+")[1], 16) & 1) != 0);
    }
  }

  @Test
  void programsReadTheCallAsJson() throws Exception {
    Outcome outcome =
        lsg(
            "embed",
            "--explain",
            "cat's tail",
            "--config",
            config("seed = 4"),
            "--master",
            "k8s://https://127.0.0.1:6443",
            "--deploy-mode=cluster",
            "--work-dir",
            work(),
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
  void wrongRequestsAreExitTwoBeforeAnythingIsSubmitted() throws Exception {
    String config = config("\ngraph.kk = 3");
    Outcome wrong =
        lsg("run", "--config", config, "--master", "yarn", "--work-dir", work(), "--dry-run");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.log()).contains("my run.conf:2: unknown key graph.kk");

    config = config("seed = 1");
    Outcome local = lsg("run", "--config", config, "--master", "yarn", "--dry-run");
    assertThat(local.code()).isEqualTo(2);
    assertThat(local.log())
        .contains("--work-dir work/my run is a folder of this machine, but driver and executors");

    Outcome image =
        lsg(
            "run",
            "--config",
            config,
            "--master",
            "k8s://https://h",
            "--deploy-mode",
            "cluster",
            "--work-dir",
            work(),
            "--dry-run");
    assertThat(image.code()).isEqualTo(2);
    assertThat(image.log()).contains("spark.kubernetes.container.image=NAME");

    Outcome dynamic =
        lsg(
            "train",
            "--config",
            config,
            "--master",
            "spark://h:1",
            "--work-dir",
            work(),
            "--conf",
            "spark.dynamicAllocation.enabled=true",
            "--dry-run");
    assertThat(dynamic.code()).isEqualTo(2);
    assertThat(dynamic.log()).contains("spark.dynamicAllocation.enabled = true: the replicas");

    assertThat(lsg("run", "--config", config, "--master", "mesos://h").log())
        .contains("unknown master mesos://h");
    assertThat(lsg("run", "--config", config, "--deploy-mode").log())
        .contains("--deploy-mode needs a value");
  }

  @Test
  void aSecretInAConfigurationIsRefused() throws Exception {
    Outcome outcome =
        lsg(
            Map.of("MY_SECRET", "hush-hush"),
            "run",
            "--config",
            config("spark.hadoop.fs.s3a.secret.key = ${MY_SECRET}"),
            "--master",
            "yarn",
            "--work-dir",
            work(),
            "--dry-run");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.log())
        .contains("spark.hadoop.fs.s3a.secret.key looks like a secret")
        .doesNotContain("hush-hush");
  }

  @Test
  void withoutASparkInstallationAClusterIsExitFour() throws Exception {
    Outcome outcome =
        lsg(
            Map.of("SPARK_HOME", folder.resolve("none").toString()),
            "run",
            "--config",
            config("seed = 1"),
            "--master",
            "yarn",
            "--work-dir",
            work());
    assertThat(outcome.code()).isEqualTo(4);
    assertThat(outcome.log()).contains("needs a Spark installation");
  }

  @Test
  void aShellMetacharacterStaysOneWord() throws Exception {
    Path hurt = folder.resolve("hurt");
    String label = "$(touch " + hurt + ")`touch " + hurt + "`'; touch " + hurt + "\n\"";
    Outcome outcome =
        lsg(
            "embed",
            "--explain",
            label,
            "--config",
            config("seed = 1"),
            "--master",
            "spark://h:1",
            "--work-dir",
            work(),
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
      config("spark { app.odd = \"a $(b) 'c' ~\", driver.extraJavaOptions = \"-Da='b c'\" }"),
      "--master",
      "yarn",
      "--deploy-mode",
      "client",
      "--work-dir",
      work() + "/my $dir (1)",
      "-D",
      "cluster.gpus-per-executor=1",
      "--dry-run"
    };
    Outcome printed = lsg(call);
    assertThat(printed.code()).as(printed.log()).isZero();
    call[call.length - 1] = "--dry-run=json";
    Outcome json = lsg(call);
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

  @Test
  void aJavaThatSparkDoesNotRunOnIsExitFourAndAnotherIsNamed() throws Exception {
    Path java = Files.createDirectories(folder.resolve("a jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"25.0.3\" 2026-04-21' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Map<String, String> wrong = Map.of("JAVA_HOME", folder.resolve("a jdk").toString());
    for (String command : List.of("doctor", "help", "run")) {
      Outcome outcome = lsg(wrong, command, "--config", config("seed = 1"));
      assertThat(outcome.code()).isEqualTo(4);
      assertThat(outcome.log())
          .startsWith("lsg: Spark runs on Java 17 to 21, but " + java + " is version 25: ")
          .contains("JAVA_HOME")
          .hasLineCount(1);
    }
    Files.writeString(java, "#!/bin/sh\necho 'java version \"1.8.0_402\"' >&2\n");
    assertThat(lsg(wrong, "doctor").log()).contains("is version 8: ");
    Outcome none = lsg(Map.of("JAVA_HOME", folder.resolve("none").toString()), "doctor");
    assertThat(none.code()).isEqualTo(4);
    assertThat(none.log()).contains("no Java at").hasLineCount(1);
  }

  @Test
  void storageThatCannotBeReachedIsExitFourWithWhatToDo() throws Exception {
    Outcome outcome =
        lsg(
            Map.of("HADOOP_CONF_DIR", "", "YARN_CONF_DIR", ""),
            "run",
            "--config",
            config("seed = 1"),
            "--master",
            "spark://h:1",
            "--work-dir",
            "hdfs:///w",
            "--dry-run");
    assertThat(outcome.code()).as(outcome.log()).isEqualTo(4);
    assertThat(outcome.log())
        .contains("lsg: hdfs:///w: names no host, and no default file system says one")
        .doesNotContain("\tat ");
  }

  /** Class folders in Arabic and Japanese, and an emoji, from a shell without a locale. */
  @Test
  @Tag("real-data")
  void everyNameIsReadWhateverTheLocale() throws Exception {
    Path data = Path.of(System.getProperty("lsg.shared.dir")).resolve("cases/a12-odd");
    Path work = folder.resolve("w");
    Outcome outcome =
        lsg(
            Map.of("LC_ALL", "POSIX", "LANG", "", "LSG_DRIVER_MEMORY", "1g"),
            "prepare",
            "--config",
            config("data.train = \"" + data + "\", prepare.partitions = 1"),
            "--master",
            "local[2]",
            "--work-dir",
            work.toString());
    assertThat(outcome.code()).as(outcome.log()).isZero();
    try (Stream<Path> outputs = Files.list(work.resolve("prepare"))) {
      Path output = outputs.filter(Files::isDirectory).findFirst().orElseThrow();
      JsonNode metrics = new ObjectMapper().readTree(output.resolve("metrics.json").toFile());
      assertThat(metrics.get("files").asInt()).isEqualTo(30);
      assertThat(metrics.get("classes").asInt()).isEqualTo(10);
      assertThat(metrics.get("rejected")).isEmpty();
      assertThat(Files.readString(output.resolve("labels.json"))).contains("赤い狐", "🦊");
    }
  }
}
