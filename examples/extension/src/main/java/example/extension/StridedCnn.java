package example.extension;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BackboneFamily;
import io.github.lsgspark.backbone.BackboneKind;
import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Three convolutions of stride 2 with batch normalisation and ReLU, for small images. */
public final class StridedCnn implements Backbone {
  private static final int[] WIDTHS = {32, 64, 96};

  @Override
  public Map<String, long[]> parameterShapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    int in = 3;
    for (int i = 0; i < WIDTHS.length; i++) {
      shapes.put("conv" + i + ".weight", new long[] {WIDTHS[i], in, 3, 3});
      shapes.put("bn" + i + ".weight", new long[] {WIDTHS[i]});
      shapes.put("bn" + i + ".bias", new long[] {WIDTHS[i]});
      in = WIDTHS[i];
    }
    return shapes;
  }

  @Override
  public Map<String, long[]> bufferShapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (int i = 0; i < WIDTHS.length; i++) {
      shapes.put("bn" + i + ".running_mean", new long[] {WIDTHS[i]});
      shapes.put("bn" + i + ".running_var", new long[] {WIDTHS[i]});
    }
    return shapes;
  }

  @Override
  public int featureDimension() {
    return WIDTHS[WIDTHS.length - 1];
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < WIDTHS.length; i++) {
      layers.add(new Layer("conv" + i, List.of(), List.of("conv" + i, "bn" + i)));
    }
    return layers;
  }

  @Override
  public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    V x = images;
    for (int i = 0; i < WIDTHS.length; i++) {
      x = layers.relu(layers.batchNorm(layers.conv(x, "conv" + i, 2, 1), "bn" + i));
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
