package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.jobs.gpucheck.TrialNetwork.Layout;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * Features and gradients of networks on the device, in each arithmetic and both orders of channels,
 * against the processor's in double precision.
 */
final class NetworksCheck {
  private static final int SAMPLES = 4;

  /**
   * By how much statistics of a small batch magnify rounding. They do so without a bound in deep
   * networks, and where arithmetic rounds more than float32: there only running statistics are
   * compared.
   */
  private static final double BATCH_FACTOR = 10;

  private static final List<Tried> USUAL =
      List.of(
          new Tried("small-cnn", true, 3, 32, 32),
          new Tried("resnet18", true, 3, 64, 64),
          new Tried("vit-tiny", false, 3, 64, 64),
          new Tried("cnn14-small", false, 1, 64, 64),
          new Tried("r3d-small", true, 3, 4, 32, 32));

  private static final List<Tried> MORE =
      List.of(
          new Tried("squeezenet1_1", false, 3, 96, 96),
          new Tried("resnet20-cifar", true, 3, 32, 32),
          new Tried("resnet50", false, 3, 128, 128),
          new Tried("vit-base", false, 3, 96, 96),
          new Tried("ast-tiny", false, 1, 64, 128),
          new Tried("r3d-18", false, 3, 8, 64, 64));

  private static final List<Way> WAYS =
      List.of(
          new Way(Arithmetic.FLOAT32, false, false),
          new Way(Arithmetic.FLOAT32, true, false),
          new Way(Arithmetic.FLOAT32, true, true),
          new Way(Arithmetic.TF32, true, false),
          new Way(Arithmetic.BFLOAT16, false, false),
          new Way(Arithmetic.BFLOAT16, true, false));

  private final Trial trial;
  private final List<Tried> networks;

  NetworksCheck(Trial trial) {
    this(trial, trial.full() ? Stream.concat(USUAL.stream(), MORE.stream()).toList() : USUAL);
  }

  NetworksCheck(Trial trial, List<Tried> networks) {
    this.trial = trial;
    this.networks = networks;
  }

  /**
   * A network and what it sees.
   *
   * @param batch whether it is also compared with the statistics of the batch
   */
  record Tried(String name, boolean batch, long... input) {}

  /**
   * @param batch whether batches are normalised by their own statistics
   */
  private record Way(Arithmetic arithmetic, boolean channelsLast, boolean batch) {
    String of(Tried tried) {
      return tried.name()
          + " "
          + arithmetic.label()
          + (channelsLast ? ", channels last" : "")
          + (batch ? ", batch norm" : "");
    }

    BatchNormalization normalization() {
      return batch ? BatchNormalization.batchStatistics() : BatchNormalization.runningStatistics();
    }
  }

  /** What a step gives. */
  private record Outcome(double[] outputs, double[] gradients) {}

  void run(CheckRows rows) {
    networks.forEach(tried -> rows.guarded(tried.name(), all -> compare(tried, all)));
    NativeTorch.allowTf32(false);
    if (!trial.device().isCuda()) {
      rows.add(CheckRow.notRun("networks in tf32", "only GPUs have TF32"));
    }
  }

  private void compare(Tried tried, CheckRows rows) {
    Outcome running = exact(tried, false);
    Outcome batch = null;
    for (Way way : WAYS) {
      if (isLeftOut(way.arithmetic()) || (way.batch() && !tried.batch())) {
        continue;
      }
      NativeTorch.allowTf32(way.arithmetic().tf32());
      Layout layout = new Layout(trial.device(), Dtype.FLOAT32, way.channelsLast());
      try (TensorScope scope = new TensorScope();
          TrialNetwork network = new TrialNetwork(tried.name(), tried.input(), layout)) {
        if (way.batch() && batch == null) {
          batch = exact(tried, true);
        }
        Outcome wanted = way.batch() ? batch : running;
        rows.add(judge(tried, way, wanted, step(network, tried, way, trial.seen())));
      }
    }
  }

  private boolean isLeftOut(Arithmetic arithmetic) {
    return arithmetic == Arithmetic.TF32 && !trial.device().isCuda();
  }

  /** On the processor, in double precision. */
  private static Outcome exact(Tried tried, boolean batch) {
    Layout layout = new Layout(ComputeDevice.cpu(), Dtype.FLOAT64, false);
    try (TensorScope scope = new TensorScope();
        TrialNetwork network = new TrialNetwork(tried.name(), tried.input(), layout)) {
      Way way = new Way(Arithmetic.FLOAT32, false, batch);
      return step(network, tried, way, UnaryOperator.identity());
    }
  }

  private static Outcome step(
      TrialNetwork network, Tried tried, Way way, UnaryOperator<double[]> seen) {
    boolean mixed = way.arithmetic().mixed();
    Tensor samples = network.samples(SAMPLES, tried.input());
    Tensor features = network.features(samples, way.normalization(), mixed);
    double[] outputs = Tensors.doubles(features);
    network.backward(features, network.labels(SAMPLES), mixed);
    return new Outcome(seen.apply(outputs), seen.apply(network.gradients()));
  }

  /** The worse of the two, by its bound. */
  private static CheckRow judge(Tried tried, Way way, Outcome wanted, Outcome got) {
    double factor = way.batch() ? BATCH_FACTOR : 1;
    double outputs = Distance.relative(wanted.outputs(), got.outputs());
    double gradients = Distance.relative(wanted.gradients(), got.gradients());
    double outputBound = way.arithmetic().outputs() * factor;
    double gradientBound = way.arithmetic().gradients() * factor;
    String note = String.format(Locale.ROOT, "outputs %.1e, gradients %.1e", outputs, gradients);
    // What is no number compares with nothing.
    boolean outputsAreWorse =
        !Double.isNaN(gradients) && !(outputs / outputBound <= gradients / gradientBound);
    return outputsAreWorse
        ? CheckRow.atMost(way.of(tried), outputs, outputBound, note)
        : CheckRow.atMost(way.of(tried), gradients, gradientBound, note);
  }
}
