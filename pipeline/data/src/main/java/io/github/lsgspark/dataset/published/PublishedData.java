package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.LsgException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * A benchmark as it was published: its classes in the official order and its samples in the
 * official splits.
 */
public record PublishedData(List<String> classes, List<PublishedSample> samples) {

  /**
   * Reads the lists of a benchmark; opens no sample.
   *
   * @param format name of a registered reader
   * @param fold from 1: which is the test split of a benchmark published in folds or several splits
   * @param root folder of the benchmark, folder with its archives, or the one archive
   * @param scratch takes what archives are unpacked to
   * @throws LsgException exit 3 that names a missing file, or a file and the line that is wrong
   */
  public static PublishedData read(
      String format, int fold, String root, Configuration hadoop, Scratch scratch) {
    DatasetReader reader = DatasetReaders.of(format);
    PublishedData data =
        reader.read(PublishedFiles.open(reader.layout(), root, hadoop, scratch), fold);
    Set<String> ids = new HashSet<>();
    for (PublishedSample sample : data.samples()) {
      if (!ids.add(sample.id())) {
        throw LsgException.input(root + ": " + sample.id() + " is listed twice");
      }
    }
    return data;
  }
}
