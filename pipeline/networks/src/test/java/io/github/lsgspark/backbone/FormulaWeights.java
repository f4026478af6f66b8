package io.github.lsgspark.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** Weights and images that a formula makes, so that no file need hold them. */
public final class FormulaWeights {
  private static final long TENSOR_STRIDE = 1_000_003;
  private static final long MASK = 0xFFFFFFFFL;

  private FormulaWeights() {}

  /** A hash of i in [-1, 1). */
  private static double u(long i) {
    long x = (i * 2654435761L + 12345) & MASK;
    x ^= x >>> 16;
    x = x * 0x85EBCA6BL & MASK;
    x ^= x >>> 13;
    x = x * 0xC2B2AE35L & MASK;
    x ^= x >>> 16;
    return x / 0x1p31 - 1;
  }

  /** Images or clips. */
  public static Tensor image(JsonNode shape) {
    long[] sizes =
        IntStream.range(0, shape.size()).mapToLong(d -> shape.path(d).asLong()).toArray();
    float[] values = new float[(int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b)];
    for (int j = 0; j < values.length; j++) {
      values[j] = (float) (u(j + 9001 * TENSOR_STRIDE) + 0.5 * Math.sin(0.05 * j));
    }
    return Tensors.of(values, sizes);
  }

  /** The network of a fixture. */
  public static Backbone network(String name) {
    if (name.startsWith("vit_tiny")) {
      return new VisionTransformer(192, 2, 224, 224);
    }
    if (name.startsWith("resnet")) {
      return Backbones.of(name.startsWith("resnet18") ? "resnet18" : "resnet50", "");
    }
    return Backbones.of(
        name.startsWith("r3d") ? "r3d-18" : "r2plus1d-18", "", new long[] {3, 8, 56, 56});
  }

  public static Map<String, HostArray> of(JsonNode meta) {
    String network = meta.path("name").asText();
    String lastNorm =
        network.startsWith("resnet50")
            ? ".bn3.weight"
            : network.matches("r3d.*|r2plus1d.*") ? ".conv2.1.weight" : ".bn2.weight";
    int spread = network.matches("vit.*|ast") ? 3 : 6;
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    for (JsonNode entry : meta.path("state_dict")) {
      String name = entry.path("name").asText();
      long[] shape = new long[entry.path("shape").size()];
      int size = 1;
      for (int d = 0; d < shape.length; d++) {
        shape[d] = entry.path("shape").path(d).asLong();
        size *= (int) shape[d];
      }
      float[] values = new float[size];
      for (int j = 0; j < size; j++) {
        double u = u(j + entry.path("index").asLong() * TENSOR_STRIDE);
        values[j] = (float) value(name, shape, size, u, lastNorm, spread);
      }
      if (!name.endsWith("num_batches_tracked")) {
        arrays.put(name, HostArray.of(values, shape));
      }
    }
    return arrays;
  }

  private static double value(
      String name, long[] shape, int size, double u, String lastNorm, int spread) {
    if (name.endsWith("running_var")) {
      return 1 + 0.25 * u;
    }
    if (name.endsWith("running_mean")) {
      return 0.1 * u;
    }
    if (shape.length == 1) {
      return name.endsWith(lastNorm)
          ? 0.25 + 0.1 * u
          : name.endsWith(".weight") ? 1 + 0.25 * u : 0.1 * u;
    }
    if (name.endsWith("_token") || name.equals("pos_embed") || name.endsWith("_embeddings")) {
      return 0.5 * u;
    }
    double fanIn = shape.length == 0 ? 1 : (double) size / shape[0];
    return Math.sqrt((name.startsWith("fc.") ? 0.75 : spread) / fanIn) * u;
  }
}
