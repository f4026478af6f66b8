package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.jobs.checks.Findings;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights to start from are held against their network before any stage, by their headers. */
class PreflightWeightsTest {
  private static final String SOUND =
      """
      data.train = "drawn:novel"
      embedding.encoder = lexical
      train { backbone = small-cnn, image-size = 16, start = random, keep = trained }
      """;

  @TempDir Path folder;

  private Findings findings(String hocon, Stage target) throws IOException {
    return ForeseenFaults.of(folder, hocon, target);
  }

  private void weights(String name, Map<String, HostArray> arrays) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
      Safetensors.write(out, arrays, Map.of());
    }
  }

  /** What leave-one-out may take is not known before; what is named is. */
  @Test
  void lastBlocksThatTheHeadDoesNotSeeAreRefused() throws IOException {
    weights("whole.safetensors", Backbones.of("small-cnn", "").initialWeights(1));
    String tuned =
        SOUND
            + "train { weights = whole.safetensors, tuning { method = last-blocks, blocks = 1 } }\n";
    String blind = tuned + "head.layers = [block2]\n";
    assertThat(findings(blind, Stages.TRAIN).sentences()).isEmpty();
    for (String start : new String[] {"head", "best"}) {
      String from = "train.start = " + start + "\n";
      ForeseenFaults.assertOnly(
          findings(blind + from, Stages.TRAIN),
          2,
          "train.tuning.blocks = 1 means block4",
          "features end with block2",
          "Blocks that count are block1, block2");
      ForeseenFaults.assertOnly(
          findings(tuned + "features.layers = [block1, block3]\n" + from, Stages.TRAIN),
          2,
          "features end with block3");
      assertThat(findings(tuned + from, Stages.TRAIN).sentences()).isEmpty();
      assertThat(findings(blind + from + "train.tuning.method = all", Stages.TRAIN).sentences())
          .isEmpty();
    }
  }

  @Test
  void weightsFitTheNetworkByNamesAndShapes() throws IOException {
    Backbone small = Backbones.of("small-cnn", "");
    Map<String, HostArray> whole = small.initialWeights(1);
    weights("whole.safetensors", whole);
    String sound = SOUND + "train.weights = whole.safetensors\n";
    assertThat(findings(sound, Stages.TRAIN).sentences()).isEmpty();
    ForeseenFaults.assertOnly(
        findings(sound + "train.backbone = resnet18", Stages.TRAIN),
        3,
        "train.weights: " + folder.resolve("whole.safetensors"),
        "does not fit train.backbone = resnet18: 0 tensors fit");
    ForeseenFaults.assertOnly(
        findings(sound + "train.backbone = resnet18, train.partial-weights = true", Stages.TRAIN),
        3,
        "fills 0 % of the parameters of train.backbone = resnet18");

    String first = small.parameterShapes().keySet().iterator().next();
    Map<String, HostArray> misshapen = new LinkedHashMap<>(whole);
    misshapen.put(first, HostArray.of(new float[6], 2, 3));
    weights("whole.safetensors", misshapen);
    ForeseenFaults.assertOnly(
        findings(sound, Stages.TRAIN),
        3,
        "1 of another shape (" + first + " has shape [2, 3], but",
        "train.partial-weights = true takes what fits");
    assertThat(findings(sound + "train.partial-weights = true", Stages.TRAIN).sentences())
        .isEmpty();

    Map<String, HostArray> integers = new LinkedHashMap<>(whole);
    long[] shape = whole.get(first).shape();
    int bytes = whole.get(first).size();
    integers.put(first, new HostArray(Dtype.INT8, shape, ByteBuffer.allocate(bytes)));
    weights("whole.safetensors", integers);
    ForeseenFaults.assertOnly(findings(sound, Stages.TRAIN), 3, first + " has elements of type I8");
    String doctor = folder.resolve("run.conf").toString();
    assertThat(Lsg.execute("doctor", "--config", doctor, "--work-dir", folder + "/w")).isEqualTo(3);
  }

  @Test
  void aGcnToStartFromFitsTheLabels() throws IOException {
    String labels =
        "labels.file = \"" + Files.writeString(folder.resolve("two.txt"), "cat\ndog\n") + "\"\n";
    String hocon = SOUND + labels + "gcn.init = gcn.safetensors";
    HostArray square = HostArray.of(new float[9], 3, 3);
    weights(
        "gcn.safetensors",
        Map.of("gc1.weight", square, "gc2.weight", HostArray.of(new float[6], 3, 2)));
    assertThat(findings(hocon, Stages.GCN).sentences()).isEmpty();
    weights("gcn.safetensors", Map.of("gc1.weight", square, "gc2.weight", square));
    ForeseenFaults.assertOnly(
        findings(hocon, Stages.GCN),
        3,
        "tensor gc2.weight has shape [3, 3], but the graph needs [3, 2]");
  }

  @Test
  void layersToFreezeAreThoseOfTheNetwork() throws IOException {
    ForeseenFaults.assertOnly(
        findings(SOUND + "train.freeze = [layer9]", Stages.TRAIN),
        2,
        "train.freeze names 'layer9', but the backbone's layers are");
  }
}
