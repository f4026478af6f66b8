package io.github.lsgspark.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Tensors;
import java.io.ByteArrayOutputStream;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** What ONNX Runtime makes of a network that was written down. */
public final class OnnxAnswers {
  private static final String FEATURES = "features";

  private OnnxAnswers() {}

  /** The features of inputs [n, ...], row by row. */
  public static double[] features(Backbone network, Map<String, Tensor> weights, Tensor input)
      throws Exception {
    long[] whole = Tensors.shape(input);
    long[] shape = Arrays.copyOfRange(whole, 1, whole.length);
    byte[] file = file(network, weights, shape);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file);
        OnnxTensor views =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(Tensors.floats(input)), whole);
        OrtSession.Result result = session.run(Map.of(OnnxLayers.VIEWS, views))) {
      return Arrays.stream((float[][]) result.get(FEATURES).orElseThrow().getValue())
          .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(i -> row[i]))
          .toArray();
    }
  }

  /** The file. */
  public static byte[] file(Backbone network, Map<String, Tensor> weights, long[] shape)
      throws Exception {
    Map<String, HostArray> tensors = new LinkedHashMap<>();
    Map<String, long[]> shapes = new LinkedHashMap<>(network.parameterShapes());
    shapes.putAll(network.bufferShapes());
    shapes.forEach(
        (name, form) -> tensors.put(name, HostArray.of(Tensors.floats(weights.get(name)), form)));
    OnnxLayers layers = new OnnxLayers(tensors);
    OnnxValue features = network.features(layers, OnnxLayers.views(shape));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    layers.write(
        out,
        shape,
        Map.of(FEATURES, features),
        Map.of(FEATURES, (long) network.featureDimension()),
        Map.of());
    return out.toByteArray();
  }
}
