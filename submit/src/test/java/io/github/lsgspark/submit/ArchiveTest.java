package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lsgspark.submit.Shell.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a folder as submit/archive makes it, of links to what was built. */
class ArchiveTest {
  @TempDir Path folder;

  private Path archive() throws Exception {
    Path target = Shell.HOME.resolve("jobs").resolve(Shell.TARGET);
    Path program;
    try (Stream<Path> jars = Files.list(target)) {
      program =
          jars.filter(jar -> jar.getFileName().toString().matches("lsg-jobs-.*-spark\\.jar"))
              .findFirst()
              .orElse(null);
    }
    assumeTrue(program != null, "the build ended before package: no jar");
    Path root = Files.createDirectories(folder.resolve("an archive & more"));
    Path spark = Files.createDirectories(root.resolve("lib/spark"));
    Files.createDirectories(root.resolve("submit"));
    for (String part : List.of("lsg", "lib", "help", "native-fault")) {
      Shell.run(
          folder,
          Map.of(),
          "cp",
          "-a",
          Shell.HOME.resolve("submit").resolve(part).toString(),
          root.resolve("submit").toString());
    }
    Files.createSymbolicLink(root.resolve("conf"), Shell.HOME.resolve("conf"));
    List<String> classpath = new ArrayList<>(List.of(program.getFileName().toString()));
    Files.createSymbolicLink(root.resolve("lib").resolve(program.getFileName()), program);
    for (String entry : Files.readString(target.resolve("classpath/spark")).strip().split(":")) {
      Path jar = Path.of(entry);
      Files.createSymbolicLink(spark.resolve(jar.getFileName()), jar);
      classpath.add("spark/" + jar.getFileName());
    }
    Files.write(root.resolve("lib/classpath"), classpath);
    return root;
  }

  @Test
  void theArchiveRunsWithoutABuildAndTakesItsOwnModels() throws Exception {
    Path root = archive();
    String lsg = root.resolve("submit/lsg").toString();
    Map<String, String> plain = Map.of("LSG_MAVEN_OPTIONS", "", "LSG_NO_BUILD", "1");
    Outcome doctor = Shell.run(folder, plain, lsg, "doctor", "--work-dir", folder + "/work");
    assertThat(doctor.code()).as(doctor.log()).isZero();
    assertThat(doctor.out()).contains("Nothing is wrong").containsPattern("libtorch +2\\.");
    Outcome where = Shell.run(folder, plain, lsg, "models", "where", "all-minilm-l6-v2");
    assertThat(where.out() + where.log()).contains(root.resolve("models").toString());
    assertThat(root.resolve("target")).doesNotExist();
    Outcome old = Shell.run(folder, Map.of("LSG_MAVEN_OPTIONS", "-Pspark-3"), lsg, "doctor");
    assertThat(old.code()).isEqualTo(2);
    assertThat(old.log()).contains("the archive is of Spark 4.2");
  }

  @Test
  void wrongRequestsAreExitTwo() throws Exception {
    String archive = Shell.HOME.resolve("submit/archive").toString();
    Outcome unknown = Shell.run(folder, Map.of(), archive, "--cdua");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.log()).contains("--cdua");
    Outcome old = Shell.run(folder, Map.of("LSG_MAVEN_OPTIONS", "-Pspark-3"), archive);
    assertThat(old.code()).isEqualTo(2);
    assertThat(old.log()).contains("archives are of Spark 4.2");
  }
}
