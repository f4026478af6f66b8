package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Weights mapped from safetensors files, handed out as layers. Tensors stay views of the mapped
 * file where file and computation agree in element type and device, so that executors of one
 * machine share the pages; {@link #close()} frees those that are copies.
 */
final class ModelWeights implements AutoCloseable {
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
   * @param prefixes of which a tensor's name loses the first that fits: published files name the
   *     same tensor with or without its task's prefix
   * @param dense element type of matrix products
   * @param residual element type of everything else
   */
  static ModelWeights map(
      Path folder,
      List<String> files,
      List<String> prefixes,
      Dtype dense,
      Dtype residual,
      ComputeDevice device) {
    ModelWeights weights = new ModelWeights(folder.toString(), dense, residual, device);
    for (String file : files) {
      for (Map.Entry<String, HostArray> entry : Safetensors.map(folder.resolve(file)).entrySet()) {
        weights.arrays.put(stripped(entry.getKey(), prefixes), entry.getValue());
      }
    }
    return weights;
  }

  private static String stripped(String name, List<String> prefixes) {
    return prefixes.stream()
        .filter(name::startsWith)
        .findFirst()
        .map(prefix -> name.substring(prefix.length()))
        .orElse(name);
  }

  /** A table of vectors. */
  Tensor table(String name, long rows, long width) {
    return take(name, residual, rows, width);
  }

  /** A matrix product with weight [out, in] and bias [out]. */
  Dense dense(String name, long out, long in) {
    return new Dense(take(name + ".weight", dense, out, in), take(name + ".bias", dense, out));
  }

  /** CLIP's projection [out, D]; only the file knows how wide it is. */
  Tensor projection(String name) {
    return take(name, residual, shape(name));
  }

  /** GPT-2's layout: weight [in, parts * out], the parts side by side. */
  List<Dense> conv1d(String name, long in, long out, int parts) {
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

  /** Layer normalisation; BERT's first files call gain and bias gamma and beta. */
  Norm norm(String name, long width, double epsilon) {
    boolean old = arrays.containsKey(name + ".gamma");
    return new Norm(
        take(name + (old ? ".gamma" : ".weight"), residual, width),
        take(name + (old ? ".beta" : ".bias"), residual, width),
        epsilon);
  }

  private Tensor take(String name, Dtype dtype, long... shape) {
    HostArray array = array(name);
    if (!Arrays.equals(array.shape(), shape)) {
      throw LsgException.input(
          String.format(
              "%s: tensor %s has shape %s, but config.json asks for %s",
              source, name, Arrays.toString(array.shape()), Arrays.toString(shape)));
    }
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

  /** A table with the first row of another added to each of its rows. */
  Tensor tablePlusFirstRow(String name, long rows, String other, long width) {
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
