package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * FGVC-Aircraft 2013b by its 100 variants. The published training and validation pictures together
 * are the training samples.
 */
public final class AircraftReader implements DatasetReader {
  private static final String CLASSES = "variants.txt";
  private static final String TRAIN = "images_variant_trainval.txt";
  private static final String TEST = "images_variant_test.txt";

  @Override
  public String label() {
    return "fgvc-aircraft";
  }

  @Override
  public Modality modality() {
    return Modality.IMAGE;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "FGVC-Aircraft",
        List.of("fgvc-aircraft-2013b/data/", "data/"),
        Map.of("fgvc-aircraft-2013b.tar.gz", "fgvc-aircraft-2013b"),
        "fgvc-aircraft-2013b/data/ (or fgvc-aircraft-2013b.tar.gz) with "
            + String.join(", ", CLASSES, TRAIN, TEST)
            + " and images/");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    List<String> classes = files.rows(CLASSES).stream().map(TextRow::text).toList();
    Set<String> known = new HashSet<>(classes);
    List<PublishedSample> samples = new ArrayList<>();
    add(files, TRAIN, PublishedSample.TRAIN, known, samples);
    add(files, TEST, PublishedSample.TEST, known, samples);
    return new PublishedData(classes, samples);
  }

  private static void add(
      PublishedFiles files,
      String list,
      String split,
      Set<String> known,
      List<PublishedSample> samples) {
    TextRow.byKey(files.rows(list), "picture-number variant")
        .forEach(
            (number, row) -> {
              if (!known.contains(row.value())) {
                throw row.wrong("must end in a variant of " + files.path(CLASSES));
              }
              samples.add(files.sample("images/" + number + ".jpg", row.value(), split));
            });
  }
}
