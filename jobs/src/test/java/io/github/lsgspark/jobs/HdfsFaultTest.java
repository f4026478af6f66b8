package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real HDFS whose only DataNode, or whose NameNode, goes away while stages read and write. */
@Tag("long-8")
@Timeout(300)
class HdfsFaultTest {
  /** Clients that wait less for what is away than they do by default. */
  private static final Map<String, String> IMPATIENT =
      Map.of(
          "spark.hadoop.ipc.client.connect.max.retries", "1",
          "spark.hadoop.ipc.client.connect.retry.interval", "200",
          "spark.hadoop.dfs.client.retry.window.base", "100",
          "spark.hadoop.dfs.client.block.write.locateFollowingBlock.retries", "1",
          "spark.hadoop.fs.hdfs.impl.disable.cache", "true");

  @TempDir Path folder;

  private MiniDFSCluster hdfs;
  private String work;

  @BeforeEach
  void start() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    configuration.setInt("dfs.namenode.safemode.extension", 0);
    hdfs = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    hdfs.waitActive();
    work = hdfs.getFileSystem().getUri() + "/w";
  }

  @AfterEach
  void stop() {
    hdfs.close();
  }

  /** Waits until a stage writes. */
  private void await(String stage) throws Exception {
    FileSystem files = hdfs.getFileSystem();
    org.apache.hadoop.fs.Path output = new org.apache.hadoop.fs.Path("/w/" + stage + "/_staging-*");
    while (files.globStatus(output).length == 0) {
      Thread.sleep(20);
    }
  }

  @Test
  void whatGoesAwayAndComesBackCostsTimeOnly() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (SparkLauncher spark = new SparkLauncher("local[2]", IMPATIENT)) {
      Map<String, String> undisturbed =
          TinyRun.result(folder.resolve("local").toString(), Stages.GCN, spark);
      Future<Map<String, String>> run =
          thread.submit(() -> TinyRun.result(work, Stages.GCN, spark));
      await("prepare");
      MiniDFSCluster.DataNodeProperties node = hdfs.stopDataNode(0);
      Thread.sleep(2000);
      assertThat(hdfs.restartDataNode(node, true)).isTrue();
      await("graph");
      hdfs.shutdownNameNode(0);
      Thread.sleep(2000);
      hdfs.restartNameNode(0, true);
      assertThat(run.get()).isEqualTo(undisturbed);
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void whatStaysAwayIsOneSentence() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (SparkLauncher spark = new SparkLauncher("local[2]", IMPATIENT)) {
      Future<Throwable> run =
          thread.submit(() -> catchThrowable(() -> TinyRun.result(work, Stages.GCN, spark)));
      await("embed");
      int port = hdfs.getNameNodePort();
      hdfs.shutdownNameNode(0);
      Throwable failure = run.get();
      assertThat(failure).isNotNull();
      assertThat(Failures.message(failure).orElseThrow())
          .contains(String.valueOf(port), "The same command goes on when it is back")
          .doesNotContain("\n");
      assertThat(Failures.report(failure)).isEqualTo(4);
    } finally {
      thread.shutdownNow();
    }
  }
}
