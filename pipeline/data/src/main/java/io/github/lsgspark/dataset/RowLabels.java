package io.github.lsgspark.dataset;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.TableField.Kind;
import io.github.lsgspark.storage.HadoopFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;

/**
 * What the files of a table, or else the data set's card, call the classes that its rows give by
 * numbers.
 *
 * @param byFile names by number, empty where a file lists none; without files if labels are names
 */
record RowLabels(Map<String, List<String>> byFile) {

  static RowLabels of(HadoopFiles hadoop, TableFiles files, Optional<TableField> label) {
    Map<String, List<String>> byFile = new TreeMap<>();
    if (label.isPresent() && label.get().kind() == Kind.INTEGER) {
      for (FileStatus file : files.files()) {
        byFile.put(files.name(file.getPath()), HubNames.of(hadoop, file, label.get().name()));
      }
      if (byFile.values().stream().allMatch(List::isEmpty)) {
        List<String> card = DatasetCard.names(hadoop, files.root(), label.get().name());
        byFile.replaceAll((file, none) -> card);
      }
    }
    return new RowLabels(byFile);
  }

  /**
   * The class of a row; empty for a number below 0, by which the Hub says that there is none.
   *
   * @throws LsgException exit 3 for a number beyond the names that its file lists
   */
  String name(String label, RowPlace place, String source) {
    List<String> names = byFile.get(place.file());
    if (names == null || !label.matches("-?\\d{1,9}")) {
      return label;
    }
    int number = Integer.parseInt(label);
    if (number < 0) {
      return "";
    }
    if (number >= names.size() && !names.isEmpty()) {
      throw LsgException.input(
          source
              + ": row "
              + place.row()
              + " of "
              + place.file()
              + " has label "
              + number
              + ", but the file names "
              + names.size()
              + " classes");
    }
    return names.isEmpty() ? label : names.get(number);
  }

  /**
   * The names of all files, by number; empty if no file lists any.
   *
   * @throws LsgException exit 3 if two files number the classes in different ways
   */
  List<String> classes(String source) {
    List<List<String>> all =
        byFile.values().stream().filter(names -> !names.isEmpty()).distinct().toList();
    if (all.size() > 1) {
      throw LsgException.input(source + ": its files number the classes in different ways");
    }
    return all.isEmpty() ? List.of() : all.get(0);
  }
}
