package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * UCF-101 (Soomro et al. 2012), one of its three splits. Class "ApplyEyeMakeup" is called "Apply
 * Eye Makeup". The videos are published as a .rar, which must be unpacked first.
 */
public final class UcfReader implements DatasetReader {
  private static final String LISTS = "ucfTrainTestlist/";
  private static final String CLASSES = LISTS + "classInd.txt";
  private static final String VIDEOS = "UCF-101/";

  @Override
  public String label() {
    return "ucf-101";
  }

  @Override
  public Modality modality() {
    return Modality.VIDEO;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "UCF-101",
        List.of("UCF101/"),
        Map.of("UCF101TrainTestSplits-RecognitionTask.zip", "ucfTrainTestlist"),
        "UCF-101/ (unpack UCF101.rar), and ucfTrainTestlist/ (or"
            + " UCF101TrainTestSplits-RecognitionTask.zip)");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    if (fold > 3) {
      throw LsgException.usage("data.fold = " + fold + ", but UCF-101 has splits 1, 2 and 3");
    }
    TreeMap<Integer, String> classes = new TreeMap<>();
    for (TextRow row : files.rows(CLASSES)) {
      String[] words = row.words(2, "number class");
      classes.put(row.number(words[0], "the number of a class"), words[1]);
    }
    List<PublishedSample> samples = new ArrayList<>();
    add(files, "trainlist0" + fold + ".txt", PublishedSample.TRAIN, classes, samples);
    add(files, "testlist0" + fold + ".txt", PublishedSample.TEST, classes, samples);
    return new PublishedData(classes.values().stream().map(UcfReader::spaced).toList(), samples);
  }

  private static void add(
      PublishedFiles files,
      String list,
      String split,
      Map<Integer, String> classes,
      List<PublishedSample> samples) {
    for (TextRow row : files.rows(LISTS + list)) {
      String path = row.text().split("\\s+", 2)[0];
      int slash = path.indexOf('/');
      if (slash <= 0 || !classes.containsValue(path.substring(0, slash))) {
        throw row.wrong("must be \"Class/video.avi\" of a class of " + files.path(CLASSES));
      }
      samples.add(files.sample(VIDEOS + path, spaced(path.substring(0, slash)), split));
    }
  }

  /** Words in place of capitals. */
  private static String spaced(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ");
  }
}
