package io.github.lsgspark.jobs.gpucheck;

import java.util.Locale;

/**
 * How numbers are computed, and how far results may then be from those in double precision. The
 * bounds are of relative errors of networks of up to 50 layers with drawn weights.
 *
 * <p>Outputs in float32 are off by about 1e-6 (a rounding of 6e-8, added up over a few thousand
 * terms and over the layers); their bound lies below the 5e-4 by which TF32 rounds each factor, so
 * that TF32 where there should be none fails. Gradients are worse: where rounding moves an
 * activation over the corner of a ReLU or to another place of a maximum, one of some 1e5 terms
 * changes wholly.
 */
enum Arithmetic {
  FLOAT32(false, false, 2e-4, 5e-3),
  /** Factors of products have 10 bits. */
  TF32(true, false, 1e-2, 5e-2),
  /** Factors of products and what layers hand on have 7 bits. */
  BFLOAT16(true, true, 5e-2, 2e-1);

  private final boolean tf32;
  private final boolean mixed;
  private final double outputs;
  private final double gradients;

  Arithmetic(boolean tf32, boolean mixed, double outputs, double gradients) {
    this.tf32 = tf32;
    this.mixed = mixed;
    this.outputs = outputs;
    this.gradients = gradients;
  }

  /** Whether a GPU may round the factors of float32 products. */
  boolean tf32() {
    return tf32;
  }

  /** Whether convolutions and products are computed in bfloat16. */
  boolean mixed() {
    return mixed;
  }

  double outputs() {
    return outputs;
  }

  double gradients() {
    return gradients;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
