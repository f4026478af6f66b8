package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;

/**
 * A benchmark that {@code data.format} can name, in the form in which its authors publish it. A
 * public class of this kind with a line in {@code
 * META-INF/services/io.github.lsgspark.dataset.published.DatasetReader} is all that a new one
 * takes.
 */
public interface DatasetReader {

  /** As a configuration writes it. */
  String label();

  /** What its samples are. */
  Modality modality();

  /** Where its files lie. */
  Layout layout();

  /**
   * Reads the lists of the benchmark; opens no sample.
   *
   * @param fold from 1: which is the test split of a benchmark published in folds or several splits
   * @throws LsgException exit 3 that names a missing file, or a file and the line that is wrong
   */
  PublishedData read(PublishedFiles files, int fold);
}
