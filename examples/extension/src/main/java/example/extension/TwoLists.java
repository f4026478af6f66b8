package example.extension;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.dataset.published.DatasetReader;
import io.github.lsgspark.dataset.published.Layout;
import io.github.lsgspark.dataset.published.PublishedData;
import io.github.lsgspark.dataset.published.PublishedFiles;
import io.github.lsgspark.dataset.published.PublishedSample;
import io.github.lsgspark.dataset.published.TextRow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A data set with train.txt and test.txt, whose lines are "path class". */
public final class TwoLists implements DatasetReader {
  @Override
  public String label() {
    return "two-lists";
  }

  @Override
  public Modality modality() {
    return Modality.IMAGE;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "A data set of two lists", List.of(), Map.of(), "train.txt, test.txt and what they name");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    Set<String> classes = new LinkedHashSet<>();
    List<PublishedSample> samples = new ArrayList<>();
    add(files, "train.txt", PublishedSample.TRAIN, classes, samples);
    add(files, "test.txt", PublishedSample.TEST, classes, samples);
    return new PublishedData(List.copyOf(classes), samples);
  }

  private static void add(
      PublishedFiles files,
      String list,
      String split,
      Set<String> classes,
      List<PublishedSample> samples) {
    for (TextRow row : files.rows(list)) {
      String[] words = row.words(2, "path class");
      classes.add(words[1]);
      samples.add(files.sample(words[0], words[1], split));
    }
  }
}
