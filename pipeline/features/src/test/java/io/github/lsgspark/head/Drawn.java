package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/** Features drawn around class centres, for tests. */
record Drawn(List<Features> rows, List<String> classes, List<Slice> slices) {

  /**
   * Draws samples whose class sizes differ.
   *
   * @param perClass labelled samples of the first class; each later class has one more, up to twice
   *     as many
   * @param unlabelled samples without a label for each class
   * @param views of each sample
   */
  static Drawn of(long seed, int classes, int perClass, int unlabelled, int views, int... lengths) {
    Random random = new Random(seed);
    int d = IntStream.of(lengths).sum();
    List<Features> rows = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      double[] centre = random.doubles(d).map(x -> 2 * x).toArray();
      int labelled = perClass + c % (perClass + 1);
      for (int i = 0; i < labelled + unlabelled; i++) {
        for (int v = 0; v < views; v++) {
          float[] values = new float[d];
          for (int j = 0; j < d; j++) {
            values[j] = (float) Math.max(0, centre[j] + 0.8 * random.nextGaussian());
          }
          rows.add(new Features("s" + c + "-" + i, i < labelled ? c : -1, values));
        }
      }
    }
    List<Slice> slices = new ArrayList<>();
    int from = 0;
    for (int length : lengths) {
      slices.add(new Slice("layer" + slices.size(), from, length));
      from += length;
    }
    List<String> names = IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
    return new Drawn(rows, names, slices);
  }

  static JavaSparkContext spark() {
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
  }

  /** The section {@code head} with these keys. */
  static HeadSettings settings(String keys) {
    return SettingsLoader.parse("head { " + keys + " }").head();
  }

  /** All of it as an input of heads; views of a sample stay together. */
  HeadInput input(int partitions) {
    List<List<Features>> parts = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      parts.add(new ArrayList<>());
    }
    for (Features row : rows) {
      parts.get(Math.floorMod(row.id().hashCode(), partitions)).add(row);
    }
    return new HeadInput(
        spark().parallelize(parts, partitions).flatMap(List::iterator), classes, slices);
  }

  HeadFit fit(String keys, int partitions) {
    try (Heads heads = new Heads(spark(), input(partitions), settings(keys))) {
      return heads.fit();
    }
  }
}
