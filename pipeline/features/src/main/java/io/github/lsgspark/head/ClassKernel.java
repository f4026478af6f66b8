package io.github.lsgspark.head;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.LinearAlgebra.Spectrum;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * What classes share of what is learnt: the kernel I + a max(S S', 0) of a multi-task ridge, where
 * the rows of S are the classes' texts (Evgeniou, Micchelli, Pontil 2005), by its eigenvectors. Of
 * the kernel only the part without negative eigenvalues counts.
 *
 * @param vectors row-major [C, C], the eigenvectors in columns; empty for I alone
 * @param similarities eigenvalues of max(S S', 0) [C]
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record ClassKernel(double[] vectors, double[] similarities) implements Serializable {
  private static final int MOST_CLASSES = 5_000;

  /** Classes that share nothing. */
  static ClassKernel none(int classes) {
    return new ClassKernel(new double[0], new double[classes]);
  }

  /**
   * Classes that share as their texts are alike.
   *
   * @throws LsgException exit 2 for more classes than a driver can decompose
   */
  static ClassKernel of(ClassTexts texts) {
    if (texts.classes() > MOST_CLASSES) {
      throw LsgException.usage(
          "head.text-prior can be had for at most %d classes, but there are %d"
              .formatted(MOST_CLASSES, texts.classes()));
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor s = texts.tensor();
      Spectrum spectrum =
          LinearAlgebra.spectrum(Ops.clampMin(Ops.matmul(s, Ops.transpose(s, 0, 1)), 0));
      return new ClassKernel(
          Tensors.doubles(spectrum.vectors()), Tensors.doubles(spectrum.values()));
    }
  }

  boolean isNone() {
    return vectors.length == 0;
  }

  int classes() {
    return similarities.length;
  }

  /** Eigenvalues of I + a max(S S', 0) [C]. */
  double[] values(double prior) {
    return Arrays.stream(similarities).map(value -> Math.max(0, 1 + prior * value)).toArray();
  }

  /** Rows over classes in the coordinates of the eigenvectors. */
  Tensor turned(Tensor rows) {
    return isNone() ? rows : Ops.matmul(rows, basis());
  }

  /** Back from there. */
  Tensor back(Tensor rows) {
    return isNone() ? rows : Ops.matmul(rows, Ops.transpose(basis(), 0, 1));
  }

  private Tensor basis() {
    return Tensors.of(vectors, classes(), classes());
  }
}
