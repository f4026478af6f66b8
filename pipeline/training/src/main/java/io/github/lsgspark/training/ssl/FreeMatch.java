package io.github.lsgspark.training.ssl;

import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * FreeMatch (Wang et al., ICLR 2023): thresholds that begin at 1/C and follow what the network has
 * learnt. With q the probabilities of the weak views of a step, moving averages over steps
 *
 * <ul>
 *   <li>tau of the mean of max q (equation 5): the threshold of all classes,
 *   <li>p(c) of the mean of q(c) (equation 6): how far each class has come,
 *   <li>h(c) of the share of images whose most probable class is c,
 * </ul>
 *
 * an image is taken if its largest q is at least tau p(c) / max p (equation 8). The fairness term
 * (equations 9 to 11) pulls the accepted strong views' mean probabilities to those averages. Both
 * are those of the global batch; in a data-parallel run of the authors' program the fairness term
 * is that of each replica's own part.
 */
public final class FreeMatch implements PseudoLabelling {
  private static final double TINY = 1e-12;

  private final Collective collective;
  private final ComputeDevice device;
  private final double momentum;
  private final double[] classes;
  private final double[] histogram;
  private double threshold;

  /**
   * @param momentum weight of the past, 0.999 in the paper
   */
  public FreeMatch(int classes, double momentum, Collective collective, ComputeDevice device) {
    this.collective = collective;
    this.device = device;
    this.momentum = momentum;
    this.classes = new double[classes];
    this.histogram = new double[classes];
    this.threshold = 1.0 / classes;
    Arrays.fill(this.classes, threshold);
    Arrays.fill(histogram, threshold);
  }

  @Override
  public int[] decide(int[] samples, float[][] probabilities) {
    observe(probabilities);
    double furthest = Arrays.stream(classes).max().orElseThrow();
    int[] labels = new int[probabilities.length];
    for (int i = 0; i < labels.length; i++) {
      int best = FixMatch.mostProbable(probabilities[i]);
      boolean taken = probabilities[i][best] >= threshold * classes[best] / furthest;
      labels[i] = taken ? best : REJECTED;
    }
    return labels;
  }

  private void observe(float[][] probabilities) {
    int count = classes.length;
    double[] sums = new double[2 * count + 2];
    for (float[] row : probabilities) {
      int best = FixMatch.mostProbable(row);
      for (int c = 0; c < count; c++) {
        sums[c] += row[c];
      }
      sums[count + best]++;
      sums[2 * count] += row[best];
      sums[2 * count + 1]++;
    }
    sums = overReplicas(sums, "the confidence of the unlabelled batch");
    double images = sums[2 * count + 1];
    threshold = moved(threshold, sums[2 * count] / images);
    for (int c = 0; c < count; c++) {
      classes[c] = moved(classes[c], sums[c] / images);
      histogram[c] = moved(histogram[c], sums[count + c] / images);
    }
  }

  private double moved(double average, double now) {
    return momentum * average + (1 - momentum) * now;
  }

  private double[] overReplicas(double[] own, String what) {
    if (collective.worldSize() == 1) {
      return own;
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor all = Tensors.to(Tensors.of(own, own.length), Dtype.FLOAT64, device);
      collective.allReduceSum(all, what);
      return Tensors.doubles(all);
    }
  }

  @Override
  public boolean balances() {
    return true;
  }

  @Override
  public Optional<Tensor> fairness(Tensor logits) {
    int count = classes.length;
    Tensor ownSum = Ops.sum(Ops.softmax(logits, 1), 0, false);
    // Sums of probabilities, then of images by their most probable class, then images.
    double[] own = Arrays.copyOf(Tensors.doubles(ownSum.detach()), 2 * count + 1);
    for (long best : Tensors.longs(Ops.argmax(logits.detach(), 1))) {
      own[count + (int) best]++;
      own[2 * count]++;
    }
    double[] all = overReplicas(own, "the fairness of the unlabelled batch");
    double images = all[2 * count];
    if (images == 0) {
      return Optional.empty();
    }
    double[] others = new double[count];
    for (int c = 0; c < count; c++) {
      others[c] = all[c] - own[c];
    }
    Tensor mean = Ops.mul(Ops.add(ownSum, constant(others)), 1 / images);
    Tensor balanced = Ops.mul(mean, constant(inverse(Arrays.copyOfRange(all, count, 2 * count))));
    Tensor distribution = Ops.div(balanced, Ops.sum(balanced));
    double[] target = new double[classes.length];
    double[] scale = inverse(histogram);
    double sum = 0;
    for (int c = 0; c < target.length; c++) {
      target[c] = classes[c] * scale[c];
      sum += target[c];
    }
    for (int c = 0; c < target.length; c++) {
      target[c] /= sum;
    }
    return Optional.of(Ops.sum(Ops.mul(constant(target), Ops.log(Ops.add(distribution, TINY)))));
  }

  private Tensor constant(double[] values) {
    return Tensors.to(Tensors.of(values, values.length), Dtype.FLOAT32, device);
  }

  /** 1/x, and 0 for 0. */
  private static double[] inverse(double[] values) {
    return Arrays.stream(values).map(v -> v == 0 ? 0 : 1 / v).toArray();
  }

  /** The threshold of all classes, tau. */
  public double threshold() {
    return threshold;
  }

  @Override
  public Map<String, HostArray> state() {
    return Map.of(
        "threshold", HostArray.of(new double[] {threshold}, 1),
        "classes", HostArray.of(classes.clone(), classes.length),
        "histogram", HostArray.of(histogram.clone(), histogram.length));
  }

  @Override
  public void restore(Map<String, HostArray> state) {
    threshold = state.get("threshold").doubles()[0];
    System.arraycopy(state.get("classes").doubles(), 0, classes, 0, classes.length);
    System.arraycopy(state.get("histogram").doubles(), 0, histogram, 0, histogram.length);
  }

  /** This strategy by its name. */
  public static final class Kind implements StrategyKind {
    @Override
    public String label() {
      return "freematch";
    }

    @Override
    public String help() {
      return "the same with confidences that follow what has been learnt (Wang 2023)";
    }

    @Override
    public boolean isConsistency() {
      return true;
    }

    @Override
    public int batchRatio() {
      return 7;
    }

    @Override
    public PseudoLabelling open(StrategyContext context) {
      return new FreeMatch(
          context.classes(),
          context.settings().ssl().momentum(),
          context.collective(),
          context.device());
    }
  }
}
