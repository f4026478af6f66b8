package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.ArrayOps;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.TensorScope;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What public networks of clips compute, block by block, with other frames and sizes, too. */
@Tag("real-data")
class ClipGoldenTest {
  private static final String CLIPS = "pixel_values";

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static GoldenTower tower(String name) throws Exception {
    return GoldenTower.of("towers-av", name);
  }

  /** Clips [n, 3, T, height, width] of a golden's [n, T, 3, height, width]. */
  static Tensor clips(GoldenTower tower, String size) {
    return ArrayOps.permute(tower.golden.get(size + CLIPS).tensor(), 0, 2, 1, 3, 4);
  }

  /** The network for a golden's clips. */
  static Tower network(GoldenTower tower, String size) {
    long[] shape = tower.golden.get(size + CLIPS).shape();
    return Towers.of(tower.config, new long[] {3, shape[1], shape[3], shape[4]});
  }

  @ParameterizedTest
  @CsvSource({
    "videomae_hf, videomae., ''",
    "timesformer_hf, timesformer., '' alt1. frames6.",
    "vjepa2_hf, '', '' alt1. alt2.",
    "vjepa2_classify_hf, vjepa2., ''",
    "vivit_hf, vivit., ''"
  })
  void everyBlockAndGradientIsThatOfThePublicCode(String name, String prefix, String sizes)
      throws Exception {
    GoldenTower tower = tower(name);
    for (String named : sizes.split(" ")) {
      String size = named.replace("''", "");
      try (TensorScope scope = new TensorScope();
          Tower network = network(tower, size)) {
        Map<String, Tensor> weights = tower.weights(network, prefix);
        weights.values().forEach(tensor -> tensor.set_requires_grad(true));
        Map<String, Tensor> seen = tower.outputs(network, weights, clips(tower, size));
        tower.compare(size + "embeddings", seen.get("embeddings"));
        int blocks = 0;
        for (; seen.containsKey("blocks." + blocks); blocks++) {
          tower.compare(size + "block." + blocks, seen.get("blocks." + blocks));
        }
        assertThat(blocks).isEqualTo(2);
        tower.compare(size + "last_hidden_state", seen.get("tokens"));
        String pooled = tower.golden.containsKey("pooled") ? "pooled" : "mean";
        tower.compare(size + pooled, seen.get("features"));
        if (tower.golden.containsKey("logits")) {
          tower.compare(size + "logits", logits(tower, seen.get("features")));
        }
        if (size.isEmpty()) {
          tower.compareGradients(network, seen.get("pooled"), weights, prefix);
        }
      }
    }
  }

  /** Frames of clips stand behind one another in the batch of its transformer of images. */
  @Test
  void everyBlockOfXClipIsThatOfThePublicCode() throws Exception {
    GoldenTower tower = tower("xclip_hf");
    try (TensorScope scope = new TensorScope();
        Tower network = network(tower, "")) {
      Map<String, Tensor> weights = tower.weights(network, "");
      weights.values().forEach(tensor -> tensor.set_requires_grad(true));
      Map<String, Tensor> seen = tower.outputs(network, weights, clips(tower, ""));
      tower.compare("vision.block.0", seen.get("blocks.0"));
      tower.compare("vision.block.1", seen.get("blocks.1"));
      tower.compare("mit.block.0", seen.get("mit.0"));
      tower.compare("mit_last_hidden_state", seen.get("tokens"));
      tower.compare("video_features", seen.get("features"));
      tower.compareGradients(network, seen.get("pooled"), weights, "");
    }
  }

  private static Tensor logits(GoldenTower tower, Tensor features) {
    return NeuralOps.linear(
        features,
        tower.file.get("classifier.weight").tensor(),
        tower.file.get("classifier.bias").tensor());
  }

  /** The folders as they would be named by train.weights. */
  @ParameterizedTest
  @CsvSource({
    "videomae_hf, 8, 16, 16, 0.485, 0.229",
    "timesformer_hf, 4, 16, 16, 0.45, 0.225",
    "vjepa2_hf, 8, 16, 18, 0.485, 0.229",
    "vjepa2_classify_hf, 4, 16, 18, 0.485, 0.229",
    "vivit_hf, 4, 16, 18, 0.75, 0.25",
    "xclip_hf, 4, 16, 16, 0.485, 0.229"
  })
  void aDirectoryIsWholeAndSaysWhatClipsAre(
      String name, int frames, int side, int edge, double mean, double deviation) {
    TowerDirectory directory =
        TowerDirectory.open(
            new HadoopFiles(new Configuration()),
            System.getProperty("lsg.shared.dir") + "/towers-av/" + name);
    assertThat(TowerReport.of(directory).isWhole()).isTrue();
    assertThat(directory.clips()).contains(new ClipSpec(frames, side, edge));
    assertThat(directory.preparation().pixels().orElseThrow().mean().get(0))
        .isCloseTo(mean, within(1e-12));
    assertThat(directory.preparation().pixels().orElseThrow().deviation().get(0))
        .isCloseTo(deviation, within(1e-12));
  }

  @Test
  void positionsOfVideoMaeAreSines() throws Exception {
    GoldenTower tower = tower("videomae_hf");
    HostArray waves = PatchEmbedding.waves(16, 32);
    assertThat(waves.shape()).isEqualTo(tower.golden.get("position_embeddings").shape());
    tower.compareNumbers("position_embeddings", waves.tensor());
  }

  /** The rotation alone: queries [1, heads, length, d / heads] before and after it. */
  @Test
  void vjepaTurnsNeighboursByTiledAngles() throws Exception {
    GoldenTower tower = tower("vjepa2_hf");
    HostArray input = tower.golden.get("rope_probe_input");
    int heads = (int) input.shape()[1];
    int length = (int) input.shape()[2];
    int head = (int) input.shape()[3];
    PatchGrid grid = new PatchGrid(4, 2, 2);
    try (TensorScope scope = new TensorScope();
        Rotary rotary = Rotary.axes(new Rotary.Grid(grid, 0, heads * head, heads), 10_000)) {
      Tensor x =
          ArrayOps.reshape(ArrayOps.permute(input.tensor(), 0, 2, 1, 3), 1, length, heads * head);
      Tensor turned =
          ArrayOps.rotate(
              x,
              rotary.cosines().values().tensor(),
              rotary.sines().values().tensor(),
              rotary.places().values().exactTensor());
      tower.compare(
          "rope_probe_output",
          ArrayOps.permute(ArrayOps.reshape(turned, 1, length, heads, head), 0, 2, 1, 3));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "videomae_hf, 4, 16, 16",
    "videomae_hf, 8, 24, 24",
    "xclip_hf, 8, 16, 16",
    "vivit_hf, 8, 16, 16",
    "vivit_hf, 4, 16, 24",
    "vjepa2_hf, 3, 16, 16",
    "vjepa2_hf, 8, 20, 20",
    "timesformer_hf, 4, 20, 20"
  })
  void clipsThatANetworkDoesNotTakeAreRefused(String name, int frames, int height, int width)
      throws Exception {
    GoldenTower tower = tower(name);
    assertThatThrownBy(() -> Towers.of(tower.config, new long[] {3, frames, height, width}).close())
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageMatching(".*(train.image-size|video.frames).*");
  }
}
