package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.submit.Shell.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher with cluster masters, as far as it goes without a cluster. */
class LauncherTest {
  @TempDir Path folder;
  private Launcher launcher;

  @BeforeEach
  void makeLauncher() {
    launcher = new Launcher(folder);
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
    Outcome outcome = launcher.lsg("java", program.toString());
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
        launcher.lsg(Map.of("OPENBLAS_CORETYPE", ""), "java", dies().toString(), signal, "self");
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
        launcher.lsg(Map.of("OPENBLAS_CORETYPE", ""), "java", dies().toString(), signal, "parent");
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
  void wrongRequestsAreExitTwoBeforeAnythingIsSubmitted() throws Exception {
    String config = launcher.config("\ngraph.kk = 3");
    Outcome wrong =
        launcher.lsg(
            "run",
            "--config",
            config,
            "--master",
            "yarn",
            "--work-dir",
            launcher.work(),
            "--dry-run");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.log()).contains("my run.conf:2: unknown key graph.kk");

    config = launcher.config("seed = 1");
    Outcome local = launcher.lsg("run", "--config", config, "--master", "yarn", "--dry-run");
    assertThat(local.code()).isEqualTo(2);
    assertThat(local.log())
        .contains("--work-dir work/my run is a folder of this machine, but driver and executors");

    Outcome image =
        launcher.lsg(
            "run",
            "--config",
            config,
            "--master",
            "k8s://https://h",
            "--deploy-mode",
            "cluster",
            "--work-dir",
            launcher.work(),
            "--dry-run");
    assertThat(image.code()).isEqualTo(2);
    assertThat(image.log()).contains("spark.kubernetes.container.image=NAME");

    Outcome dynamic =
        launcher.lsg(
            "train",
            "--config",
            config,
            "--master",
            "spark://h:1",
            "--work-dir",
            launcher.work(),
            "--conf",
            "spark.dynamicAllocation.enabled=true",
            "--dry-run");
    assertThat(dynamic.code()).isEqualTo(2);
    assertThat(dynamic.log()).contains("spark.dynamicAllocation.enabled = true: the replicas");

    assertThat(launcher.lsg("run", "--config", config, "--master", "mesos://h").log())
        .contains("unknown master mesos://h");
    assertThat(launcher.lsg("run", "--config", config, "--deploy-mode").log())
        .contains("--deploy-mode needs a value");
  }

  @Test
  void aSecretInAConfigurationIsRefused() throws Exception {
    Outcome outcome =
        launcher.lsg(
            Map.of("MY_SECRET", "hush-hush"),
            "run",
            "--config",
            launcher.config("spark.hadoop.fs.s3a.secret.key = ${MY_SECRET}"),
            "--master",
            "yarn",
            "--work-dir",
            launcher.work(),
            "--dry-run");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.log())
        .contains("spark.hadoop.fs.s3a.secret.key looks like a secret")
        .doesNotContain("hush-hush");
  }

  @Test
  void withoutASparkInstallationAClusterIsExitFour() throws Exception {
    Outcome outcome =
        launcher.lsg(
            Map.of("SPARK_HOME", folder.resolve("none").toString()),
            "run",
            "--config",
            launcher.config("seed = 1"),
            "--master",
            "yarn",
            "--work-dir",
            launcher.work());
    assertThat(outcome.code()).isEqualTo(4);
    assertThat(outcome.log()).contains("needs a Spark installation");
  }

  @Test
  void aJavaThatSparkDoesNotRunOnIsExitFourAndAnotherIsNamed() throws Exception {
    Path java = Files.createDirectories(folder.resolve("a jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"26.0.1\" 2026-04-21' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Map<String, String> wrong = Map.of("JAVA_HOME", folder.resolve("a jdk").toString());
    for (String command : List.of("doctor", "help", "run")) {
      Outcome outcome = launcher.lsg(wrong, command, "--config", launcher.config("seed = 1"));
      assertThat(outcome.code()).isEqualTo(4);
      assertThat(outcome.log())
          .startsWith("lsg: Spark runs on Java 17 to ")
          .contains(", but " + java + " is version 26: ")
          .contains("JAVA_HOME")
          .hasLineCount(1);
    }
    Files.writeString(java, "#!/bin/sh\necho 'java version \"1.8.0_402\"' >&2\n");
    assertThat(launcher.lsg(wrong, "doctor").log()).contains("is version 8: ");
    Outcome none = launcher.lsg(Map.of("JAVA_HOME", folder.resolve("none").toString()), "doctor");
    assertThat(none.code()).isEqualTo(4);
    assertThat(none.log()).contains("no Java at").hasLineCount(1);
  }

  @Test
  void helpNeedsNeitherJavaNorABuildAndACommandThatThereIsNotIsNamed() throws Exception {
    Map<String, String> none = Map.of("JAVA_HOME", folder.resolve("none").toString());
    for (String[] asked : new String[][] {{"help", "train"}, {"train", "--help"}}) {
      Outcome help = launcher.lsg(none, asked);
      assertThat(help.code()).as(help.log()).isZero();
      assertThat(help.out()).startsWith("Usage: lsg train ").contains("train.iterations = ");
    }
    assertThat(launcher.lsg(none, "help").out()).contains("gpu-check");
    Outcome wrong = launcher.lsg(none, "trian", "--config", "x.conf");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.log()).contains("there is no command trian; did you mean train?");
    assertThat(launcher.lsg(none, "rnu").log()).contains("did you mean run?");
    assertThat(launcher.lsg(none, "somewhat").log()).contains("no command somewhat (submit/lsg");
  }

  @Test
  void storageThatCannotBeReachedIsExitFourWithWhatToDo() throws Exception {
    Outcome outcome =
        launcher.lsg(
            Map.of("HADOOP_CONF_DIR", "", "YARN_CONF_DIR", ""),
            "run",
            "--config",
            launcher.config("seed = 1"),
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
        launcher.lsg(
            Map.of("LC_ALL", "POSIX", "LANG", "", "LSG_DRIVER_MEMORY", "1g"),
            "prepare",
            "--config",
            launcher.config("data.train = \"" + data + "\", prepare.partitions = 1"),
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
