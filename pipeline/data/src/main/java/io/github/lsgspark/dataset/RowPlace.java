package io.github.lsgspark.dataset;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.RelativePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * A row of a table, as it is told apart from all others.
 *
 * @param file name below the table
 * @param row from 0
 */
record RowPlace(String file, long row) {

  String key() {
    return file + "#" + row;
  }

  /**
   * Names of rows: their ids or paths where each is given once, otherwise file and row.
   *
   * @param rows of {@link ParquetSource#list}
   * @param named whether the table has ids of its own
   * @param splits of files, by which ids that count the rows of each split anew are told apart
   * @throws LsgException exit 3 for an id that is null or occurs twice, and for a file that does
   */
  static List<String> ids(
      List<Row> rows,
      Function<Row, RowPlace> places,
      boolean named,
      Map<String, String> splits,
      String source) {
    Map<String, Integer> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(text(row, named), 1, Integer::sum));
    Set<String> seen = new HashSet<>();
    List<String> ids = new ArrayList<>(rows.size());
    for (Row row : rows) {
      String id = text(row, named);
      RowPlace place = places.apply(row);
      if (named && id.isEmpty()) {
        throw LsgException.input(
            source + ": row " + place.row() + " of " + place.file() + " holds no id");
      }
      boolean repeated = id.isEmpty() || counts.get(id) > 1;
      boolean inline = row.getBoolean(3);
      if (repeated && !id.isEmpty() && (named || !inline)) {
        String split = splits.getOrDefault(place.file(), "");
        if (!inline || split.isEmpty() || !seen.add(split + "\n" + id)) {
          throw LsgException.input(
              source
                  + (named ? ": id " : ": path ")
                  + RelativePath.printable(id)
                  + " occurs twice");
        }
      }
      ids.add(repeated ? place.key() : id);
    }
    return ids;
  }

  private static String text(Row row, boolean named) {
    int column = named ? 0 : 4;
    return row.isNullAt(column) ? "" : row.getString(column);
  }
}
