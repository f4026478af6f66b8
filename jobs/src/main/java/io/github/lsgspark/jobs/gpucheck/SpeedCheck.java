package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.jobs.gpucheck.TrialNetwork.Layout;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.CudaDevices;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;

/** How fast forward passes, training steps and copies to the device are. Bounds nothing. */
final class SpeedCheck {
  private static final int COPY_FLOATS = 1 << 24;
  private static final int COPIES = 5;

  private final Trial trial;
  private final String network;
  private final int batch;
  private final int pixels;
  private final int times;

  SpeedCheck(Trial trial) {
    this.trial = trial;
    boolean large = trial.device().isCuda() || trial.full();
    network = large ? "resnet50" : "resnet18";
    if (trial.device().isCuda()) {
      batch = trial.full() ? 128 : 64;
      pixels = 224;
      times = trial.full() ? 30 : 10;
    } else {
      batch = 8;
      pixels = trial.full() ? 224 : 96;
      times = 3;
    }
  }

  void run(CheckRows rows) {
    rows.guarded("copy to the device", this::copy);
    for (Arithmetic arithmetic : Arithmetic.values()) {
      if (arithmetic != Arithmetic.TF32 || trial.device().isCuda()) {
        rows.guarded("speed in " + arithmetic.label(), all -> steps(arithmetic, all));
      }
    }
    NativeTorch.allowTf32(false);
  }

  private void copy(CheckRows rows) {
    Tensor source = Tensors.zeros(Dtype.FLOAT32, ComputeDevice.cpu(), COPY_FLOATS);
    Tensor target = Tensors.zeros(Dtype.FLOAT32, trial.device(), COPY_FLOATS);
    double seconds = median(COPIES, () -> await(target.copy_(source).narrow(0, 0, 1)));
    rows.add(
        CheckRow.told(
            "copy to the device",
            4.0 * COPY_FLOATS / seconds / 1e9,
            "GB/s",
            "64 MiB of the process's ordinary memory"));
  }

  private void steps(Arithmetic arithmetic, CheckRows rows) {
    NativeTorch.allowTf32(arithmetic.tf32());
    boolean mixed = arithmetic.mixed();
    long[] input = {3, pixels, pixels};
    Layout layout = new Layout(trial.device(), Dtype.FLOAT32, true);
    try (TrialNetwork net = new TrialNetwork(network, input, layout)) {
      Tensor images = net.samples(batch, input);
      Tensor labels = net.labels(batch);
      rows.add(
          speed(
              "forward",
              arithmetic,
              median(
                  times,
                  () -> {
                    try (ModeGuard none = Autograd.noGrad()) {
                      await(
                          net.features(images, BatchNormalization.runningStatistics(), mixed)
                              .reshape(-1)
                              .narrow(0, 0, 1));
                    }
                  })));
      rows.add(
          speed(
              "step",
              arithmetic,
              median(
                  times,
                  () -> {
                    Tensor features =
                        net.features(images, BatchNormalization.batchStatistics(), mixed);
                    Tensor loss = net.backward(features, labels, mixed);
                    net.descend(1e-3);
                    await(loss);
                    CudaDevices.synchronize(trial.device());
                  })));
    }
  }

  private CheckRow speed(String what, Arithmetic arithmetic, double seconds) {
    return CheckRow.told(
        what + ", " + network + " " + arithmetic.label(),
        1000 * seconds,
        "ms",
        String.format(
            Locale.ROOT, "%d images of %d pixels, %.0f a second", batch, pixels, batch / seconds));
  }

  /** Waits until the device has computed it. */
  private static void await(Tensor single) {
    double unused = Tensors.item(single);
  }

  /** Of some times, after one that does not count. */
  private static double median(int times, Runnable body) {
    double[] seconds = new double[times];
    for (int i = -1; i < times; i++) {
      try (TensorScope scope = new TensorScope()) {
        long start = System.nanoTime();
        body.run();
        if (i >= 0) {
          seconds[i] = (System.nanoTime() - start) / 1e9;
        }
      }
    }
    Arrays.sort(seconds);
    return seconds[times / 2];
  }
}
