package io.github.lsgspark.features;

import static io.github.lsgspark.features.PlainForward.assertClose;
import static io.github.lsgspark.features.PlainForward.forward;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.dataset.modality.ViewKind;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.Halves;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table against forward passes written out. */
@Tag("long-7")
class FeaturesStageTest {
  private static final String TINY =
      """
      data {
        train = "drawn:novel", label-budget = "50%"
        drawn { image-size = 32, base-classes = 4, novel-classes = 4
                train-per-class = 6, test-per-class = 3 }
      }
      train { backbone = squeezenet1_1, image-size = 40, normalization = imagenet, device = cpu }
      features { batch = 5, partition = 7 }
      """;
  private static final int SAMPLES = 4 * 9;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static String prepared;
  private static int runs;

  @BeforeAll
  static void prepare() {
    spark = LocalSpark.session();
    prepared = folder.resolve("prepare").toString();
    PrepareStage.run(spark, SettingsLoader.parse(TINY), prepared);
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private static Map<String, Object> run(
      String changes, String input, Optional<String> weights, String out, String earlier) {
    return FeaturesStage.run(
        spark,
        SettingsLoader.parse(TINY + changes),
        input,
        weights,
        out,
        Optional.ofNullable(earlier));
  }

  private static String out() {
    return folder.resolve("features" + runs++).toString();
  }

  private static String run(String changes) {
    String out = out();
    run(changes, prepared, Optional.empty(), out, null);
    return out;
  }

  private static Map<String, float[]> rows(String out) {
    return PlainForward.rows(spark, out);
  }

  private static float[] view(
      Settings settings, FrozenNetwork network, Sample sample, ViewKind kind) {
    return PlainForward.view(spark, settings, network, sample, kind);
  }

  @Test
  void everySampleHasWhatTheNetworkGivesForIt() {
    String out = run("");
    Settings settings = SettingsLoader.parse(TINY);
    FrozenNetwork network = FrozenNetwork.of(settings, new byte[0], "");
    FeatureFacts facts =
        FeatureTable.facts(new HadoopFiles(spark.sparkContext().hadoopConfiguration()), out);
    assertThat(facts.slices())
        .extracting(FeatureSlice::name)
        .containsExactly("fire6", "fire7", "fire8", "fire9");
    assertThat(facts.slices()).extracting(FeatureSlice::from).containsExactly(0, 384, 768, 1280);
    assertThat(facts.dimension()).isEqualTo(1792);
    facts.require(out, network, 4);
    Map<String, float[]> rows = rows(out);
    assertThat(rows).hasSize(SAMPLES);
    List<Sample> some = SampleTable.samples(spark, prepared, SampleTable.TEST).take(3);
    for (Sample sample : some) {
      float[] view = view(settings, network, sample, ViewKind.EVALUATION);
      assertClose(rows.get(sample.id() + "/0"), forward(network, view), 1e-4);
    }
    Row row =
        FeatureTable.read(spark, out).filter("sample_id = '" + some.get(0).id() + "'").first();
    assertThat(row.<String>getAs("split")).isEqualTo("test");
    assertThat(row.<Integer>getAs("label_id")).isEqualTo(some.get(0).label());
  }

  @Test
  void layersPoolingSizeAndViewsAreAsAsked() {
    String changes =
        """
        features { layers = [features, fire4], pooling = max, image-size = 48, views = mirrored }
        """;
    String out = run(changes);
    Settings settings = SettingsLoader.parse(TINY + changes);
    FrozenNetwork network = FrozenNetwork.of(settings, new byte[0], "");
    assertThat(network.input().imageSize()).isEqualTo(48);
    assertThat(network.dimension()).isEqualTo(512 + 256);
    Map<String, float[]> rows = rows(out);
    assertThat(rows).hasSize(2 * SAMPLES);
    Sample sample = SampleTable.samples(spark, prepared, SampleTable.TRAIN).first();
    float[] view = view(settings, network, sample, ViewKind.EVALUATION);
    assertClose(rows.get(sample.id() + "/0"), forward(network, view), 1e-4);
    float[] mirrored = new float[view.length];
    for (int i = 0; i < view.length; i++) {
      mirrored[i] = view[i / 48 * 48 + 47 - i % 48];
    }
    assertClose(rows.get(sample.id() + "/1"), forward(network, mirrored), 1e-4);
  }

  @Test
  void cropsAreTheSameByTheSameSeed() {
    String crops = "features { views = crops, crops = 2, layers = [features] }\n";
    Map<String, float[]> first = rows(run(crops));
    Map<String, float[]> again = rows(run(crops + "features.partition = 3"));
    Map<String, float[]> other = rows(run(crops + "seed = 2"));
    assertThat(first).hasSize(3 * SAMPLES).hasSameSizeAs(again);
    String id = first.keySet().iterator().next().replaceFirst("/0$", "");
    assertThat(first.get(id + "/1")).isNotEqualTo(first.get(id + "/2"));
    first.forEach((key, values) -> assertClose(again.get(key), values, 1e-4));
    assertThat(other.get(id + "/1")).isNotEqualTo(first.get(id + "/1"));
  }

  /** A module that Python's PyTorch saved, of the tests of networks. */
  @Test
  void aTorchScriptModuleGivesItsOwnOutput() throws IOException {
    Path file = folder.resolve("module.pt");
    try (InputStream in = FeaturesStageTest.class.getResourceAsStream("/torchscript/module.pt")) {
      Files.copy(in, file);
    }
    String changes =
        "train { backbone = torchscript, weights = \"" + file + "\", image-size = 16 }";
    String out = out();
    run(changes, prepared, Optional.of(file.toString()), out, null);
    Settings settings = SettingsLoader.parse(TINY + changes);
    FrozenNetwork network = FrozenNetwork.of(settings, Files.readAllBytes(file), "module.pt");
    assertThat(network.slices()).extracting(FeatureSlice::name).containsExactly("features");
    Sample sample = SampleTable.samples(spark, prepared, SampleTable.TEST).first();
    float[] view = view(settings, network, sample, ViewKind.EVALUATION);
    assertThat(network.dimension()).isEqualTo(6);
    assertClose(rows(out).get(sample.id() + "/0"), forward(network, view), 1e-4);
  }

  @Test
  void halvesAreTheRoundedFloats() {
    Map<String, float[]> floats = rows(run(""));
    Map<String, float[]> halves = rows(run("features.store = float16"));
    floats.forEach(
        (key, values) -> {
          float[] rounded = new float[values.length];
          for (int i = 0; i < values.length; i++) {
            rounded[i] = Halves.toFloat(Halves.of(values[i]));
          }
          assertClose(halves.get(key), rounded, 1e-3);
        });
  }

  @Test
  void newSamplesCostOnlyThemselvesAndOtherWeightsAll() {
    String stage = folder.resolve("stage" + runs++).toString();
    String less = folder.resolve("less" + runs++).toString();
    PrepareStage.run(spark, SettingsLoader.parse(TINY + "data.drawn.train-per-class = 4"), less);
    Map<String, Object> first = run("", less, Optional.empty(), stage + "/a", stage);
    assertThat(first).containsEntry("computed", 4L * 7);
    publish(stage + "/a");
    Map<String, Object> second = run("", prepared, Optional.empty(), stage + "/b", stage);
    assertThat((Long) second.get("computed")).isLessThan(SAMPLES - 4L).isPositive();
    assertThat(second).containsEntry("samples", (long) SAMPLES);
    Map<String, float[]> expected = rows(run(""));
    Map<String, float[]> actual = rows(stage + "/b");
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((key, values) -> assertClose(actual.get(key), values, 1e-4));
    publish(stage + "/b");
    assertThat(run("", prepared, Optional.empty(), stage + "/c", stage))
        .containsEntry("computed", 0L);
    assertThat(rows(stage + "/c").keySet()).isEqualTo(expected.keySet());
    for (String change :
        List.of("seed = 2", "features.layers = [fire9]", "train.image-size = 41")) {
      assertThat(run(change, prepared, Optional.empty(), stage + "/d", stage))
          .as(change)
          .containsEntry("computed", (long) SAMPLES);
    }
  }

  /** An output is there when its manifest is. */
  private static void publish(String output) {
    try {
      Files.writeString(Path.of(output, "manifest.json"), "{}");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Weights that are so large that some samples' features overflow. */
  @Test
  void samplesWithoutFiniteFeaturesAreSetAsideOrRefused() throws IOException {
    Settings settings = SettingsLoader.parse(TINY);
    FrozenNetwork network = FrozenNetwork.of(settings, new byte[0], "");
    Map<String, HostArray> arrays = new LinkedHashMap<>(network.arrays());
    for (String name : List.of("features.11.squeeze.weight", "features.12.squeeze.weight")) {
      float[] values = arrays.get(name).floats();
      for (int i = 0; i < values.length; i++) {
        values[i] *= 3e19f;
      }
      arrays.put(name, HostArray.of(values, arrays.get(name).shape()));
    }
    Path file = folder.resolve("large.safetensors");
    try (OutputStream stream = Files.newOutputStream(file)) {
      Safetensors.write(stream, arrays, Map.of());
    }
    Optional<String> weights = Optional.of(file.toString());
    assertThatThrownBy(() -> run("", prepared, weights, out(), null))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("hold a number that is not finite, such as those of")
        .hasMessageContaining("more than prepare.max-bad-fraction = 0.05");
    String out = out();
    Map<String, Object> metrics =
        run("prepare.max-bad-fraction = 1.0", prepared, weights, out, null);
    long rejected = spark.read().parquet(out + "/rejected").count();
    assertThat(metrics.get("rejected")).isEqualTo((int) rejected);
    assertThat(rows(out)).hasSize(SAMPLES - (int) rejected);
    assertThat(spark.read().parquet(out + "/rejected").first().<String>getAs("reason"))
        .isEqualTo("NOT_FINITE");
  }

  @Test
  void whatDoesNotFitIsNamed() {
    String out = run("features.layers = [fire9]");
    FeatureFacts facts =
        FeatureTable.facts(new HadoopFiles(spark.sparkContext().hadoopConfiguration()), out);
    assertThatThrownBy(() -> facts.require(out, network("features.layers = [fire9]"), 5))
        .hasMessage(out + ": its features are of another number of classes: 4, but wanted is 5");
    assertThatThrownBy(() -> facts.require(out, network("seed = 2, features.layers = [fire9]"), 4))
        .hasMessageStartingWith(out + ": its features are of another weights: ");
    assertThatThrownBy(() -> facts.require(out, network("features.layers = [fire8]"), 4))
        .hasMessageStartingWith(out + ": its features are of another layers: ");
    assertThatThrownBy(() -> run("features.layers = [fire10]"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("features.layers names 'fire10', but the outputs");
    assertThatThrownBy(
            () ->
                FeaturesStage.check(
                    SettingsLoader.parse("data.modality = audio, features.views = mirrored")))
        .hasMessage(
            "features.views = mirrored is for images and videos, but data.modality was: audio");
  }

  private static FrozenNetwork network(String changes) {
    return FrozenNetwork.of(SettingsLoader.parse(TINY + changes), new byte[0], "");
  }
}
