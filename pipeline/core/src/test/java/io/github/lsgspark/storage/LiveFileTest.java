package io.github.lsgspark.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveFileTest {
  @TempDir Path folder;

  @Test
  void localReadersSeeEveryWrite() {
    HadoopFiles files = new HadoopFiles(new Configuration());
    Path plain = folder.resolve("a/plain");
    Path named = folder.resolve("b/with space");
    try (LiveFile first = LiveFile.create(files, plain.toString());
        LiveFile second = LiveFile.create(files, "file:" + named)) {
      first.write("one".getBytes(UTF_8));
      second.write("two".getBytes(UTF_8));
      first.write(" more".getBytes(UTF_8));
      assertThat(plain).hasContent("one more");
      assertThat(named).hasContent("two");
    }
  }

  @Test
  void readersOnHdfsSeeEveryWrite() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    try (MiniDFSCluster hdfs = new MiniDFSCluster.Builder(configuration).build()) {
      HadoopFiles files = new HadoopFiles(configuration);
      String path = hdfs.getFileSystem().getUri() + "/run/metrics";
      try (LiveFile file = LiveFile.create(files, path)) {
        file.write("one".getBytes(UTF_8));
        assertThat(files.read(path)).asString().isEqualTo("one");
        file.write(" two".getBytes(UTF_8));
        assertThat(files.read(path)).asString().isEqualTo("one two");
      }
      assertThat(files.read(path)).asString().isEqualTo("one two");
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsGivenUp() throws IOException {
    Path blocked = Files.createFile(folder.resolve("file"));
    HadoopFiles files = new HadoopFiles(new Configuration());
    assertThatNoException()
        .isThrownBy(
            () -> {
              try (LiveFile file = LiveFile.create(files, blocked + "/below")) {
                file.write(new byte[1]);
                file.write(new byte[1]);
              }
              LiveFile.create(files, "nosuchscheme://host/file").close();
            });
  }
}
