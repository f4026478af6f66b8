package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies in a folder that others share are those of this user, whole and bounded. */
class LocalCopiesTest {
  private static final long PLENTY = 1L << 40;

  @TempDir Path folder;

  private Path root;

  @BeforeEach
  void root() {
    root = PrivateFolder.in(folder, "models");
  }

  private FileStatus remote(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    return new HadoopFiles(new Configuration())
        .fileSystem(file.toString())
        .getFileStatus(new org.apache.hadoop.fs.Path(file.toString()));
  }

  private Path copy(String identity, String content, long limit) throws IOException {
    return LocalCopies.in(
        root,
        identity,
        Map.of("sub/weights", remote("weights", content)),
        new Configuration(),
        limit);
  }

  /** A copy as another process left it, with nobody using it now. */
  private Path left(String identity, String content, Instant used) throws IOException {
    Path copy = copy(identity, content, PLENTY);
    Path kept = Files.createDirectory(root.resolve(identity + "-left"));
    try (Stream<Path> files = Files.walk(copy)) {
      for (Path file : files.sorted().toList()) {
        Path target = kept.resolve(copy.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    Path lock = Files.createFile(root.resolve(identity + "-left.lock"));
    Files.setLastModifiedTime(lock, FileTime.from(used));
    LocalCopies.remove(copy);
    return kept;
  }

  @Test
  void aFolderIsThisUsersOwn() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
        .isEqualTo("rwx------");
    // Another may have made a link of the name.
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createSymbolicLink(
        root.resolveSibling(root.getFileName().toString().replace("models", "archives")),
        elsewhere);
    Path passedOver = PrivateFolder.in(folder, "archives");
    assertThat(passedOver.getFileName().toString()).endsWith("-1");
    assertThat(elsewhere).isEmptyDirectory();
    // One that was open to all is closed.
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(PrivateFolder.in(folder, "models")).isEqualTo(root);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
        .isEqualTo("rwx------");
  }

  @Test
  void whereAllNamesAreTakenItIsExitFour() throws IOException {
    String name = root.getFileName().toString().replace("models", "natives");
    for (int i = 0; i < 10; i++) {
      Files.createSymbolicLink(folder.resolve(name + (i == 0 ? "" : "-" + i)), folder);
    }
    assertThatThrownBy(() -> PrivateFolder.in(folder, "natives"))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
        .hasMessageContaining("remove lsg-natives-* there");
  }

  @Test
  void aCopyThatIsNotWhatWasCopiedIsMadeAnew() throws IOException {
    Path kept = left("a", "sound weights", Instant.now());
    Files.writeString(kept.resolve("sub/weights"), "other weights");
    Path copy = copy("a-left", "sound weights", PLENTY);
    assertThat(copy).isEqualTo(kept);
    assertThat(copy.resolve("sub/weights")).hasContent("sound weights");

    Path cut = left("b", "sound weights", Instant.now());
    Files.writeString(cut.resolve("sub/weights"), "sound");
    assertThat(copy("b-left", "sound weights", PLENTY).resolve("sub/weights"))
        .hasContent("sound weights");
  }

  @Test
  void copiesAreBoundedAndThoseUsedLongestAgoGo() throws IOException {
    Instant now = Instant.now();
    Path oldest = left("a", "0123456789".repeat(100), now.minus(Duration.ofHours(3)));
    Path older = left("b", "0123456789".repeat(100), now.minus(Duration.ofHours(2)));
    Path forgotten = left("c", "0", now.minus(Duration.ofDays(40)));
    Path part = Files.createDirectory(root.resolve("gone.part"));
    Path used = copy("d", "0123456789".repeat(100), 2600);
    assertThat(List.of(oldest, forgotten, part)).noneMatch(Files::exists);
    assertThat(List.of(older, used)).allMatch(Files::exists);
    // What this process uses stays, whatever the bound.
    Path also = copy("e", "0123456789".repeat(100), 10);
    assertThat(older).doesNotExist();
    assertThat(List.of(used, also)).allMatch(Files::exists);
  }

  @Test
  void aFileThatChangesMeanwhileIsNotTaken() throws IOException {
    FileStatus before = remote("weights", "long before");
    Files.writeString(folder.resolve("weights"), "short");
    assertThatThrownBy(
            () -> LocalCopies.in(root, "x", Map.of("weights", before), new Configuration(), PLENTY))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("changed while it was copied");
    assertThat(root.resolve("x")).doesNotExist();
  }
}
