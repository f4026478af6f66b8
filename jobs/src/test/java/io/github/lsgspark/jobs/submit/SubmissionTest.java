package io.github.lsgspark.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.embedding.models.ModelCache;
import io.github.lsgspark.storage.HadoopConfigText;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a submission puts on a real HDFS. */
class SubmissionTest {
  @TempDir static Path folder;
  private static Configuration hadoop;
  private static MiniDFSCluster hdfs;
  private static String work;

  private final List<String> log = new ArrayList<>();
  private String encoder = "lexical";

  @BeforeAll
  static void start() throws IOException {
    hadoop = new Configuration();
    hadoop.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    hdfs = new MiniDFSCluster.Builder(hadoop).build();
    work = hdfs.getFileSystem().getUri() + "/w";
    Files.writeString(folder.resolve("names.txt"), "wolf\ndog\n");
    Files.createDirectories(folder.resolve("photos/train/wolf"));
    Files.write(folder.resolve("photos/train/wolf/a b.png"), new byte[] {1, 2, 3});
  }

  @AfterAll
  static void stop() {
    hdfs.close();
  }

  private SubmitLine submit(String hocon, boolean dry) throws IOException {
    return submission(hocon, Map.of(), "lsg.jar", "/home", dry).line();
  }

  private Submission submission(
      String hocon, Map<String, String> spark, String jar, String home, boolean dry)
      throws IOException {
    Path file = Files.writeString(folder.resolve("run.conf"), hocon.replace("@", folder + "/"));
    Submission.Request request =
        new Submission.Request(
            "prepare",
            false,
            List.of(),
            file.toString(),
            List.of(file.toString()),
            Map.of("seed", "9", "embedding.encoder", encoder),
            work,
            "yarn",
            "cluster",
            spark,
            "",
            jar,
            dry);
    return new Submission(request, home, Map.of(), log::add);
  }

  private static Loaded submitted(SubmitLine line) {
    return SettingsLoader.load(
        new HadoopConfigText(hadoop), List.of(line.arguments().get(2)), Map.of());
  }

  /** A driver on a cluster has nothing to fetch it with. */
  @Test
  void aFetchedModelTravelsAsAFolder() throws IOException {
    encoder = "auto";
    Path models = folder.resolve("models");
    System.setProperty(ModelCache.PROPERTY, models.toString());
    try {
      assertThat(submitted(submit("seed = 1", false)).settings().embedding().model()).isEmpty();
      assertThat(log).anyMatch(line -> line.contains("all-minilm-l6-v2 is not in the model cache"));
      Path model = Files.createDirectories(models.resolve("all-minilm-l6-v2-0.36.2"));
      Files.writeString(model.resolve("lsg-model.json"), "{}");
      assertThat(submitted(submit("seed = 1", false)).settings().embedding().model())
          .matches("hdfs://.*/w/inputs/[0-9a-f]+/all-minilm-l6-v2-0.36.2");
    } finally {
      System.clearProperty(ModelCache.PROPERTY);
    }
  }

  @Test
  void configurationAndInputsTravelAndTheSameAreBroughtOnce() throws IOException {
    String hocon =
        """
        labels.file = "@names.txt"
        data { train = "@photos", test = "drawn:novel" }
        train.weights = "hdfs:///models/w.safetensors"
        pretrain.data.train = "@photos"
        """;
    submit(hocon, true);
    HadoopFiles files = new HadoopFiles(hadoop);
    assertThat(files.exists(work)).isFalse();
    assertThat(log).hasSize(2).allMatch(line -> line.startsWith("would upload "));

    log.clear();
    SubmitLine line = submit(hocon, false);
    Loaded loaded = submitted(line);
    assertThat(loaded.settings().seed()).isEqualTo(9);
    assertThat(loaded.settings().train().weights()).isEqualTo("hdfs:///models/w.safetensors");
    assertThat(loaded.settings().data().test()).isEqualTo("drawn:novel");
    String labels = loaded.settings().labels().file();
    assertThat(labels).matches(work + "/inputs/[0-9a-f]{16}/names.txt");
    assertThat(files.read(labels)).asString().isEqualTo("wolf\ndog\n");
    String photos = loaded.settings().data().train();
    assertThat(loaded.pretrain().orElseThrow().getString("data.train")).isEqualTo(photos);
    assertThat(files.read(photos + "/train/wolf/a b.png")).containsExactly(1, 2, 3);
    assertThat(log).hasSize(2).allMatch(message -> message.startsWith("uploading "));
    assertThat(files.list(work + "/inputs")).hasSize(2);

    log.clear();
    assertThat(submit(hocon, false)).isEqualTo(line);
    assertThat(log).isEmpty();
  }

  @Test
  void aPathBesideTheConfigurationTravelsToo() throws IOException {
    Loaded loaded = submitted(submit("labels.file = names.txt, prompts.file = nowhere.txt", false));
    assertThat(loaded.settings().labels().file()).matches(work + "/inputs/[0-9a-f]{16}/names.txt");
    // What is nowhere here is one of the cluster's default file system.
    assertThat(loaded.settings().prompts().file()).isEqualTo("nowhere.txt");
  }

  @Test
  void pathsInJavaOptionsAreAddresses() {
    SortedMap<String, String> conf =
        new ClusterProperties(ClusterKind.STANDALONE, false, Map.of())
            .logging("/home/my lsg, it's $HOME (1) é", "", "json")
            .all();
    assertThat(conf.get("spark.driver.extraJavaOptions"))
        .startsWith(
            "-Dlog4j2.configurationFile=file:/home/my%20lsg%2C%20it%27s%20%24HOME%20%281%29%20%C3%A9/conf/logging/log4j2.properties"
                + " -D");
  }

  @Test
  void whatCannotTravelIsRefused() throws IOException {
    Files.writeString(folder.resolve("list.txt"), "a.png wolf\n");
    assertThatThrownBy(() -> submit("data.train = \"@list.txt\"", false))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessageContaining("data.train = ")
        .hasMessageContaining("so do the files it leads to");
    assertThatThrownBy(
            () -> submit("labels.file = \"@names.txt\", cluster.upload-limit = 3", false))
        .hasMessageContaining("(1 files, 9 bytes)")
        .hasMessageContaining("larger than cluster.upload-limit = 3 bytes");
  }

  @Test
  void anExportedCallNamesNothingOfThisMachine() throws IOException {
    Path home = folder.resolve("home");
    Files.createDirectories(home.resolve("conf/logging"));
    Files.createDirectories(home.resolve("submit"));
    Files.writeString(home.resolve("conf/logging/log4j2.properties"), "status = warn\n");
    Files.writeString(home.resolve("submit/gpu-discovery.sh"), "#!/bin/sh\n");
    Path jar = Files.write(folder.resolve("lsg-1.jar"), new byte[] {4, 5});
    String hocon = "cluster.gpus-per-executor = 1";
    Map<String, Object> call =
        submission(hocon, Map.of(), jar.toString(), home.toString(), false).exported();
    HadoopFiles files = new HadoopFiles(hadoop);
    assertThat((String) call.get("application")).matches(work + "/inputs/[0-9a-f]{16}/lsg-1.jar");
    assertThat(files.read((String) call.get("application"))).containsExactly(4, 5);
    assertThat((List<?>) call.get("files"))
        .hasSize(2)
        .allSatisfy(file -> assertThat((String) file).startsWith(work + "/inputs/"))
        .allSatisfy(file -> assertThat(files.exists((String) file)).isTrue());
    assertThat(call.toString()).doesNotContain(folder.toString());
    assertThat(files.exists((String) ((List<?>) call.get("application_args")).get(2))).isTrue();

    Submission secret =
        submission(hocon, Map.of("spark.my.password", "x"), jar.toString(), "/home", true);
    assertThatThrownBy(secret::exported)
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessageContaining("spark.my.password looks like a secret");
  }
}
