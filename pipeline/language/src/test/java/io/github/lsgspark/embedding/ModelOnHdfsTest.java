package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model folder, the stage's output and the cache of vectors on HDFS. */
class ModelOnHdfsTest {
  private static final LabelSet LABELS =
      LabelSet.fromFolders(List.of("apple", "maple_tree"), "folder");

  @TempDir Path folder;

  private static List<Row> embed(SparkSession spark, String model, String out) {
    Settings settings =
        SettingsLoader.parse(
            "prompts { train = 2, heldout = 1 }, embedding { encoder = transformer,"
                + " dtype = float32, model = \""
                + model
                + "\" }");
    EmbedStage.run(spark, settings, LABELS, out);
    return spark
        .read()
        .parquet(out + "/embeddings")
        .orderBy("label_id", "prompt_id")
        .collectAsList();
  }

  @Test
  void vectorsAreThoseOfTheLocalFolder() throws Exception {
    SparkSession spark = LocalSpark.session();
    Path local = TinyBert.write(folder.resolve("model"));
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    try (MiniDFSCluster hdfs = new MiniDFSCluster.Builder(configuration).build()) {
      FileSystem remote = hdfs.getFileSystem();
      remote.copyFromLocalFile(
          new org.apache.hadoop.fs.Path(local.toUri()), new org.apache.hadoop.fs.Path("/models/b"));
      String root = remote.getUri().toString();
      List<Row> expected = embed(spark, local.toString(), folder.resolve("out/embed").toString());
      assertThat(embed(spark, root + "/models/b", root + "/work/embed/out")).isEqualTo(expected);
      assertThat(remote.listStatus(new org.apache.hadoop.fs.Path("/work/embed/_cache"))).hasSize(1);
    }
  }
}
