package com.example.lsg;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BackboneFamily;
import io.github.lsgspark.backbone.BackboneKind;
import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.ShapedBackbone;
import java.util.List;

/** A network of somebody else's: one convolution. */
public final class ExampleNet implements BackboneFamily {

  @Override
  public List<BackboneKind> kinds() {
    return List.of(new Kind());
  }

  private static final class Kind implements BackboneKind {
    @Override
    public String label() {
      return "example-net";
    }

    @Override
    public String help() {
      return "one convolution";
    }

    @Override
    public Backbone create(String variant, long[] input) {
      return new Network();
    }
  }

  private static final class Network extends ShapedBackbone {
    Network() {
      shapes.conv("only", 8, 3, 3, true);
    }

    @Override
    public int featureDimension() {
      return 8;
    }

    @Override
    public List<Layer> layers() {
      return List.of(Layer.of("only", "only"));
    }

    @Override
    public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
      return layers.globalAveragePool(layers.relu(layers.convWithBias(images, "only", 1, 1)));
    }
  }
}
