package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command a user gives, on real pictures and published weights, cut short. */
@Tag("real-data")
class RealDataTest {
  private static final Path SHARED = Path.of(System.getProperty("lsg.shared.dir"));

  @TempDir Path folder;

  private JsonNode run(String file, String... settings) throws IOException {
    List<String> arguments = new ArrayList<>();
    // The tests run in jobs/; the files lie in conf/ beside it.
    arguments.addAll(List.of("run", "--config", Path.of("../conf", file).toString()));
    arguments.addAll(List.of("--work-dir", folder.resolve("work").toString()));
    String weights = "data/models/squeezenet-imagenet-notop/squeezenet1_1_notop.safetensors";
    List<String> changes = new ArrayList<>(List.of(settings));
    changes.addAll(List.of("train.weights=" + SHARED.resolve(weights), "compare.seeds=[1]"));
    for (String change : changes) {
      arguments.addAll(List.of("-D", change));
    }
    assertThat(Lsg.execute(arguments.toArray(String[]::new))).isZero();
    return new ObjectMapper().readTree(folder.resolve("work/run.json").toFile());
  }

  private static double accuracy(JsonNode run, String method) {
    return run.path("metrics").path(method).path("mean").asDouble();
  }

  @Test
  @Tag("long-7")
  void cifar100WithGloveVectors() throws IOException {
    String vectors = "embedding.precomputed.path=" + data("embeddings/cifar100/glove100d.npy");
    String rows = "embedding.precomputed.labels=" + data("labels/cifar100/class_names.txt");
    JsonNode run =
        run(
            "cifar100.conf",
            "data.train=" + data("images/cifar100-subset.zip"),
            vectors,
            rows,
            "data.validation-fraction=0",
            "gcn.iterations=300",
            "train.iterations=40");
    // Chance is 1 %.
    assertThat(accuracy(run, "plain")).isGreaterThan(8);
    assertThat(accuracy(run, "lsg")).isGreaterThan(8);
  }

  @Test
  @Tag("long-2")
  void cifar100WithThreeLanguageModels() throws IOException {
    JsonNode run =
        run(
            "language-models.conf",
            "data.train=" + data("images/cifar100-subset.zip"),
            "embedding.model=" + model("tiny-bert-uncased"),
            "compare.methods.gpt2.embedding.model=" + model("tiny-gpt2"),
            "compare.methods.clip.embedding.model=" + model("tiny-clip-text"),
            "data.validation-fraction=0",
            "graph.edge-ratio=0.003",
            "gcn.iterations=100",
            "train.image-size=64",
            "train.iterations=25");
    // Chance is 1 %. The models' weights are random, so nothing can be said of who is better.
    for (String method : List.of("plain", "lsg", "gpt2", "clip")) {
      assertThat(accuracy(run, method)).as(method).isGreaterThan(2);
    }
    JsonNode embedded =
        new ObjectMapper()
            .readTree(
                Path.of(run.at("/stages/embed/path").asText().replace("file:", ""))
                    .resolve("metrics.json")
                    .toFile());
    assertThat(embedded.get("model_type").asText()).isEqualTo("bert");
    assertThat(embedded.get("distinct_prompts").asInt()).isEqualTo(4000);
  }

  private static Path model(String name) {
    return SHARED.resolve("plm/text/models").resolve(name);
  }

  private static Path data(String path) {
    return SHARED.resolve("data").resolve(path);
  }

  @Test
  void photographsWithUnusableFilesAmongThem() throws IOException {
    Path photographs = folder.resolve("photographs");
    ZipFiles.unpack(data("images/clothing-subset.zip"), photographs);
    Path dresses = photographs.resolve("train/dress");
    byte[] good;
    try (var files = Files.list(dresses)) {
      good = Files.readAllBytes(files.sorted().findFirst().orElseThrow());
    }
    Files.write(dresses.resolve("nothing.jpg"), new byte[0]);
    Files.write(dresses.resolve("half.jpg"), Arrays.copyOf(good, good.length / 2));
    Files.writeString(dresses.resolve("page.jpg"), "<!DOCTYPE html><html></html>");
    Path made = SHARED.resolve("plm/preprocess");
    Files.copy(made.resolve("made_cmyk.jpg"), dresses.resolve("cmyk.jpg"));
    Files.copy(made.resolve("made_gray16.png"), dresses.resolve("16 bits.png"));
    ImageIO.write(
        new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB),
        "png",
        dresses.resolve("one pixel.png").toFile());
    Files.write(dresses.resolve("Größe 40, čistý.jpg"), good);

    JsonNode run =
        run(
            "clothing.conf",
            "data.train=" + photographs,
            "data.validation-fraction=0",
            "gcn.iterations=100",
            "train.iterations=25");
    // Chance is 10 %.
    assertThat(accuracy(run, "plain")).isGreaterThan(20);
    assertThat(accuracy(run, "lsg")).isGreaterThan(20);
    JsonNode prepared =
        new ObjectMapper()
            .readTree(
                Path.of(run.at("/stages/prepare/path").asText().replace("file:", ""))
                    .resolve("metrics.json")
                    .toFile());
    assertThat(prepared.get("rejected").toString())
        .isEqualTo("{\"EMPTY_FILE\":1,\"NOT_AN_IMAGE\":1,\"TRUNCATED\":1}");
    assertThat(prepared.at("/per_class/dress/train").asInt()).isEqualTo(4);
    assertThat(prepared.at("/per_class/dress/unlabelled").asInt()).isEqualTo(40);
  }
}
