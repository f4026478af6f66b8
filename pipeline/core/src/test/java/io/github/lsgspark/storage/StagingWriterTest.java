package io.github.lsgspark.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.testing.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that have all taken each other for broken down, and publish the same output at once. */
@Timeout(120)
class StagingWriterTest {
  private static final int RUNS = 6;

  @TempDir Path folder;

  private final Fingerprint fingerprint = Fingerprint.builder("graph").add("graph.k", 3).build();

  private StageOutput output(String workDir) {
    return new StageOutput("graph", fingerprint, workDir + "/graph/" + fingerprint);
  }

  /** A claim that no other run sees, as of one that was taken for broken down and is not. */
  private StageClaim claim(HadoopFiles files, String workDir, int run) {
    return StageClaim.take(
            files,
            workDir + "/graph",
            "_claim-" + run + "-",
            StageClaim.Timing.USUAL,
            () -> false,
            other -> {})
        .orElseThrow();
  }

  private StageOutput publish(HadoopFiles files, String workDir, int run, CyclicBarrier together)
      throws Exception {
    String staging = workDir + "/graph/_staging-" + fingerprint + "-" + run;
    try (StageClaim claim = claim(files, workDir, run);
        StagingWriter writer = new StagingWriter(files, output(workDir), claim, staging)) {
      files.writeText(HadoopFiles.path(staging, "edges.json"), "of run " + run);
      files.writeText(HadoopFiles.path(staging, "more.json"), "of run " + run);
      together.await();
      return writer.publish(
          Manifest.of(writer.target(), Map.of(), Map.of(), 1, Map.of("run", run), 0.5));
    }
  }

  private void race(HadoopFiles files, String workDir) throws Exception {
    StageOutput output = output(workDir);
    CyclicBarrier together = new CyclicBarrier(RUNS);
    ExecutorService threads = Executors.newFixedThreadPool(RUNS);
    try {
      List<Callable<StageOutput>> runs = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        int run = i;
        runs.add(() -> publish(files, workDir, run, together));
      }
      for (Future<StageOutput> run : threads.invokeAll(runs)) {
        assertThat(run.get()).isEqualTo(output);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(StageStore.damage(files, output)).isEmpty();
    assertThat(files.list(output.path()))
        .filteredOn(name -> !name.endsWith(".crc"))
        .containsExactlyInAnyOrder("edges.json", "more.json", "manifest.json");
    String run = Json.read(files, output.file("manifest.json")).at("/counts/run").asText();
    assertThat(files.read(output.file("edges.json"))).isEqualTo(("of run " + run).getBytes(UTF_8));
    assertThat(files.read(output.file("more.json"))).isEqualTo(("of run " + run).getBytes(UTF_8));
    assertThat(files.list(workDir + "/graph")).containsExactly(fingerprint.hex());
  }

  private static void leave(HadoopFiles files, StageOutput output) {
    files.writeText(output.file("manifest.json"), "{ cut o");
    files.writeText(output.file("edges.json"), "of a run that was killed");
  }

  private void races(HadoopFiles files, String root, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      race(files, root + "/free" + i);
      leave(files, output(root + "/taken" + i));
      race(files, root + "/taken" + i);
    }
  }

  @Test
  void ofSeveralRunsThatPublishAtOnceOneOutputIsThereWhole() throws Exception {
    races(new HadoopFiles(new Configuration()), folder.toString(), 12);
  }

  @Test
  void theSameOnHdfs() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    try (MiniDFSCluster hdfs = new MiniDFSCluster.Builder(configuration).build()) {
      races(new HadoopFiles(configuration), hdfs.getFileSystem().getUri() + "/w", 1);
    }
  }

  @Test
  void whereHadoopMovesIntoAFolderThatIsThereNothingStaysInIt() throws IOException {
    HadoopFiles files = new HadoopFiles(FaultyFileSystem.configuration());
    Files.createDirectories(folder.resolve("to"));
    Files.createDirectories(folder.resolve("from"));
    String from = FaultyFileSystem.path(folder.resolve("from"));
    assertThat(FolderMove.toFreePlace(files, from, FaultyFileSystem.path(folder.resolve("to"))))
        .isFalse();
    assertThat(folder.resolve("to")).isEmptyDirectory();
    assertThat(FolderMove.toFreePlace(files, from, FaultyFileSystem.path(folder.resolve("free"))))
        .isTrue();
    assertThat(folder.resolve("free")).isEmptyDirectory();
    assertThat(folder.resolve("from")).doesNotExist();
  }

  @Test
  void anOutputThatIsThereIsKept() throws Exception {
    HadoopFiles files = new HadoopFiles(new Configuration());
    String workDir = folder.toString();
    CyclicBarrier alone = new CyclicBarrier(1);
    assertThat(publish(files, workDir, 1, alone)).isEqualTo(output(workDir));
    assertThat(publish(files, workDir, 2, alone)).isEqualTo(output(workDir));
    assertThat(folder.resolve("graph").resolve(fingerprint.hex()).resolve("edges.json"))
        .hasContent("of run 1");
    assertThat(files.list(workDir + "/graph")).containsExactly(fingerprint.hex());
  }
}
