package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.ExchangeSettings.Backend;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class GradientBucketsTest {
  private static final int WIDTH = 24;
  private static final int LAYERS = 6;

  /** Gradients of a chain of layers on an input of the rank's own. */
  private static float[] gradients(
      Collective collective, int rank, long bucketBytes, boolean bfloat16) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      shapes.put("layer" + layer, new long[] {WIDTH, WIDTH});
    }
    shapes.put("unused", new long[] {5});
    try (FlatParameters parameters =
            FlatParameters.allocate(shapes, Set.of(), Dtype.FLOAT32, ComputeDevice.cpu());
        GradientBuckets buckets =
            new GradientBuckets(parameters, collective, bucketBytes, bfloat16)) {
      SplittableRandom random = new SplittableRandom(7);
      Tensors.fill(parameters.values(), normal(random, (int) parameters.size(), 0.2));
      for (int step = 0; step < 2; step++) {
        try (TensorScope scope = new TensorScope()) {
          parameters.zeroGradients();
          Tensor x = Tensors.of(normal(new SplittableRandom(rank), 3 * WIDTH, 1), 3, WIDTH);
          for (int layer = 0; layer < LAYERS; layer++) {
            x = Ops.relu(Ops.matmul(x, parameters.parameter("layer" + layer)));
          }
          buckets.arm("the gradients of step " + step);
          Autograd.backward(Ops.sum(x));
          buckets.finish();
        }
      }
      return Tensors.floats(parameters.gradients());
    }
  }

  private static float[] normal(SplittableRandom random, int count, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  @Test
  void bucketsHoldTheSumOverReplicasWhateverTheirSize() throws Exception {
    float[] first = gradients(Collective.single(), 0, 1000, false);
    float[] second = gradients(Collective.single(), 1, 1000, false);
    for (long bytes : new long[] {1, 5000, 1 << 20}) {
      List<float[]> sums =
          TwoRanks.run(collective -> gradients(collective, collective.rank(), bytes, false));
      assertThat(sums.get(0)).isEqualTo(sums.get(1));
      for (int i = 0; i < first.length; i++) {
        assertThat(sums.get(0)[i]).isEqualTo(first[i] + second[i]);
      }
      assertThat(sums.get(0)).endsWith(0, 0, 0, 0, 0);
    }
  }

  /** Each of the two summands and their sum are rounded to 8 bits: 2^-8 each, relatively. */
  @Test
  void bfloat16OnTheWireStaysWithinItsError() throws Exception {
    float[] first = gradients(Collective.single(), 0, 1000, false);
    float[] second = gradients(Collective.single(), 1, 1000, false);
    List<float[]> sums =
        TwoRanks.run(collective -> gradients(collective, collective.rank(), 5000, true));
    assertThat(sums.get(0)).isEqualTo(sums.get(1));
    double worst = 0;
    for (int i = 0; i < first.length; i++) {
      double size = Math.abs(first[i]) + Math.abs(second[i]);
      assertThat((double) sums.get(0)[i])
          .isCloseTo((double) first[i] + second[i], within(size / 128 + 1e-30));
      worst = Math.max(worst, Math.abs(sums.get(0)[i] - (first[i] + second[i])));
    }
    assertThat(worst).isPositive();
  }

  /** All buckets but the last, whose gradient is the last to come, are under way by then. */
  @Test
  void bucketsSetOutWhileTheBackwardPassStillRuns() {
    List<String> sent = new ArrayList<>();
    Collective recording = recording(sent);
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      shapes.put("layer" + layer, new long[] {WIDTH, WIDTH});
    }
    try (FlatParameters parameters =
            FlatParameters.allocate(shapes, Set.of(), Dtype.FLOAT32, ComputeDevice.cpu());
        GradientBuckets buckets = new GradientBuckets(parameters, recording, 1, false);
        TensorScope scope = new TensorScope()) {
      Tensor x = Tensors.of(normal(new SplittableRandom(1), 3 * WIDTH, 1), 3, WIDTH);
      for (int layer = 0; layer < LAYERS; layer++) {
        x = Ops.matmul(x, parameters.parameter("layer" + layer));
      }
      buckets.arm("gradients");
      assertThat(sent).isEmpty();
      Autograd.backward(Ops.sum(x));
      assertThat(sent).hasSize(LAYERS - 1);
      buckets.finish();
      assertThat(sent).hasSize(LAYERS).first().isEqualTo("gradients (bucket 1 of 6)");
      assertThat(sent).last().isEqualTo("gradients (bucket 6 of 6)");
    }
  }

  /** Two replicas, of which the other one has only zeros. */
  private static Collective recording(List<String> sent) {
    Collective single = Collective.single();
    return (Collective)
        Proxy.newProxyInstance(
            Collective.class.getClassLoader(),
            new Class<?>[] {Collective.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("worldSize")) {
                return 2;
              }
              if (method.getName().equals("startAllReduceSum")) {
                sent.add((String) arguments[1]);
              }
              return method.invoke(single, arguments);
            });
  }

  @Test
  void aLateRankIsAnErrorThatSaysWhatWasWaitedFor() throws Exception {
    Rendezvous meeting = Rendezvous.open("127.0.0.1", Duration.ofSeconds(2));
    long start = System.nanoTime();
    try (Collective unused = meeting.join("127.0.0.1", 0, 2, ComputeDevice.cpu(), Backend.AUTO)) {
      throw new AssertionError("rank 1 never came");
    } catch (LostPeerException e) {
      assertThat(e).hasMessageContaining("rank 0 of 2 waited").hasMessageContaining("to join");
      assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
    }
  }
}
