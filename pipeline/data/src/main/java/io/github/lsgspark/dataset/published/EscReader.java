package io.github.lsgspark.dataset.published;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * ESC-50, and the ten of its classes that make ESC-10 (Piczak 2015). meta/esc50.csv has a line per
 * clip with its file, fold (1 to 5), class number and class ("crackling_fire" is called "crackling
 * fire"); clips are compared within folds, so one fold is the test split.
 */
final class EscReader implements PublishedData.Reader {
  private static final String LIST = "meta/esc50.csv";
  private static final List<String> COLUMNS =
      List.of("filename", "fold", "target", "category", "esc10");

  private final int fold;
  private final boolean tenOnly;

  EscReader(int fold, boolean tenOnly) {
    this.fold = fold;
    this.tenOnly = tenOnly;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "ESC-50",
        List.of("ESC-50-master/"),
        Map.of(
            "ESC-50-master.zip", "ESC-50-master",
            "master.zip", "ESC-50-master"),
        "meta/esc50.csv and audio/, in ESC-50-master/ or ESC-50-master.zip");
  }

  @Override
  public PublishedData read(PublishedFiles files) {
    List<TextRow> rows = files.rows(LIST);
    List<String> head = Arrays.asList(rows.get(0).text().split(",", -1));
    if (!head.containsAll(COLUMNS)) {
      throw rows.get(0).wrong("must name the columns " + String.join(", ", COLUMNS));
    }
    Folds folds = new Folds(fold);
    TreeMap<Integer, String> classes = new TreeMap<>();
    List<PublishedSample> samples = new ArrayList<>();
    for (TextRow row : rows.subList(1, rows.size())) {
      String[] values = row.text().split(",", -1);
      if (values.length != head.size()) {
        throw row.wrong("must have " + head.size() + " values");
      }
      if (tenOnly && !values[head.indexOf("esc10")].equalsIgnoreCase("true")) {
        continue;
      }
      String label = values[head.indexOf("category")].replace('_', ' ');
      classes.put(row.number(values[head.indexOf("target")], "target"), label);
      samples.add(
          files.sample(
              "audio/" + values[head.indexOf("filename")],
              label,
              folds.split(row.number(values[head.indexOf("fold")], "fold"))));
    }
    folds.requireTest(files.path(LIST));
    return new PublishedData(List.copyOf(classes.values()), samples);
  }
}
