package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.layout.LeftOut;
import io.github.lsgspark.dataset.published.PublishedData;
import io.github.lsgspark.dataset.published.PublishedSample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Training and test entries of a data set.
 *
 * @param entries ordered by id
 * @param classes in the order in which the data set has them; empty if only its samples name them
 * @param leftOut every other file of folders, zips and tables
 */
record SampleListing(List<SourceEntry> entries, List<String> classes, List<LeftOut> leftOut) {

  /**
   * Lists what {@code data} names.
   *
   * @param scratch takes what archives are unpacked to
   * @param tested whether there must be a test split
   * @throws LsgException exit 3 if something is missing or wrong
   */
  static SampleListing of(
      SparkSession spark, DataSettings data, ScratchPacks scratch, boolean tested) {
    if (!data.isGeneric()) {
      return published(spark, data, scratch);
    }
    Listed listed = SourceSplits.of(spark, data, tested);
    LeftOutReport.tell("prepare", data.train(), listed);
    return new SampleListing(listed.entries(), List.of(), listed.leftOut());
  }

  private static SampleListing published(
      SparkSession spark, DataSettings data, ScratchPacks scratch) {
    if (data.train().isEmpty()) {
      throw LsgException.usage(
          "data.train is not set: name the folder or archive of the benchmark");
    }
    if (!data.test().isEmpty()) {
      throw LsgException.usage(
          "data.test must not be set with data.format, which has a test split of its own, but was: "
              + data.test());
    }
    if (data.testSplit() != DataSettings.TestSplit.TEST) {
      throw LsgException.usage(
          "data.test-split must be test with data.format, which has a test split of its own");
    }
    PublishedData published =
        PublishedData.read(
            data.format(),
            Math.max(1, data.fold()),
            data.train(),
            spark.sparkContext().hadoopConfiguration(),
            scratch);
    List<SourceEntry> entries = new ArrayList<>();
    for (PublishedSample sample : published.samples()) {
      entries.add(entry(sample));
    }
    entries.sort(Comparator.comparing(SourceEntry::id));
    return new SampleListing(entries, published.classes(), List.of());
  }

  private static SourceEntry entry(PublishedSample sample) {
    SourceEntry.Kind kind;
    String location;
    if (sample.place() instanceof PublishedSample.InFile file) {
      kind = SourceEntry.Kind.FILE;
      location = file.path();
    } else if (sample.place() instanceof PublishedSample.InScratch scratch) {
      kind = SourceEntry.Kind.SCRATCH;
      location = scratch.piece();
    } else {
      kind = SourceEntry.Kind.MISSING;
      location = sample.id();
    }
    return new SourceEntry(sample.id(), sample.label(), sample.split(), kind, location, "");
  }
}
