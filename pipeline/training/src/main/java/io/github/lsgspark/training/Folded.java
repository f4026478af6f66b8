package io.github.lsgspark.training;

import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Folds the adapter x + A x + a of {@link FrozenVectors} into the linear maps W z + w that come
 * after it: (W + W A) x + (w + W a).
 */
final class Folded {
  /** Maps of features, of every kind of projector. */
  private static final List<String> MAPS =
      List.of(Network.CLASSIFIER, Network.PROJECTOR, Network.PROJECTOR + ".0");

  private Folded() {}

  /** The tensors without the adapter; the same ones where there is none. */
  static Map<String, HostArray> tensors(Map<String, HostArray> all) {
    Map<String, HostArray> tensors = new LinkedHashMap<>(all);
    HostArray matrix = tensors.remove(FrozenVectors.ADAPTER + ".weight");
    HostArray offset = tensors.remove(FrozenVectors.ADAPTER + ".bias");
    if (matrix == null) {
      return tensors;
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor a = matrix.tensor();
      Tensor bias = Ops.transpose(offset.tensor().view(1, -1), 0, 1);
      for (String map : MAPS) {
        if (tensors.containsKey(map + ".weight")) {
          HostArray weight = tensors.get(map + ".weight");
          HostArray own = tensors.get(map + ".bias");
          Tensor w = weight.tensor();
          tensors.put(map + ".weight", array(Ops.add(w, Ops.matmul(w, a)), weight.shape()));
          Tensor moved = Ops.matmul(w, bias).view(-1);
          tensors.put(map + ".bias", array(Ops.add(own.tensor(), moved), own.shape()));
        }
      }
    }
    return tensors;
  }

  private static HostArray array(Tensor tensor, long[] shape) {
    return HostArray.of(Tensors.floats(tensor), shape);
  }
}
