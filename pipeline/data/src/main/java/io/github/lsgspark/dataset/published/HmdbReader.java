package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * HMDB-51 (Kuehne et al. 2011), one of its three splits: a list per class and split, with 1 for
 * training, 2 for test and 0 for videos that take no part. Class "brush_hair" is called "brush
 * hair". The videos are published as .rar files, which must be unpacked first.
 */
public final class HmdbReader implements DatasetReader {
  private static final String LISTS = "testTrainMulti_7030_splits/";
  private static final String VIDEOS = "hmdb51_org/";

  @Override
  public String label() {
    return "hmdb-51";
  }

  @Override
  public Modality modality() {
    return Modality.VIDEO;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "HMDB-51",
        List.of("hmdb51/"),
        Map.of(),
        "hmdb51_org/ with a folder per class (unpack hmdb51_org.rar and the .rar files in it), and"
            + " testTrainMulti_7030_splits/ (unpack test_train_splits.rar)");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    if (fold > 3) {
      throw LsgException.usage("data.fold = " + fold + ", but HMDB-51 has splits 1, 2 and 3");
    }
    String suffix = "_test_split" + fold + ".txt";
    TreeSet<String> classes = new TreeSet<>();
    List<PublishedSample> samples = new ArrayList<>();
    for (String list : files.names(LISTS)) {
      if (!list.endsWith(suffix)) {
        continue;
      }
      String folder = list.substring(LISTS.length(), list.length() - suffix.length());
      String label = folder.replace('_', ' ');
      classes.add(label);
      for (TextRow row : files.rows(list)) {
        String[] words = row.words(2, "video 0-1-or-2");
        switch (words[1]) {
          case "0" -> {}
          case "1" -> samples.add(sample(files, folder, words[0], label, PublishedSample.TRAIN));
          case "2" -> samples.add(sample(files, folder, words[0], label, PublishedSample.TEST));
          default -> throw row.wrong("must end in 1 for training, 2 for test or 0");
        }
      }
    }
    if (classes.isEmpty()) {
      throw files.missing(LISTS + "*" + suffix, "");
    }
    return new PublishedData(List.copyOf(classes), samples);
  }

  private static PublishedSample sample(
      PublishedFiles files, String folder, String video, String label, String split) {
    return files.sample(VIDEOS + folder + "/" + video, label, split);
  }
}
