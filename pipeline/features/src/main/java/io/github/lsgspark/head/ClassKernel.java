package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings.TextKernel;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.LinearAlgebra.Spectrum;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * What classes share of what is learnt: the kernel of a multi-task ridge over classes (Evgeniou,
 * Micchelli, Pontil 2005), by its eigenvectors. The rows of S are the classes' texts. Either it is
 * I + a max(S S', 0), of which only the part without negative eigenvalues counts, or (I + a L)⁻¹,
 * with L the normalised Laplacian of the graph that joins each class to its nearest ones: the
 * penalty of the ridge is then λ (‖W‖² + a Σ_ij A_ij ‖w_i/√d_i − w_j/√d_j‖² / 2) (Smola, Kondor
 * 2003).
 *
 * @param vectors row-major [C, C], the eigenvectors in columns; empty for I alone
 * @param eigenvalues of max(S S', 0) or of L [C]
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record ClassKernel(double[] vectors, double[] eigenvalues, TextKernel kind)
    implements Serializable {
  private static final int MOST_CLASSES = 5_000;

  /** Nearest classes that each is joined with. */
  private static final int NEIGHBOURS = 10;

  /** Classes that share nothing. */
  static ClassKernel none(int classes) {
    return new ClassKernel(new double[0], new double[classes], TextKernel.SIMILARITY);
  }

  /**
   * Classes that share as their texts are alike.
   *
   * @throws LsgException exit 2 for more classes than a driver can decompose
   */
  static ClassKernel of(ClassTexts texts, TextKernel kind) {
    if (texts.classes() > MOST_CLASSES) {
      throw LsgException.usage(
          "head.text-prior can be had for at most %d classes, but there are %d"
              .formatted(MOST_CLASSES, texts.classes()));
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor s = texts.tensor();
      Tensor alike = Ops.clampMin(Ops.matmul(s, Ops.transpose(s, 0, 1)), 0);
      int classes = texts.classes();
      Spectrum spectrum =
          LinearAlgebra.spectrum(
              kind == TextKernel.SIMILARITY
                  ? alike
                  : Tensors.of(laplacian(Tensors.doubles(alike), classes), classes, classes));
      return new ClassKernel(
          Tensors.doubles(spectrum.vectors()), Tensors.doubles(spectrum.values()), kind);
    }
  }

  /** I − D^-½ A D^-½ [C, C]; rows of classes without a neighbour are nothing. */
  private static double[] laplacian(double[] alike, int classes) {
    double[] joined = joined(alike, classes);
    double[] degrees = new double[classes];
    for (int i = 0; i < joined.length; i++) {
      degrees[i / classes] += joined[i];
    }
    double[] laplacian = new double[joined.length];
    for (int i = 0; i < joined.length; i++) {
      double both = Math.sqrt(degrees[i / classes] * degrees[i % classes]);
      double own = i / classes == i % classes && both > 0 ? 1 : 0;
      laplacian[i] = joined[i] > 0 ? own - joined[i] / both : own;
    }
    return laplacian;
  }

  /** A: of similarities those that are among the nearest of one side [C, C]. */
  private static double[] joined(double[] alike, int classes) {
    double[] joined = new double[alike.length];
    for (int a = 0; a < classes; a++) {
      int own = a;
      int[] nearest =
          IntStream.range(0, classes)
              .filter(b -> b != own)
              .boxed()
              .sorted(Comparator.comparingDouble(b -> -alike[own * classes + b]))
              .limit(NEIGHBOURS)
              .mapToInt(Integer::intValue)
              .toArray();
      for (int b : nearest) {
        joined[a * classes + b] = alike[a * classes + b];
        joined[b * classes + a] = alike[a * classes + b];
      }
    }
    return joined;
  }

  boolean isNone() {
    return vectors.length == 0;
  }

  int classes() {
    return eigenvalues.length;
  }

  /** Eigenvalues of the kernel at a [C]. */
  double[] values(double prior) {
    return kind == TextKernel.SIMILARITY
        ? Arrays.stream(eigenvalues).map(value -> Math.max(0, 1 + prior * value)).toArray()
        : Arrays.stream(eigenvalues).map(value -> 1 / (1 + prior * Math.max(0, value))).toArray();
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
