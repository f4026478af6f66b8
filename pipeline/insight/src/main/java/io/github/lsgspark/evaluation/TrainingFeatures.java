package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.TaskCompletionListener;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The labelled training samples as a model sees them: which of them a sample is most like, and
 * whether it is like any. Features are standardised over these samples and compared by cosines. A
 * sample is unlike all of them if its largest cosine is below the threshold: the {@code 1 -
 * predict.unlike-quantile} quantile of the largest cosines of the validation samples, or where
 * there are fewer than {@value #FEWEST} of those, of the training samples themselves, each to the
 * others.
 */
final class TrainingFeatures implements Nearby {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(TrainingFeatures.class);

  /** Of more labelled samples so many are compared with, drawn by their ids. */
  static final int MOST = 5_000;

  static final int FEWEST = 50;
  private static final int BLOCK = 1_000;

  private final Broadcast<Rows> rows;
  private final double threshold;

  /**
   * @param rows [n d], directions
   */
  private record Rows(String[] ids, int[] labels, float[] rows, FeatureDirections directions)
      implements Serializable {}

  /** A sample and its feature. */
  private record Seen(String id, int label, float[] feature) implements Serializable {}

  private TrainingFeatures(Broadcast<Rows> rows, double threshold) {
    this.rows = rows;
    this.threshold = threshold;
  }

  /**
   * Takes the features of the labelled samples on executors.
   *
   * @param prepareDir output of the prepare stage
   * @return {@link Nearby#NONE} if {@code predict.unlike-quantile} is 0 or there are not two
   *     samples
   */
  static Nearby of(SparkSession spark, ModelOpener opener, Settings settings, String prepareDir) {
    double quantile = settings.predict().unlikeQuantile();
    if (quantile == 0) {
      return NONE;
    }
    int batch = settings.evaluate().batch();
    List<Seen> train = seen(spark, opener, batch, prepareDir, SampleTable.TRAIN);
    if (train.size() < 2 || train.get(0).feature().length == 0) {
      return NONE;
    }
    FeatureDirections directions =
        FeatureDirections.over(train.stream().map(Seen::feature).toList());
    Rows rows =
        new Rows(
            train.stream().map(Seen::id).toArray(String[]::new),
            train.stream().mapToInt(Seen::label).toArray(),
            directions.of(train.stream().map(Seen::feature).toList()),
            directions);
    List<Seen> validation = seen(spark, opener, batch, prepareDir, SampleTable.VALIDATION);
    boolean others = validation.size() >= FEWEST;
    double[] largest =
        others
            ? largest(directions.of(validation.stream().map(Seen::feature).toList()), rows, 1)
            : largest(rows.rows(), rows, 2);
    Arrays.sort(largest);
    double threshold = largest[(int) Math.floor((1 - quantile) * (largest.length - 1))];
    LOG.info(
        "predict: a sample is unlike what the model has seen if its cosine to each of {} labelled"
            + " samples is below {}, as that of {} % of the {} is",
        train.size(),
        String.format(Locale.ROOT, "%.3f", threshold),
        String.format(Locale.ROOT, "%.3g", 100 * (1 - quantile)),
        others ? validation.size() + " validation samples" : "labelled samples to the others");
    return new TrainingFeatures(
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(rows), threshold);
  }

  /** In an order that does not depend on where the samples lie. */
  private static List<Seen> seen(
      SparkSession spark, ModelOpener opener, int batch, String prepareDir, String split) {
    return SampleTable.read(spark, prepareDir)
        .where(col("split").equalTo(split).and(col("label_id").geq(0)))
        .select("id", "label_id", "reference")
        .orderBy(xxhash64(col("id")), col("id"))
        .limit(MOST)
        .javaRDD()
        .repartition(spark.sparkContext().defaultParallelism())
        .mapPartitions(rows -> features(rows, opener, batch))
        .collect()
        .stream()
        .sorted((a, b) -> a.id().compareTo(b.id()))
        .toList();
  }

  private static Iterator<Seen> features(Iterator<Row> rows, ModelOpener opener, int batch) {
    List<Seen> seen = new ArrayList<>();
    if (!rows.hasNext()) {
      return seen.iterator();
    }
    OpenModel model = opener.open();
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> model.close());
    while (rows.hasNext()) {
      List<Sample> samples = new ArrayList<>(batch);
      while (samples.size() < batch && rows.hasNext()) {
        Row row = rows.next();
        samples.add(new Sample(row.getString(0), row.getInt(1), row.getString(2)));
      }
      List<OpenModel.Scores> scores = model.score(samples);
      for (int i = 0; i < samples.size(); i++) {
        if (!Finite.all(scores.get(i).feature())) {
          throw LsgException.input(
              opener + ": a feature of sample " + samples.get(i).id() + " is no finite number");
        }
        seen.add(new Seen(samples.get(i).id(), samples.get(i).label(), scores.get(i).feature()));
      }
    }
    return seen.iterator();
  }

  /**
   * The cosine of each row to the rows' nearest: the first, or the second where the first is
   * itself.
   */
  private static double[] largest(float[] of, Rows rows, int place) {
    int width = rows.directions().width();
    int count = of.length / width;
    double[] largest = new double[count];
    try (TensorScope scope = new TensorScope()) {
      Tensor table = Tensors.of(rows.rows(), rows.ids().length, width).t();
      for (int start = 0; start < count; start += BLOCK) {
        int size = Math.min(BLOCK, count - start);
        float[] block = Arrays.copyOfRange(of, start * width, (start + size) * width);
        try (TensorScope each = new TensorScope()) {
          float[] best =
              Tensors.floats(
                  RowOps.largestOfRows(Ops.matmul(Tensors.of(block, size, width), table), place)
                      .values());
          for (int i = 0; i < size; i++) {
            largest[start + i] = best[i * place + place - 1];
          }
        }
      }
    }
    return largest;
  }

  @Override
  public List<String> ids() {
    return List.of(rows.value().ids());
  }

  @Override
  public Finder open() {
    return new Open(rows.value(), threshold);
  }

  private static final class Open implements Finder {
    private final Rows rows;
    private final double threshold;
    private final Tensor table;

    Open(Rows rows, double threshold) {
      this.rows = rows;
      this.threshold = threshold;
      try (TensorScope scope = new TensorScope()) {
        this.table =
            scope.keep(Tensors.of(rows.rows(), rows.ids().length, rows.directions().width()).t());
      }
    }

    @Override
    public List<List<NearestSample>> of(List<OpenModel.Scores> scores, int count) {
      int most = Math.min(count, rows.ids().length);
      float[] queries =
          rows.directions().of(scores.stream().map(OpenModel.Scores::feature).toList());
      float[] values;
      long[] columns;
      try (TensorScope scope = new TensorScope()) {
        RowOps.Largest found =
            RowOps.largestOfRows(
                Ops.matmul(Tensors.of(queries, scores.size(), rows.directions().width()), table),
                most);
        values = Tensors.floats(found.values());
        columns = Tensors.longs(found.columns());
      }
      List<List<NearestSample>> all = new ArrayList<>(scores.size());
      for (int i = 0; i < scores.size(); i++) {
        List<NearestSample> nearest = new ArrayList<>(most);
        for (int k = 0; k < most; k++) {
          int row = (int) columns[i * most + k];
          float cosine = values[i * most + k];
          nearest.add(
              new NearestSample(
                  rows.ids()[row], rows.labels()[row], cosine, values[i * most] < threshold));
        }
        all.add(nearest);
      }
      return all;
    }

    @Override
    public void close() {
      table.close();
    }
  }
}
