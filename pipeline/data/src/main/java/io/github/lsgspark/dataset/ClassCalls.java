package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LabelSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.text.ClassNames;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.LabelWords;
import io.github.lsgspark.wordnet.WordNetNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** What classes are called, where samples have another word for them. */
final class ClassCalls {
  private ClassCalls() {}

  /**
   * The classes under the names of {@code labels.names}, or in words. Those of {@code labels.file}
   * are also known by the names that a table has for the same numbers.
   */
  static LabelSet of(SparkSession spark, Settings settings, LabelSet labels) {
    return of(spark, spark.sparkContext().hadoopConfiguration(), settings, labels);
  }

  /**
   * The same.
   *
   * @param spark null where data.train is no table
   */
  static LabelSet of(SparkSession spark, Configuration hadoop, Settings settings, LabelSet labels) {
    if (settings.labels().file().isEmpty()) {
      return settings.labels().names().isEmpty()
          ? inWords(settings.labels(), labels)
          : ClassNames.load(settings.labels().names(), hadoop).of(labels);
    }
    List<String> classes = classes(spark, hadoop, settings.data());
    if (classes.size() != labels.size()
        || classes.stream().anyMatch(name -> labels.find(name).isPresent())) {
      return labels;
    }
    return labels.called(new ArrayList<>(classes));
  }

  private static LabelSet inWords(LabelSettings settings, LabelSet labels) {
    if (settings.words() == LabelSettings.Words.NONE || labels.size() == 0) {
      return labels;
    }
    LabelSet named = WordNetNames.of(labels);
    return named.isRenamed() ? named : LabelWords.of(labels);
  }

  private static List<String> classes(SparkSession spark, Configuration hadoop, DataSettings data) {
    if (!data.isGeneric() || data.train().startsWith(SyntheticSource.SCHEME)) {
      return List.of();
    }
    Path path = new Path(data.train());
    try {
      return TableFiles.isTable(path.getFileSystem(hadoop), path)
          ? new ParquetSource(spark, data.train(), data).classes()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(data.train() + ": " + e.getMessage(), e);
    }
  }
}
