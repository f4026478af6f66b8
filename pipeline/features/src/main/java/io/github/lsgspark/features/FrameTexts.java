package io.github.lsgspark.features;

import io.github.lsgspark.config.FeaturesSettings.Frames;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.torch.HostArray;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * What frames of clips are held against: the mean of each class's prompts, of unit length.
 *
 * @param rows [C, D]
 */
public record FrameTexts(HostArray rows) {

  /** Whether the frames of a configuration's clips count by texts. */
  public static boolean isWanted(Settings settings) {
    return settings.features().frames() == Frames.ATTENTION;
  }

  /**
   * The texts that a configuration asks for.
   *
   * @param names of the classes, in order of their ids
   * @param embedDir output of the embed stage; empty: none are wanted
   * @throws io.github.lsgspark.config.LsgException exit 3 that names a class without a text
   */
  public static Optional<FrameTexts> of(
      SparkSession spark, Settings settings, List<String> names, Optional<String> embedDir) {
    return embedDir
        .filter(unused -> isWanted(settings))
        .map(dir -> of(ClassSums.means(names, ClassSums.read(spark, dir), dir)));
  }

  private static FrameTexts of(double[][] means) {
    int d = means[0].length;
    float[] rows = new float[means.length * d];
    for (int c = 0; c < means.length; c++) {
      double squares = 0;
      for (double value : means[c]) {
        squares += value * value;
      }
      for (int i = 0; i < d; i++) {
        rows[c * d + i] = (float) (means[c][i] / Math.sqrt(squares));
      }
    }
    return new FrameTexts(HostArray.of(rows, means.length, d));
  }

  int count() {
    return (int) rows.shape()[0];
  }

  int dimension() {
    return (int) rows.shape()[1];
  }
}
