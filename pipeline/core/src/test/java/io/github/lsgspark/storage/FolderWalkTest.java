package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWalkTest {
  @TempDir Path folder;

  private static FolderWalk walk(Path path) {
    return FolderWalk.of(new HadoopFiles(new Configuration(false)), path.toString());
  }

  private static List<String> skipped(FolderWalk walk) {
    return walk.skipped().stream()
        .map(skipped -> skipped.relative() + " " + skipped.obstacle())
        .toList();
  }

  @Test
  void theFolderItselfComesBeforeItsLinks(@TempDir Path elsewhere) throws Exception {
    Files.createDirectories(folder.resolve("z/deep"));
    Files.writeString(folder.resolve("z/deep/1"), "abc");
    Files.createSymbolicLink(folder.resolve("a"), folder.resolve("z"));
    Files.createSymbolicLink(folder.resolve("z/deep/up"), Path.of("../.."));
    Files.createDirectories(elsewhere.resolve("pool"));
    Files.writeString(elsewhere.resolve("pool/2"), "");
    Files.createSymbolicLink(elsewhere.resolve("pool/back"), folder);
    Files.createSymbolicLink(folder.resolve("b"), elsewhere);
    Files.createSymbolicLink(folder.resolve("c"), elsewhere.resolve("pool"));
    Files.createSymbolicLink(folder.resolve("file"), folder.resolve("z/deep/1"));
    Files.createSymbolicLink(folder.resolve("nowhere"), Path.of("gone"));
    FolderWalk walk = walk(folder);
    assertThat(walk.files())
        .extracting(FolderWalk.Found::relative)
        .containsExactly("b/pool/2", "file", "z/deep/1");
    assertThat(walk.files()).extracting(FolderWalk.Found::length).containsExactly(0L, 3L, 3L);
    assertThat(skipped(walk))
        .containsExactly(
            "a ENTERED_BEFORE",
            "b/pool/back ENTERED_BEFORE",
            "c ENTERED_BEFORE",
            "nowhere BROKEN_LINK",
            "z/deep/up ENTERED_BEFORE");
  }

  @Test
  void aPipeIsNoFile() throws Exception {
    Process made = new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start();
    assertThat(made.waitFor()).isZero();
    assertThat(skipped(walk(folder))).containsExactly("pipe NOT_A_FILE");
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> walk(folder.resolve("none")))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("none: no such file or folder");
  }

  /** A JVM of the POSIX locale cannot ask for these files by their names. */
  @Test
  void namesOutsideTheLocaleAreTold() throws Exception {
    Files.createDirectories(folder.resolve("\u8D64\u3044\u72D0"));
    Files.writeString(folder.resolve("\u8D64\u3044\u72D0/1.jpg"), "");
    Files.writeString(folder.resolve("plain.jpg"), "");
    ProcessBuilder child =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            Printed.class.getName(),
            folder.toString());
    child.environment().put("LC_ALL", "POSIX");
    Process process = child.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("1 files, [UNREADABLE_NAME]");
  }

  /** Prints what a walk finds. */
  static final class Printed {
    private Printed() {}

    public static void main(String[] args) {
      FolderWalk walk = walk(Path.of(args[0]));
      System.out.println(
          walk.files().size()
              + " files, "
              + walk.skipped().stream().map(FolderWalk.Skipped::obstacle).toList());
    }
  }
}
