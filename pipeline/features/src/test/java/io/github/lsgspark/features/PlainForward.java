package io.github.lsgspark.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.ViewKind;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Features by forward passes written out, to hold the rows of a table against. */
final class PlainForward {
  private PlainForward() {}

  /** The vectors of a table, by sample and view. */
  static Map<String, float[]> rows(SparkSession spark, String out) {
    Map<String, float[]> rows = new LinkedHashMap<>();
    for (Row row : FeatureTable.read(spark, out).orderBy("sample_id", "view").collectAsList()) {
      List<Float> list = row.getList(row.fieldIndex("features"));
      float[] values = new float[list.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = list.get(i);
      }
      rows.put(row.getAs("sample_id") + "/" + row.getAs("view"), values);
    }
    return rows;
  }

  /** A view of a sample as the network takes it. */
  static float[] view(
      SparkSession spark, Settings settings, FrozenNetwork network, Sample sample, ViewKind kind) {
    Modality modality = network.input().open(settings.prepare());
    try (SampleSource source =
        new SampleSource(spark.sparkContext().hadoopConfiguration(), modality)) {
      float[] view = new float[modality.length()];
      modality.write(source.decode(sample), kind, 0, FloatBuffer.wrap(view));
      return view;
    }
  }

  /** What the network gives for a view. */
  static float[] forward(FrozenNetwork network, float[] view) {
    try (TensorScope scope = new TensorScope();
        ModeGuard guard = Autograd.noGrad();
        Backbone backbone = network.open()) {
      Map<String, long[]> shapes = new LinkedHashMap<>(backbone.parameterShapes());
      shapes.putAll(backbone.bufferShapes());
      try (FlatParameters tensors =
          FlatParameters.allocate(shapes, shapes.keySet(), Dtype.FLOAT32, ComputeDevice.cpu())) {
        tensors.load(network.arrays());
        long[] shape =
            LongStream.concat(LongStream.of(1), LongStream.of(network.input().shape())).toArray();
        return Tensors.floats(
            backbone.features(
                tensors::parameter,
                Tensors.of(view, shape),
                BatchNormalization.runningStatistics()));
      }
    }
  }

  /** Checks each number. */
  static void assertClose(float[] actual, float[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance));
    }
  }
}
