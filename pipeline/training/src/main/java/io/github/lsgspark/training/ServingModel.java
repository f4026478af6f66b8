package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.backbone.ScriptLayers;
import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.ScriptModule;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trained model as one TorchScript file, for servers that know nothing of this program: views [n,
 * ...] as model.json says, of images [n, 3, h, w], to logits [n, C]. It carries the public names
 * and is made for evaluation only.
 */
final class ServingModel {
  private static final Logger LOG = LoggerFactory.getLogger(ServingModel.class);
  private static final double TOLERANCE = 1e-4;
  private static final int INPUTS = 2;

  private ServingModel() {}

  /**
   * Writes the file, and beside it the module that a TorchScript backbone came from, then opens it
   * again and holds its answers against the network's own.
   *
   * @param tensors of the model, by public name
   * @param module content of the TorchScript file that the backbone came from; not looked at for
   *     other backbones
   * @throws IllegalStateException if the answers differ by more than 1e-4, or by more than that
   *     part of the largest
   */
  static void write(
      ModelFiles files,
      ModelDescription description,
      Map<String, HostArray> tensors,
      byte[] module) {
    if (description.backbone().equals(Backbones.TORCHSCRIPT)) {
      files.write(ModelFiles.MODULE, module);
    }
    files.write(ModelFiles.SERVING, archive(description, tensors, module));
    check(description, tensors, module, files.content(ModelFiles.SERVING), ModelFiles.SERVING);
  }

  private static byte[] archive(
      ModelDescription description, Map<String, HostArray> tensors, byte[] module) {
    ScriptLayers layers = new ScriptLayers();
    Map<String, HostArray> parameters = new LinkedHashMap<>();
    Map<String, HostArray> buffers = new LinkedHashMap<>();
    for (String name : List.of(".weight", ".bias")) {
      parameters.put(Network.CLASSIFIER + name, tensors.get(Network.CLASSIFIER + name));
    }
    try (Backbone backbone = description.network(module)) {
      String features = backbone.features(layers, ScriptLayers.IMAGES);
      if (description.featureScale() != 1) {
        features = layers.scale(features, description.featureScale());
      }
      String forward = layers.forward(layers.linear(features, Network.CLASSIFIER));
      if (layers.modules().isEmpty()) {
        backbone
            .parameterShapes()
            .keySet()
            .forEach(name -> parameters.put(name, tensors.get(name)));
        backbone.bufferShapes().keySet().forEach(name -> buffers.put(name, tensors.get(name)));
        buffers.putAll(layers.constants());
      }
      try (ScriptModule whole =
          ScriptModule.define(parameters, buffers, layers.modules(), forward)) {
        whole.bind(name -> buffers.getOrDefault(name, tensors.get(name)).tensor());
        whole.train(false);
        return whole.save();
      }
    }
  }

  static void check(
      ModelDescription description,
      Map<String, HostArray> tensors,
      byte[] module,
      byte[] archive,
      String source) {
    SplittableRandom random = new SplittableRandom(Seeds.derive(0, "serving check"));
    long[] shape =
        LongStream.concat(LongStream.of(INPUTS), Arrays.stream(description.input().shape()))
            .toArray();
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    double[] own;
    double[] served;
    try (TensorScope scope = new TensorScope();
        ModeGuard guard = Autograd.noGrad();
        Network network = new Network(description, module, false, ComputeDevice.cpu());
        ScriptModule opened = ScriptModule.load(archive, source)) {
      network.load(tensors);
      Tensor inputs = Tensors.of(values, shape);
      own =
          Tensors.doubles(
              network.classify(network.features(inputs, BatchNormalization.runningStatistics())));
      served = Tensors.doubles(opened.forward(inputs));
    }
    requireEqual(own, served, source);
  }

  private static void requireEqual(double[] own, double[] served, String source) {
    if (own.length != served.length) {
      throw new IllegalStateException(
          source + " gives " + served.length + " numbers, the network " + own.length);
    }
    double difference = 0;
    double largest = 1;
    for (int i = 0; i < own.length; i++) {
      difference = Math.max(difference, Math.abs(own[i] - served[i]));
      largest = Math.max(largest, Math.abs(own[i]));
    }
    // Not greater-than: the difference may be no number.
    if (!(difference <= TOLERANCE * largest)) {
      throw new IllegalStateException(
          source + " differs from the network by " + difference + " in logits up to " + largest);
    }
    LOG.info("{}: differs from the network by {} at most", source, difference);
  }
}
