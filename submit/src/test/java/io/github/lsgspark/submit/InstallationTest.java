package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.submit.Shell.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher takes the build that fits the Spark installation, or says what to get. */
class InstallationTest {
  @TempDir Path folder;

  private Map<String, String> installation(String core) throws Exception {
    Path home = Files.createDirectories(folder.resolve("a spark"));
    Files.createFile(Files.createDirectories(home.resolve("jars")).resolve(core));
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    Files.writeString(submit, "#!/bin/sh\n");
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    return Map.of("SPARK_HOME", home.toString(), "LSG_MAVEN_OPTIONS", "", "LSG_NO_BUILD", "1");
  }

  private Outcome onCluster(Map<String, String> environment) throws Exception {
    Launcher launcher = new Launcher(folder);
    String config = launcher.config("seed = 1");
    return launcher.lsg(
        environment,
        "run",
        "--config",
        config,
        "--master",
        "yarn",
        "--work-dir",
        launcher.work(),
        "--dry-run");
  }

  /** Said by the call, or by the refusal where it was not built. */
  @ParameterizedTest
  @CsvSource({
    "spark-core_2.13-4.2.1.jar, /target/spark-3, jobs/target[/ ]",
    "spark-core_2.12-3.5.4-amzn-0.jar, /target/lsg, jobs/target/spark-3[/ ]"
  })
  void theBuildThatFitsTheInstallationIsTaken(String core, String other, String fit)
      throws Exception {
    Outcome outcome = onCluster(installation(core));
    assertThat(outcome.code()).as(outcome.log()).isIn(0, 4);
    assertThat(outcome.out() + outcome.log()).containsPattern(fit).doesNotContain(other);
  }

  @ParameterizedTest
  @CsvSource({
    "spark-core_2.13-4.0.1.jar, Spark 4.0.1 with Scala 2.13",
    "spark-core_2.13-3.5.9.jar, Spark 3.5.9 with Scala 2.13",
    "spark-core_2.12-3.4.2.jar, Spark 3.4.2 with Scala 2.12"
  })
  void anInstallationWithoutABuildIsExitFour(String core, String found) throws Exception {
    Outcome outcome = onCluster(installation(core));
    assertThat(outcome.code()).as(outcome.log()).isEqualTo(4);
    assertThat(outcome.log())
        .endsWith(
            "a spark is "
                + found
                + ", for which there is no build: set SPARK_HOME to a Spark 4.2, or to a Spark 3.5"
                + " with Scala 2.12\n");
  }

  @Test
  void aBuildForAnotherInstallationIsExitFour() throws Exception {
    Map<String, String> environment = new HashMap<>(installation("spark-core_2.13-4.2.0.jar"));
    environment.put("LSG_MAVEN_OPTIONS", "-Pspark-3");
    Outcome outcome = onCluster(environment);
    assertThat(outcome.code()).as(outcome.log()).isEqualTo(4);
    assertThat(outcome.log()).contains("LSG_MAVEN_OPTIONS has -Pspark-3, but", "is Spark 4.2.0");
  }
}
