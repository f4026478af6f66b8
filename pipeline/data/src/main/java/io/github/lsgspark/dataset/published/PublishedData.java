package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Format;
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

  /** What one benchmark's files mean. */
  interface Reader {
    /** Where its files lie. */
    Layout layout();

    /**
     * Reads the lists of the benchmark.
     *
     * @throws LsgException exit 3 that names a missing file, or a file and the line that is wrong
     */
    PublishedData read(PublishedFiles files);
  }

  /**
   * Reads the lists of a benchmark; opens no sample.
   *
   * @param fold from 1: which is the test split of a benchmark published in folds or several splits
   * @param root folder of the benchmark, folder with its archives, or the one archive
   * @param scratch takes what archives are unpacked to
   * @throws LsgException exit 3 that names a missing file, or a file and the line that is wrong
   */
  public static PublishedData read(
      Format format, int fold, String root, Configuration hadoop, Scratch scratch) {
    Reader reader =
        switch (format) {
          case CUB_200_2011 -> new CubReader();
          case FGVC_AIRCRAFT -> new AircraftReader();
          case STANFORD_CARS -> new CarsReader();
          case CIFAR_100 -> new CifarReader();
          case OXFORD_PETS -> new PetsReader();
          case ESC_50 -> new EscReader(fold, false);
          case ESC_10 -> new EscReader(fold, true);
          case SPEECH_COMMANDS -> new SpeechCommandsReader();
          case UCF_101 -> new UcfReader(fold);
          case HMDB_51 -> new HmdbReader(fold);
          case GENERIC -> throw new IllegalArgumentException("no benchmark: " + format);
        };
    PublishedData data = reader.read(PublishedFiles.open(reader.layout(), root, hadoop, scratch));
    Set<String> ids = new HashSet<>();
    for (PublishedSample sample : data.samples()) {
      if (!ids.add(sample.id())) {
        throw LsgException.input(root + ": " + sample.id() + " is listed twice");
      }
    }
    return data;
  }
}
