package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * A transformer over token ids: the sum of word and position vectors, then the layers.
 *
 * @param words [vocabulary, D]
 * @param positions [positions, D]; BERT's vector of the first segment is already added
 * @param embeddingNorm after the sum, in BERT
 * @param finalNorm after the last layer, in GPT-2 and CLIP
 */
record LanguageModel(
    TransformerConfig config,
    ComputeDevice device,
    Tensor words,
    Tensor positions,
    Optional<Norm> embeddingNorm,
    List<TransformerLayer> layers,
    Optional<Norm> finalNorm) {

  /**
   * The last hidden states [n, length, D] of prompts of equal length: with no padding there is none
   * to leak.
   *
   * @param ids n rows of the same length
   */
  Tensor hidden(List<long[]> ids) {
    int length = ids.get(0).length;
    long[] flat = new long[ids.size() * length];
    long[] places = new long[flat.length];
    for (int row = 0; row < ids.size(); row++) {
      System.arraycopy(ids.get(row), 0, flat, row * length, length);
      places(ids.get(row), places, row * length);
    }
    Tensor x = embedded(onDevice(flat, ids.size(), length), onDevice(places, ids.size(), length));
    for (TransformerLayer layer : layers) {
      x = applied(layer, x);
    }
    return finalNorm.isPresent() ? finalNorm.get().apply(x) : x;
  }

  private Tensor embedded(Tensor ids, Tensor places) {
    Tensor sum = Ops.add(NeuralOps.embedding(words, ids), NeuralOps.embedding(positions, places));
    return embeddingNorm.isPresent() ? embeddingNorm.get().apply(sum) : sum;
  }

  /** Frees what a layer computes on the way, so that the next one finds its memory warm. */
  private static Tensor applied(TransformerLayer layer, Tensor x) {
    try (TensorScope scope = new TensorScope()) {
      return scope.passOn(layer.apply(x));
    }
  }

  /**
   * Position numbers; RoBERTa counts real tokens only and gives its padding token the row before.
   */
  private void places(long[] ids, long[] places, int from) {
    int next = config.firstPosition();
    for (int i = 0; i < ids.length; i++) {
      boolean padding = config.countsRealTokens() && ids[i] == config.padId();
      places[from + i] = padding ? config.padId() : next++;
    }
  }

  private Tensor onDevice(long[] values, long... shape) {
    Tensor host = Tensors.of(values, shape);
    return device.isCuda() ? Tensors.onto(host, device) : host;
  }
}
