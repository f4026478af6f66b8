package io.github.lsgspark.dataset.published;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A list with a line for each sample, which says its class, the number of that and its fold.
 *
 * @param name of the file
 * @param file column of the sample's file
 * @param number column of the class's number
 * @param label column of the class ("air_conditioner" is called "air conditioner")
 * @param fold column of the fold
 * @param more columns that are needed besides
 */
record FoldedList(
    String name, String file, String number, String label, String fold, List<String> more) {

  /**
   * Reads it: one fold is the test split, the others are for training.
   *
   * @param test number of the fold
   * @param taken lines that count
   * @param path of the sample of a line
   */
  PublishedData read(
      PublishedFiles files,
      int test,
      Predicate<CsvTable.Line> taken,
      Function<CsvTable.Line, String> path) {
    Folds folds = new Folds(test);
    List<String> columns = new ArrayList<>(List.of(file, fold, number, label));
    columns.addAll(more);
    TreeMap<Integer, String> classes = new TreeMap<>();
    List<PublishedSample> samples = new ArrayList<>();
    for (CsvTable.Line line : new CsvTable(files, name, ',', columns).lines()) {
      if (taken.test(line)) {
        String own = line.text(label).replace('_', ' ');
        classes.put(line.number(number), own);
        samples.add(files.sample(path.apply(line), own, folds.split(line.number(fold))));
      }
    }
    folds.requireTest(files.path(name));
    return new PublishedData(List.copyOf(classes.values()), samples);
  }
}
