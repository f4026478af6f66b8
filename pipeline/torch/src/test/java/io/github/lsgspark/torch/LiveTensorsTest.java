package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing that a step makes outlives it, without help of the garbage collector. The backward pass
 * runs in a thread without a scope, as autograd's own threads for GPUs are.
 */
class LiveTensorsTest {
  private static final int STEPS = 1000;
  private static final int WARM = 10;

  private static void inThread(Runnable work) {
    Thread thread = new Thread(work);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is alive after the first steps, and after all. */
  private static long[] live(Runnable step) {
    long warm = 0;
    for (int i = 0; i < STEPS; i++) {
      step.run();
      if (i == WARM) {
        warm = Pointer.totalCount();
      }
    }
    return new long[] {warm, Pointer.totalCount()};
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sumsThatSetOutInTheBackwardPassLeaveNothing(boolean bfloat16) {
    ExchangeGroup group = new FakeTransport(2).group();
    CollectiveWatchdog unwatched =
        new CollectiveWatchdog(
            group,
            new FakeTransport(2).signs(0),
            0,
            2,
            CollectiveWatchdog.Limits.of(java.time.Duration.ofDays(1)),
            System::nanoTime,
            () -> {});
    Collective collective = new C10dCollective(group, unwatched, () -> {}, 0, 2);
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("first", new long[] {4, 4});
    shapes.put("second", new long[] {4, 4});
    try (FlatParameters parameters =
            FlatParameters.allocate(shapes, Set.of(), Dtype.FLOAT32, ComputeDevice.cpu());
        GradientBuckets buckets = new GradientBuckets(parameters, collective, 1, bfloat16)) {
      long[] live =
          live(
              () -> {
                try (TensorScope scope = new TensorScope()) {
                  Tensor x = Tensors.of(new float[] {1, 2, 3, 4}, 1, 4);
                  Tensor hidden = Ops.matmul(x, parameters.parameter("first"));
                  Tensor loss = Ops.sum(Ops.matmul(hidden, parameters.parameter("second")));
                  buckets.arm("gradients");
                  inThread(() -> Autograd.backward(loss));
                  buckets.finish();
                }
              });
      assertThat(live[1]).isLessThanOrEqualTo(live[0]);
    }
  }

  @Test
  void gradientsThatAreReplacedLeaveNothing() {
    try (Tensor weight = Autograd.leaf(Tensors.of(new float[] {1, 2}, 2))) {
      long[] live =
          live(
              () -> {
                try (TensorScope scope = new TensorScope()) {
                  Tensor twice = Ops.mul(weight, 2);
                  Autograd.onGradient(twice, gradient -> Ops.mul(gradient.clone(), 3));
                  Tensor loss = Ops.sum(twice);
                  inThread(() -> Autograd.backward(loss));
                }
              });
      assertThat(live[1]).isLessThanOrEqualTo(live[0]);
      assertThat(Tensors.floats(Autograd.grad(weight))).containsExactly(6 * STEPS, 6 * STEPS);
    }
  }
}
