package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TaskDevice;
import io.github.lsgspark.training.Judgement.Verdict;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Holds a closed form and a training against the labels of samples, on executors.
 *
 * @param headDir model of the stage head
 * @param trainDir model of a training
 */
record Verdicts(
    Settings settings, SerializableConfiguration hadoop, String headDir, String trainDir)
    implements Serializable {
  private static final int BATCH = 32;

  /**
   * What both make of samples, in their order.
   *
   * @param stage in whose name Spark's jobs run
   */
  static List<Verdict> of(
      SparkSession spark,
      String stage,
      Settings settings,
      List<Sample> samples,
      String headDir,
      String trainDir) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Verdicts both =
        new Verdicts(
            settings,
            new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()),
            headDir,
            trainDir);
    int parts = Math.max(1, Math.min(samples.size() / (2 * BATCH), context.defaultParallelism()));
    try (JobDescription job = JobDescription.of(spark.sparkContext(), stage)) {
      job.now("score %d labelled samples by both models", samples.size());
      return context.parallelize(samples, parts).mapPartitions(both::of).collect();
    }
  }

  private Iterator<Verdict> of(Iterator<Sample> samples) {
    List<Sample> all = new ArrayList<>();
    samples.forEachRemaining(all::add);
    float[][] head = logits(headDir, all);
    float[][] trained = logits(trainDir, all);
    List<Verdict> verdicts = new ArrayList<>(all.size());
    for (int i = 0; i < head.length; i++) {
      float[] sum = head[i].clone();
      for (int c = 0; c < sum.length; c++) {
        sum[c] += trained[i][c];
      }
      int label = all.get(i).label();
      verdicts.add(
          new Verdict(
              largest(head[i]) == label, largest(trained[i]) == label, largest(sum) == label));
    }
    return verdicts.iterator();
  }

  private float[][] logits(String dir, List<Sample> samples) {
    TaskContext task = TaskContext.get();
    ComputeDevice device = TaskDevice.of(task, settings.train().device());
    NativeTorch.setThreads(task.cpus());
    NativeTorch.allowTf32(device.isCuda() && settings.train().tf32());
    float[][] logits = new float[samples.size()][];
    try (TrainedModel model =
            TrainedModel.load(
                new HadoopFiles(hadoop.value()),
                dir,
                TrainedModel.LAST,
                settings.prepare(),
                device);
        SampleSource source = new SampleSource(hadoop.value(), model.modality())) {
      for (int from = 0; from < logits.length; from += BATCH) {
        int size = Math.min(BATCH, logits.length - from);
        float[][] views = new float[size][];
        for (int i = 0; i < size; i++) {
          views[i] = model.views(source.decode(samples.get(from + i)));
        }
        float[][] batch = model.score(views).logits();
        for (int i = 0; i < size; i++) {
          if (!Finite.all(batch[i])) {
            throw LsgException.input(
                dir
                    + ": what it says of sample "
                    + samples.get(from + i).id()
                    + " is no finite number");
          }
          logits[from + i] = batch[i];
        }
      }
    }
    return logits;
  }

  private static int largest(float[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
