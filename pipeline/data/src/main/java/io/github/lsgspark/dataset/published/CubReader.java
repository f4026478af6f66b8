package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Caltech-UCSD Birds-200-2011. Four lists are joined by the number of the picture or of the class;
 * class "001.Black_footed_Albatross" is called "Black footed Albatross".
 */
public final class CubReader implements DatasetReader {
  private static final String CLASSES = "classes.txt";
  private static final String IMAGES = "images.txt";
  private static final String LABELS = "image_class_labels.txt";
  private static final String SPLITS = "train_test_split.txt";

  @Override
  public String label() {
    return "cub-200-2011";
  }

  @Override
  public Modality modality() {
    return Modality.IMAGE;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "CUB-200-2011",
        List.of("CUB_200_2011/"),
        Map.of("CUB_200_2011.tgz", "CUB_200_2011"),
        "CUB_200_2011/ (or CUB_200_2011.tgz) with "
            + String.join(", ", CLASSES, IMAGES, LABELS, SPLITS)
            + " and images/");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    Map<String, String> classes = new LinkedHashMap<>();
    TextRow.byKey(files.rows(CLASSES), "class-number class-name")
        .forEach((key, row) -> classes.put(key, name(row)));
    Map<String, TextRow> labels = TextRow.byKey(files.rows(LABELS), "picture-number class-number");
    Map<String, TextRow> splits = TextRow.byKey(files.rows(SPLITS), "picture-number 0-or-1");
    List<PublishedSample> samples = new ArrayList<>();
    TextRow.byKey(files.rows(IMAGES), "picture-number path")
        .forEach(
            (key, row) ->
                samples.add(
                    files.sample(
                        "images/" + row.value(),
                        label(found(labels, key, row, files.path(LABELS)), classes),
                        split(found(splits, key, row, files.path(SPLITS))))));
    return new PublishedData(List.copyOf(classes.values()), samples);
  }

  private static String name(TextRow row) {
    return row.value().replaceFirst("^\\d+\\.", "").replace('_', ' ');
  }

  private static TextRow found(Map<String, TextRow> rows, String key, TextRow image, String file) {
    TextRow row = rows.get(key);
    if (row == null) {
      throw image.wrong("must have a line in " + file);
    }
    return row;
  }

  private static String label(TextRow row, Map<String, String> classes) {
    String label = classes.get(row.value());
    if (label == null) {
      throw row.wrong("must end in the number of a class");
    }
    return label;
  }

  private static String split(TextRow row) {
    return switch (row.value()) {
      case "1" -> PublishedSample.TRAIN;
      case "0" -> PublishedSample.TEST;
      default -> throw row.wrong("must end in 1 for training or 0 for test");
    };
  }
}
