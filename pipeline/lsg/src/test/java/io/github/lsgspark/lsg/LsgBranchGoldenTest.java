package io.github.lsgspark.lsg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.golden.GoldenCase;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The LSG branch against the reference implementation: y, g, losses and gradients. */
class LsgBranchGoldenTest {
  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  /** Tolerances: aircraft's reference arrays are stored as float, which bounds what can be seen. */
  private record Tolerance(double logits, double hidden, double loss, double gradient) {
    static Tolerance exact(Dtype dtype) {
      return dtype == Dtype.FLOAT64
          ? new Tolerance(1e-10, 1e-10, 1e-10, 1e-10)
          : new Tolerance(1e-6, 1e-6, 1e-6, 1e-6);
    }

    static Tolerance aircraft(Dtype dtype) {
      return dtype == Dtype.FLOAT64
          ? new Tolerance(3e-7, 1e-7, 1e-10, 1e-8)
          : new Tolerance(2e-6, 1e-6, 2e-6, 1e-6);
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT64", "FLOAT32"})
  void small(Dtype dtype) {
    check(GoldenCase.small(), dtype, Tolerance.exact(dtype));
  }

  @ParameterizedTest
  @CsvSource({"FLOAT64", "FLOAT32"})
  void medium(Dtype dtype) {
    check(GoldenCase.medium(), dtype, Tolerance.exact(dtype));
  }

  @Tag("real-data")
  @ParameterizedTest
  @CsvSource({"FLOAT64", "FLOAT32"})
  void aircraft(Dtype dtype) {
    check(GoldenCase.aircraft(), dtype, Tolerance.aircraft(dtype));
  }

  private static void check(GoldenCase golden, Dtype dtype, Tolerance tolerance) {
    int checked = 0;
    for (String ti : new String[] {"1p0", "0p5"}) {
      for (String ii : new String[] {"1p0", "0p5"}) {
        for (boolean labelled : new boolean[] {true, false}) {
          String prefix = "s2_ti" + ti + "_ii" + ii + (labelled ? "_lab" : "_unl");
          checked +=
              branch(golden, dtype, tolerance, weight(ti), weight(ii), labelled, prefix) ? 1 : 0;
        }
      }
    }
    assertThat(checked).isGreaterThanOrEqualTo(golden.param("C") == 100 ? 4 : 8);
    head(golden, dtype, tolerance, 0.0);
    head(golden, dtype, tolerance, 0.5);
  }

  private static double weight(String text) {
    return Double.parseDouble(text.replace('p', '.'));
  }

  private static LsgBranch create(GoldenCase golden, Dtype dtype, double ti, double ii) {
    int n = golden.param("N");
    int d = golden.param("D");
    return new LsgBranch(
        golden.graph("gen_A2"),
        golden.param("P"),
        Tensors.of(golden.text("text_train"), n, d),
        Tensors.of(golden.weights("s2_W1"), d, d),
        Tensors.of(golden.weights("s2_W2"), d, golden.param("C")),
        ti,
        ii,
        dtype,
        ComputeDevice.cpu());
  }

  private static boolean branch(
      GoldenCase golden,
      Dtype dtype,
      Tolerance tolerance,
      double ti,
      double ii,
      boolean labelled,
      String prefix) {
    int[] labels = golden.ints(labelled ? "label" : "pseudo_label");
    double factor = labelled ? 1 : golden.decimal("cu");
    try (TensorScope scope = new TensorScope();
        LsgBranch branch = create(golden, dtype, ti, ii)) {
      double[] features = golden.doubles(labelled ? "f_labeled" : "f_unlabeled");
      Tensor f =
          Autograd.leaf(Tensors.to(Tensors.of(features, labels.length, golden.param("D")), dtype));
      LsgBranch.Output output = branch.forward(f, labels);
      Tensor align = LsgLosses.align(output.logits(), index(labels));
      Tensor regularization = LsgLosses.regularization(f, output.hidden());
      Tensor total =
          Ops.mul(
              Ops.add(
                  Ops.mul(align, golden.decimal("cg")),
                  Ops.mul(regularization, golden.decimal("cc"))),
              factor);
      Autograd.backward(total);
      close(prefix + "_L_align", golden, align, tolerance.loss);
      close(prefix + "_L_r", golden, regularization, tolerance.loss);
      double totalTolerance = tolerance.loss * (dtype == Dtype.FLOAT32 ? 10 : 1);
      close(prefix + "_total", golden, total, totalTolerance);
      if (golden.has(prefix + "_y")) {
        close(output.logits(), golden.doubles(prefix + "_y"), tolerance.logits, prefix + "_y");
        close(output.hidden(), golden.doubles(prefix + "_g"), tolerance.hidden, prefix + "_g");
        if (golden.has(prefix + "_grad_f")) {
          double[] gradient = golden.doubles(prefix + "_grad_f");
          close(Autograd.grad(f), gradient, tolerance.gradient, prefix + "_grad_f");
        }
        return true;
      }
      return golden.has(prefix + "_grad_f");
    }
  }

  /** The whole head: classifier, projector and both branches (w_ti = w_ii = 1). */
  private static void head(GoldenCase golden, Dtype dtype, Tolerance tolerance, double cu) {
    String prefix = "head_cu" + (cu == 0 ? "0p0" : "0p5");
    int[] labels = golden.ints("label");
    int[] pseudo = golden.ints("pseudo_label");
    int features = golden.param("F");
    int dimension = golden.param("D");
    try (TensorScope scope = new TensorScope();
        LsgBranch branch = create(golden, dtype, 1, 1)) {
      Tensor x = leaf(golden, "head_x_labeled", dtype, labels.length, features);
      Tensor xu = leaf(golden, "head_x_unlabeled", dtype, pseudo.length, features);
      Tensor projW = leaf(golden, "head_proj_W", dtype, dimension, features);
      Tensor projB = leaf(golden, "head_proj_b", dtype, dimension);
      Tensor clsW = leaf(golden, "head_cls_W", dtype, golden.param("C"), features);
      Tensor clsB = leaf(golden, "head_cls_b", dtype, golden.param("C"));
      Tensor ce = Ops.crossEntropy(NeuralOps.linear(x, clsW, clsB), index(labels), 0);
      close(prefix + "_CE", golden, ce, tolerance.loss);
      Tensor guided =
          guided(golden, branch, NeuralOps.linear(x, projW, projB), labels, prefix, "", tolerance);
      Tensor unlabelled =
          guided(
              golden, branch, NeuralOps.linear(xu, projW, projB), pseudo, prefix, "_u", tolerance);
      Tensor total = Ops.add(Ops.add(ce, guided), Ops.mul(unlabelled, cu));
      Autograd.backward(total);
      close(prefix + "_total", golden, total, tolerance.loss * (dtype == Dtype.FLOAT32 ? 10 : 1));
      gradient(golden, prefix + "_grad_x_labeled", x, tolerance);
      gradient(golden, prefix + "_grad_x_unlabeled", xu, tolerance);
      gradient(golden, prefix + "_grad_proj_W", projW, tolerance);
      gradient(golden, prefix + "_grad_proj_b", projB, tolerance);
      gradient(golden, prefix + "_grad_cls_W", clsW, tolerance);
      gradient(golden, prefix + "_grad_cls_b", clsB, tolerance);
    }
  }

  private static Tensor guided(
      GoldenCase golden,
      LsgBranch branch,
      Tensor f,
      int[] labels,
      String prefix,
      String suffix,
      Tolerance tolerance) {
    LsgBranch.Output output = branch.forward(f, labels);
    Tensor align = LsgLosses.align(output.logits(), index(labels));
    Tensor regularization = LsgLosses.regularization(f, output.hidden());
    close(prefix + "_L_align" + suffix, golden, align, tolerance.loss);
    close(prefix + "_L_r" + suffix, golden, regularization, tolerance.loss);
    return Ops.add(
        Ops.mul(align, golden.decimal("cg")), Ops.mul(regularization, golden.decimal("cc")));
  }

  private static void gradient(GoldenCase golden, String key, Tensor leaf, Tolerance tolerance) {
    if (golden.has(key)) {
      close(Autograd.grad(leaf), golden.doubles(key), tolerance.gradient, key);
    }
  }

  private static Tensor leaf(GoldenCase golden, String key, Dtype dtype, long... shape) {
    return Autograd.leaf(Tensors.to(Tensors.of(golden.doubles(key), shape), dtype));
  }

  private static Tensor index(int[] labels) {
    return Tensors.of(Arrays.stream(labels).asLongStream().toArray(), labels.length);
  }

  private static void close(String key, GoldenCase golden, Tensor value, double tolerance) {
    double expected = golden.scalar(key);
    double scaled = tolerance * Math.max(1, Math.abs(expected));
    assertThat(Tensors.item(value)).as(key).isCloseTo(expected, within(scaled));
  }

  private static void close(Tensor value, double[] expected, double tolerance, String key) {
    double[] actual = Tensors.doubles(value);
    assertThat(actual).as(key).hasSameSizeAs(expected);
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
    }
    assertThat(worst).as("largest difference of " + key).isLessThanOrEqualTo(tolerance);
  }

  @Test
  void projectionsThatMatchTheirTargetHaveNoGradient() {
    try (TensorScope scope = new TensorScope()) {
      Tensor f = Autograd.leaf(Tensors.of(new double[] {3, 4, 0, 2}, 2, 2));
      Tensor loss = LsgLosses.regularization(f, Ops.mul(f.detach(), 2));
      Autograd.backward(loss);
      assertThat(Tensors.item(loss)).isZero();
      assertThat(Tensors.doubles(Autograd.grad(f))).containsOnly(0);
    }
  }
}
