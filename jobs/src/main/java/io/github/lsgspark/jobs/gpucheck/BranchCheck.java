package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.graph.CsrMatrix;
import io.github.lsgspark.lsg.LsgBranch;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;

/**
 * The frozen graph network of guided training over a drawn text graph, on the device in float32,
 * against the processor's in double precision.
 */
final class BranchCheck {
  private static final int CLASSES = 50;
  private static final int PROMPTS = 4;
  private static final int WIDTH = 64;
  private static final int IMAGES = 48;
  private static final int NEIGHBOURS = 4;

  /** Two products of 64 terms and a leaky ReLU, which has no steep corner: no bound is wider. */
  private static final double BOUND = 1e-4;

  private final Trial trial;

  BranchCheck(Trial trial) {
    this.trial = trial;
  }

  private record Outcome(Tensor logits, Tensor gradient) {}

  void run(CheckRows rows) {
    NativeTorch.allowTf32(false);
    Outcome wanted = compute(ComputeDevice.cpu(), Dtype.FLOAT64);
    Outcome got = compute(trial.device(), Dtype.FLOAT32);
    rows.add(row("lsg branch, outputs", wanted.logits(), got.logits()));
    rows.add(row("lsg branch, gradients", wanted.gradient(), got.gradient()));
  }

  private CheckRow row(String check, Tensor wanted, Tensor got) {
    return CheckRow.atMost(
        check, Distance.relative(Tensors.doubles(wanted), trial.result(got)), BOUND, "");
  }

  private static Outcome compute(ComputeDevice device, Dtype dtype) {
    int nodes = CLASSES * PROMPTS;
    int[] labels =
        Arrays.stream(Draw.labels(4, IMAGES, CLASSES)).mapToInt(Math::toIntExact).toArray();
    try (LsgBranch branch =
        new LsgBranch(
            graph(nodes),
            PROMPTS,
            Tensors.of(Draw.centred(1, nodes * WIDTH, 1), nodes, WIDTH),
            Tensors.of(Draw.centred(2, WIDTH * WIDTH, 0.1), WIDTH, WIDTH),
            Tensors.of(Draw.centred(3, WIDTH * CLASSES, 0.1), WIDTH, CLASSES),
            1,
            0.5,
            dtype,
            device)) {
      Tensor seen = Tensors.of(Draw.centred(5, IMAGES * WIDTH, 1), IMAGES, WIDTH);
      Tensor leaf = Autograd.leaf(Tensors.to(seen, dtype, device).clone());
      Tensor logits = branch.forward(leaf, labels).logits();
      Autograd.backward(Ops.sum(Ops.mul(logits, logits)));
      return new Outcome(logits, Autograd.grad(leaf));
    }
  }

  private static CsrMatrix graph(int nodes) {
    SplittableRandom random = new SplittableRandom(6);
    int[] rows = new int[nodes * NEIGHBOURS];
    int[] columns = new int[rows.length];
    double[] values = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int neighbour = i % NEIGHBOURS;
      rows[i] = i / NEIGHBOURS;
      columns[i] = neighbour == 0 ? rows[i] : (rows[i] + 17 * neighbour + 1) % nodes;
      values[i] = 0.5 + random.nextDouble();
    }
    return CsrMatrix.of(nodes, rows, columns, values);
  }
}
