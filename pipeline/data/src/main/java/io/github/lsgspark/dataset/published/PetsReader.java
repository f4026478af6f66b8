package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Oxford-IIIT Pet. The lists hold "Abyssinian_100 1 1 1": picture, class, species and breed within
 * the species, numbers from 1; the class is called what its pictures are, without their number.
 */
public final class PetsReader implements DatasetReader {
  private static final String TRAIN = "annotations/trainval.txt";
  private static final String TEST = "annotations/test.txt";

  @Override
  public String label() {
    return "oxford-pets";
  }

  @Override
  public Modality modality() {
    return Modality.IMAGE;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "Oxford-IIIT Pet",
        List.of("oxford-iiit-pet/"),
        Map.of("images.tar.gz", "images", "annotations.tar.gz", "annotations"),
        "images/ (or images.tar.gz), and annotations/ (or annotations.tar.gz) with trainval.txt and"
            + " test.txt");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    TreeMap<Integer, String> classes = new TreeMap<>();
    List<PublishedSample> samples = new ArrayList<>();
    add(files, TRAIN, PublishedSample.TRAIN, classes, samples);
    add(files, TEST, PublishedSample.TEST, classes, samples);
    return new PublishedData(List.copyOf(classes.values()), samples);
  }

  private static void add(
      PublishedFiles files,
      String list,
      String split,
      Map<Integer, String> classes,
      List<PublishedSample> samples) {
    for (TextRow row : files.rows(list)) {
      String[] words = row.words(4, "picture class species breed");
      if (!words[0].matches(".+_\\d+") || !words[1].matches("[1-9]\\d{0,5}")) {
        throw row.wrong("must be \"Name_number class species breed\"");
      }
      String label = words[0].replaceFirst("_\\d+$", "").replace('_', ' ');
      String known = classes.putIfAbsent(Integer.valueOf(words[1]), label);
      if (known != null && !known.equals(label)) {
        throw row.wrong("must name class " + words[1] + " \"" + known + "\" as before");
      }
      samples.add(files.sample("images/" + words[0] + ".jpg", label, split));
    }
  }
}
