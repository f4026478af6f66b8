package example.extension;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BackboneFamily;
import io.github.lsgspark.backbone.BackboneKind;
import io.github.lsgspark.backbone.Layers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Three convolutions of stride 2 with ReLU, for small images. */
public final class StridedCnn implements Backbone {
  private static final int[] WIDTHS = {32, 64, 96};

  @Override
  public Map<String, long[]> parameterShapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    int in = 3;
    for (int i = 0; i < WIDTHS.length; i++) {
      shapes.put("conv" + i + ".weight", new long[] {WIDTHS[i], in, 3, 3});
      shapes.put("conv" + i + ".bias", new long[] {WIDTHS[i]});
      in = WIDTHS[i];
    }
    return shapes;
  }

  @Override
  public Map<String, long[]> bufferShapes() {
    return Map.of();
  }

  @Override
  public int featureDimension() {
    return WIDTHS[WIDTHS.length - 1];
  }

  @Override
  public List<Layer> layers() {
    return List.of(
        new Layer("conv0", List.of(), List.of("conv0")),
        new Layer("conv1", List.of(), List.of("conv1")),
        new Layer("conv2", List.of(), List.of("conv2")));
  }

  @Override
  public <V> V features(Layers<V> layers, V images) {
    V x = images;
    for (int i = 0; i < WIDTHS.length; i++) {
      x = layers.relu(layers.convWithBias(x, "conv" + i, 2, 1));
    }
    return layers.globalAveragePool(x);
  }

  /** What META-INF/services names. */
  public static final class Family implements BackboneFamily {
    @Override
    public List<BackboneKind> kinds() {
      return List.of(new Kind());
    }
  }

  private static final class Kind implements BackboneKind {
    @Override
    public String label() {
      return "strided-cnn";
    }

    @Override
    public String help() {
      return "three convolutions of stride 2, for small images";
    }

    @Override
    public Backbone create(String variant, long[] input) {
      return new StridedCnn();
    }
  }
}
