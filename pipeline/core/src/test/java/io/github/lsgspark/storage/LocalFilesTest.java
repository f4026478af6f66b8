package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
  @TempDir private java.nio.file.Path folder;
  private FileSystem files;

  @BeforeEach
  void open() throws IOException {
    files = new LocalFiles();
    files.initialize(URI.create("file:///"), new Configuration());
  }

  private Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }

  @Test
  void permissionsAreThoseThatAreAskedFor() throws IOException {
    FileSystem hadoop = new LocalFileSystem();
    hadoop.initialize(URI.create("file:///"), new Configuration());
    for (int mode : new int[] {0777, 0755, 0700, 0644, 0640, 0604, 0400, 01777}) {
      FsPermission permission = new FsPermission((short) mode);
      String name = Integer.toOctalString(mode);
      FileSystem.create(files, path(name), permission).close();
      FileSystem.create(hadoop, path(name + "-hadoop"), permission).close();
      FileSystem.mkdirs(files, path(name + "-folder"), permission);
      assertThat(Files.getPosixFilePermissions(folder.resolve(name)))
          .as(name)
          .isEqualTo(Files.getPosixFilePermissions(folder.resolve(name + "-hadoop")))
          .isEqualTo(Files.getPosixFilePermissions(folder.resolve(name + "-folder")))
          .isEqualTo(
              PosixFilePermissions.fromString(new FsPermission((short) (mode & 0777)).toString()));
    }
  }

  /** New files of such a folder get its group, which people who share a folder rely on. */
  @Test
  void aFolderKeepsItsSetGroupBit() throws IOException {
    java.nio.file.Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.setAttribute(shared, "unix:mode", 02775);
    assertThat((int) Files.getAttribute(shared, "unix:mode") & 07777).isEqualTo(02775);
    files.setPermission(path("shared"), new FsPermission((short) 0750));
    assertThat((int) Files.getAttribute(shared, "unix:mode") & 07777).isEqualTo(02750);
  }

  @Test
  void aMissingFileHasNoPermissions() {
    assertThatThrownBy(() -> files.setPermission(path("none"), new FsPermission((short) 0644)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none");
  }

  @Test
  void checksumsAreNotWrittenButThoseOfOthersAreKeptTo() throws IOException {
    FileSystem.create(files, path("own"), FsPermission.getFileDefault()).close();
    assertThat(folder.resolve(".own.crc")).doesNotExist();
    FileSystem hadoop = new LocalFileSystem();
    hadoop.initialize(URI.create("file:///"), new Configuration());
    try (var out = hadoop.create(path("theirs"))) {
      out.write(new byte[1000]);
    }
    assertThat(folder.resolve(".theirs.crc")).exists();
    Files.write(folder.resolve("theirs"), new byte[] {1}, java.nio.file.StandardOpenOption.WRITE);
    try (var in = files.open(path("theirs"))) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(ChecksumException.class);
    }
    // Written again, the old checksum goes.
    try (var out = files.create(path("theirs"))) {
      out.write(2);
    }
    assertThat(folder.resolve(".theirs.crc")).doesNotExist();
  }
}
