package io.github.lsgspark.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.sql.SparkSession;

/**
 * The least that a program on Spark does: a session and one small query. Then forty more of that
 * query, and the median of the last twenty on standard output in seconds: what a small question
 * costs in a program that runs already.
 */
public final class BareSpark {
  private BareSpark() {}

  public static void main(String[] args) throws Exception {
    String folder = Files.createTempDirectory(Path.of(args[0]), "bare").toString();
    boolean once = args.length > 1;
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "8")
            .getOrCreate();
    double[] seconds = new double[once ? 1 : 41];
    for (int i = 0; i < seconds.length; i++) {
      long begin = System.nanoTime();
      query(spark, folder + "/" + i);
      seconds[i] = (System.nanoTime() - begin) / 1e9;
    }
    spark.stop();
    if (!once) {
      double[] last = Arrays.copyOfRange(seconds, 21, 41);
      Arrays.sort(last);
      System.out.println(last[10]);
    }
    System.exit(0);
  }

  /** Four jobs: groups ten rows, writes them as Parquet, counts what was written. */
  private static void query(SparkSession spark, String path) {
    spark.range(0, 10, 1, 2).groupBy("id").count().write().parquet(path);
    if (spark.read().schema("id long, count long").parquet(path).count() != 10) {
      throw new IllegalStateException(path + " does not hold ten rows");
    }
  }
}
