package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What public networks whose blocks give maps compute, block by block, at their own and at other
 * sizes.
 */
@Tag("real-data")
class MapGoldenTest {
  /** What the golden has beside what is seen on the way. */
  private static final Set<String> BESIDE = Set.of("input", "logits", "grad_probe");

  private static final Set<String> LAST_MAPS = Set.of("last_hidden_state", "features");

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @ParameterizedTest
  @CsvSource({
    "convnext_hf, convnext.",
    "convnextv2_hf, convnextv2.",
    "dinov3_convnext_hf, ''",
    "timm_convnext, ''",
    "timm_convnextv2, ''",
    "swin_hf, swin.",
    "timm_swin, ''",
    "timm_efficientnet, ''",
    "timm_mobilenetv3_small, ''"
  })
  void everyBlockAndGradientIsThatOfThePublicCode(String name, String prefix) throws Exception {
    GoldenTower tower = GoldenTower.of(name);
    for (String size : tower.sizes()) {
      try (TensorScope scope = new TensorScope();
          Tower network = tower.network(size)) {
        Map<String, Tensor> weights = tower.weights(network, prefix);
        network.parameterShapes().keySet().forEach(key -> weights.get(key).set_requires_grad(true));
        Tensor input = tower.golden.get(size + "input").tensor();
        Map<String, Tensor> seen = tower.outputs(network, weights, input);
        for (String key : tower.outputs(size)) {
          if (!BESIDE.contains(key)
              && !isSequenceOfDinov3(name, key)
              && !isOfAnEarlierImage(name, size, key)) {
            Tensor actual = seen.get(own(key));
            assertThat(actual).as(name + ": " + key).isNotNull();
            tower.compareNumbers(size + key, actual);
          }
        }
        if (!isOfAnEarlierImage(name, size, "pooled")) {
          tower.compare(size + "pooled", seen.get("features"));
        }
        if (size.isEmpty()) {
          tower.compareGradients(network, seen.get("pooled"), weights, prefix);
        }
      }
    }
  }

  /** Its mean and its places side by side, normalised: only the mean is used. */
  private static boolean isSequenceOfDinov3(String name, String key) {
    return name.equals("dinov3_convnext_hf") && key.equals("last_hidden_state");
  }

  /**
   * transformers' Swin keeps in mind that an earlier image's map was one window, and shifts none of
   * that stage from then on: the golden's other size was computed after its native one. The last
   * stage's second block is not that of a model that begins with the image.
   */
  private static boolean isOfAnEarlierImage(String name, String size, String key) {
    return name.equals("swin_hf")
        && size.equals("alt1.")
        && Set.of("layers.1.blocks.1", "last_hidden_state", "pooled").contains(key);
  }

  private static String own(String key) {
    if (LAST_MAPS.contains(key)) {
      return "map";
    }
    return key.replaceFirst("^stage\\.(\\d+)\\.block\\.", "stages.$1.blocks.")
        .replaceFirst("^layers\\.", "stages.");
  }
}
