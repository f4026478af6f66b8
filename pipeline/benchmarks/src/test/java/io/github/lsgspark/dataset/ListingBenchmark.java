package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A folder of this machine listed, its layout read and its files held against each other. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 1)
@Measurement(iterations = 5)
public class ListingBenchmark {
  private static final int CLASSES = 100;

  @Param("100000")
  public int files;

  private Path folder;
  private DataSettings settings;

  /** Writes empty files in class folders of two splits. */
  @Setup
  public void write() throws IOException {
    folder = Files.createTempDirectory("lsg-listing");
    for (String split : List.of("train", "test")) {
      for (int i = 0; i < CLASSES; i++) {
        Path classFolder = Files.createDirectories(folder.resolve(split).resolve("class " + i));
        for (int j = 0; j < files / CLASSES / 2; j++) {
          Files.createFile(classFolder.resolve(j + ".jpg"));
        }
      }
    }
    settings = SettingsLoader.parse("data.train = \"" + folder + "\"").data();
  }

  /** Deletes them. */
  @TearDown
  public void delete() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** The look that every run takes before Spark starts, and again in the prepare stage. */
  @Benchmark
  public void list() {
    SourceCheck.requireFolders(settings, new Configuration());
  }

  /** The rival: Hadoop's recursive listing alone, which asks a program about each local file. */
  @Benchmark
  public long hadoop() throws IOException {
    org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(folder.toString());
    RemoteIterator<LocatedFileStatus> all =
        root.getFileSystem(new Configuration()).listFiles(root, true);
    long bytes = 0;
    while (all.hasNext()) {
      bytes += all.next().getLen();
    }
    return bytes;
  }
}
