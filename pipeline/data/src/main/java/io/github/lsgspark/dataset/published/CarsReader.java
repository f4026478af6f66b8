package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stanford Cars. The lists are MATLAB files: names in cars_meta.mat, class (from 1) and file name
 * of each picture in one file per split. That of the test split with classes is a download of its
 * own.
 */
public final class CarsReader implements DatasetReader {
  private static final String CLASSES = "devkit/cars_meta.mat";
  private static final String TRAIN = "devkit/cars_train_annos.mat";
  private static final String TEST = "cars_test_annos_withlabels.mat";

  @Override
  public String label() {
    return "stanford-cars";
  }

  @Override
  public Modality modality() {
    return Modality.IMAGE;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "Stanford Cars",
        List.of("stanford_cars/"),
        Map.of(
            "car_devkit.tgz", "devkit",
            "cars_train.tgz", "cars_train",
            "cars_test.tgz", "cars_test"),
        "devkit/ (or car_devkit.tgz) with cars_meta.mat and cars_train_annos.mat, "
            + TEST
            + " in or beside it, cars_train/ and cars_test/ (or cars_train.tgz and cars_test.tgz)");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    List<String> classes =
        new MatFile(files.path(CLASSES), files.bytes(CLASSES)).texts("class_names");
    List<PublishedSample> samples = new ArrayList<>();
    add(files, TRAIN, "cars_train/", PublishedSample.TRAIN, classes, samples);
    add(files, test(files), "cars_test/", PublishedSample.TEST, classes, samples);
    return new PublishedData(classes, samples);
  }

  private static String test(PublishedFiles files) {
    for (String place : List.of(TEST, "devkit/" + TEST)) {
      if (files.exists(place)) {
        return place;
      }
    }
    throw files.missing(TEST, "The devkit's cars_test_annos.mat names no classes");
  }

  private static void add(
      PublishedFiles files,
      String list,
      String folder,
      String split,
      List<String> classes,
      List<PublishedSample> samples) {
    for (MatFile.Row row :
        new MatFile(files.path(list), files.bytes(list)).rows("annotations", "class", "fname")) {
      if (row.number() < 1 || row.number() > classes.size()) {
        throw LsgException.input(
            row.place()
                + ": class must be from 1 to "
                + classes.size()
                + ", but was: "
                + row.number());
      }
      samples.add(files.sample(folder + row.text(), classes.get(row.number() - 1), split));
    }
  }
}
