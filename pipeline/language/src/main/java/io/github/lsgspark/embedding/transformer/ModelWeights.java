package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.SoundWeights;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * Weights mapped from safetensors files, handed out as layers. Tensors stay views of the mapped
 * file where file and computation agree in element type and device, so that executors of one
 * machine share the pages; {@link #close()} frees those that are copies.
 */
final class ModelWeights implements LayerSource, AutoCloseable {
  private final String source;
  private final Map<String, HostArray> arrays = new HashMap<>();
  private final Dtype dense;
  private final Dtype residual;
  private final ComputeDevice device;
  private final List<Tensor> taken = new ArrayList<>();

  private ModelWeights(String source, Dtype dense, Dtype residual, ComputeDevice device) {
    this.source = source;
    this.dense = dense;
    this.residual = residual;
    this.device = device;
  }

  /**
   * @param family decides which prefixes of a task the names of published files may have
   * @param expected names that will be asked for
   * @param dense element type of matrix products
   * @param residual element type of everything else
   */
  static ModelWeights map(
      Path folder,
      List<String> files,
      TransformerConfig.Family family,
      Set<String> expected,
      Dtype dense,
      Dtype residual,
      ComputeDevice device) {
    ModelWeights weights = new ModelWeights(folder.toString(), dense, residual, device);
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    for (String file : files) {
      arrays.putAll(Safetensors.map(folder.resolve(file)));
    }
    weights.arrays.putAll(TensorNames.of(arrays, family, expected).tensors());
    return weights;
  }

  @Override
  public Tensor table(String name, long rows, long width) {
    return take(name, residual, rows, width);
  }

  @Override
  public Dense dense(String name, long out, long in) {
    return new Dense(take(name + ".weight", dense, out, in), take(name + ".bias", dense, out));
  }

  @Override
  public Dense projection(String name, long width, boolean biased) {
    long[] shape = shape(name + ".weight");
    long out = shape[0];
    return new Dense(
        take(name + ".weight", residual, out, width == ANY ? shape[shape.length - 1] : width),
        biased ? take(name + ".bias", residual, out) : null);
  }

  @Override
  public List<Dense> conv1d(String name, long in, long out, int parts) {
    Tensor weight = take(name + ".weight", dense, in, parts * out);
    Tensor bias = take(name + ".bias", dense, parts * out);
    List<Dense> split = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      split.add(
          new Dense(
              own(Ops.transpose(Ops.narrow(weight, 1, part * out, out), 0, 1)),
              own(Ops.narrow(bias, 0, part * out, out))));
    }
    return split;
  }

  @Override
  public Norm norm(String name, long width, double epsilon) {
    return new Norm(
        take(name + ".weight", residual, width), take(name + ".bias", residual, width), epsilon);
  }

  private Tensor take(String name, Dtype dtype, long... shape) {
    HostArray array = array(name);
    if (!Arrays.equals(array.shape(), shape)) {
      throw LsgException.input(
          String.format(
              "%s: tensor %s has shape %s, but config.json asks for %s",
              source, name, Arrays.toString(array.shape()), Arrays.toString(shape)));
    }
    SoundWeights.require(name, array, source);
    try (TensorScope scope = new TensorScope()) {
      return own(Tensors.to(Tensors.viewOf(array), dtype, device));
    }
  }

  private long[] shape(String name) {
    return array(name).shape();
  }

  private HostArray array(String name) {
    HostArray array = arrays.get(name);
    if (array == null) {
      throw LsgException.input(source + ": tensor " + name + " is missing");
    }
    return array;
  }

  private Tensor own(Tensor tensor) {
    Tensor owned = TensorScope.detached(tensor);
    taken.add(owned);
    return owned;
  }

  @Override
  public Tensor tablePlusFirstRow(String name, long rows, String other, long width) {
    try (TensorScope scope = new TensorScope()) {
      Tensor first = Ops.narrow(take(other, residual, shape(other)[0], width), 0, 0, 1);
      return own(Ops.add(table(name, rows, width), first));
    }
  }

  @Override
  public void close() {
    taken.forEach(Tensor::close);
    taken.clear();
    arrays.clear();
  }
}
