package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.DataLoader.Wanted;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleOrderTest {
  private static List<Sample> samples(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Sample("s/" + i, i % 7, "x")).toList();
  }

  @Test
  void theOrderIsThatOfTheDerivedKeys() {
    List<Sample> samples = samples(501);
    SampleOrder order = new SampleOrder(samples, "order", 11);
    for (int epoch : new int[] {0, 1, 7, 0}) {
      List<Integer> expected = new ArrayList<>(IntStream.range(0, 501).boxed().toList());
      int number = epoch;
      expected.sort(
          Comparator.comparingLong(i -> Seeds.derive(11, "order", number, samples.get(i).id())));
      for (int i = 0; i < 501; i++) {
        assertThat(order.at(501L * epoch + i))
            .isEqualTo(new SampleOrder.Place(expected.get(i), epoch));
      }
    }
  }

  @Test
  void keysThatDifferInTheirLowestBitsOnlyAreSorted() {
    SplittableRandom random = new SplittableRandom(3);
    long[] keys = random.longs(5000, -3, 3).toArray();
    for (int i = 0; i < keys.length; i += 2) {
      keys[i] += random.nextLong() & ~0xFFFFL;
    }
    Integer[] expected = IntStream.range(0, keys.length).boxed().toArray(Integer[]::new);
    Arrays.sort(expected, Comparator.comparingLong(i -> keys[i]));
    assertThat(SampleOrder.ascending(keys))
        .containsExactly(Arrays.stream(expected).mapToInt(i -> i).toArray());
  }

  @ParameterizedTest
  @CsvSource({"1, 8, 2", "2, 8, 2", "3, 7, 1", "4, 10, 2", "5, 64, 2"})
  void eachSampleIsSeenOncePerEpochWhateverTheReplicas(int replicas, int batch, int views) {
    int count = 53;
    int epochs = 3;
    List<Sample> samples = samples(count);
    Map<Long, Map<String, Integer>> seen = new HashMap<>();
    Map<Long, Set<String>> perEpoch = new HashMap<>();
    int steps = (epochs * count + batch - 1) / batch;
    for (int rank = 0; rank < replicas; rank++) {
      // Every replica has an order of its own, as in executors of their own.
      SampleOrder order = new SampleOrder(samples, "order", 5);
      for (int step = 0; step < steps; step++) {
        BatchPlan plan =
            BatchPlan.of(
                samples,
                order,
                step,
                batch,
                views,
                rank,
                replicas,
                5,
                "view",
                TrainSettings.Views.WEAK_STRONG);
        for (int i = 0; i < plan.rows().length; i++) {
          Wanted wanted = plan.views().get(i);
          int view = (int) (plan.rows()[i] / batch);
          assertThat(wanted.kind()).isEqualTo(view == 0 ? ViewKind.WEAK : ViewKind.STRONG);
          assertThat(plan.ownLabels()[i]).isEqualTo(wanted.sample().label());
          long position = (long) step * batch + plan.rows()[i] % batch;
          String id = wanted.sample().id();
          seen.computeIfAbsent(position / count, e -> new HashMap<>())
              .merge(id + " " + view, 1, Integer::sum);
          perEpoch.computeIfAbsent(position / count, e -> new HashSet<>()).add(id);
        }
      }
    }
    for (long epoch = 0; epoch < epochs; epoch++) {
      assertThat(perEpoch.get(epoch)).hasSize(count);
      assertThat(seen.get(epoch))
          .hasSize(views * count)
          .allSatisfy((id, n) -> assertThat(n).isOne());
    }
  }
}
