package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** A transformer in libtorch. Safe for use by several threads. */
final class TorchModel implements PromptModel {
  private final LanguageModel model;
  private final ModelWeights weights;
  private final Optional<Projection> projection;

  private TorchModel(LanguageModel model, ModelWeights weights, Optional<Projection> projection) {
    this.model = model;
    this.weights = weights;
    this.projection = projection;
  }

  /**
   * Maps the weights.
   *
   * @param folder local folder of the weight files
   * @param dense element type of the matrix products: float32, float64 or bfloat16; sums and
   *     normalisations are then in float32, float64 and float32
   */
  static TorchModel open(
      TransformerConfig config,
      Path folder,
      List<String> files,
      Pooling pooling,
      Dtype dense,
      ComputeDevice device) {
    Dtype residual = dense == Dtype.BFLOAT16 ? Dtype.FLOAT32 : dense;
    ModelWeights weights =
        ModelWeights.map(
            folder,
            files,
            config.family(),
            ExpectedTensors.of(config, pooling).keySet(),
            dense,
            residual,
            device);
    try {
      LanguageModel model = Architectures.model(config, weights, device);
      return new TorchModel(model, weights, Architectures.projection(config, pooling, weights));
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  @Override
  public float[][] encode(List<PromptTokens> batch) {
    try (TensorScope scope = new TensorScope();
        ModeGuard noGrad = Autograd.noGrad()) {
      return rows(Tensors.floats(pooled(batch)), batch.size());
    }
  }

  /** [n, D], or [n, projected]. */
  Tensor pooled(List<PromptTokens> batch) {
    Tensor hidden = model.hidden(batch.stream().map(PromptTokens::ids).toList());
    int length = batch.get(0).ids().length;
    double[] shares = new double[batch.size() * length];
    for (int row = 0; row < batch.size(); row++) {
      int[] tokens = batch.get(row).pooled();
      for (int token : tokens) {
        shares[row * length + token] = 1.0 / tokens.length;
      }
    }
    Tensor weight =
        Tensors.to(Tensors.of(shares, batch.size(), 1, length), Dtype.of(hidden), model.device());
    Tensor mean = Ops.sum(Ops.batchedMatmul(weight, hidden), 1, false);
    return projection.map(last -> last.apply(mean)).orElse(mean);
  }

  private static float[][] rows(float[] flat, int count) {
    int width = flat.length / count;
    float[][] rows = new float[count][width];
    for (int row = 0; row < count; row++) {
      System.arraycopy(flat, row * width, rows[row], 0, width);
    }
    return rows;
  }

  /** The model itself, for comparisons token by token. */
  LanguageModel model() {
    return model;
  }

  @Override
  public void close() {
    weights.close();
  }
}
