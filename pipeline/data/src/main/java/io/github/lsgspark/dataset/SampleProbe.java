package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.storage.RelativePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * What some samples of a source, evenly spread over it, turn out to be when they are opened.
 *
 * @param looked how many were opened
 * @param sides the shorter sides of pictures and videos in pixels, in order
 * @param seconds that sounds and videos last, in order
 * @param unreadable those that cannot be used, with the reason
 */
public record SampleProbe(
    int looked, List<Integer> sides, List<Double> seconds, List<String> unreadable) {
  private static final int PICTURES = 64;
  private static final int OTHERS = 12;

  /** Copies the lists. */
  public SampleProbe {
    sides = List.copyOf(sides);
    seconds = List.copyOf(seconds);
    unreadable = List.copyOf(unreadable);
  }

  /** The side of the sample in the middle; 0 where none has sides. */
  public int side() {
    return sides.isEmpty() ? 0 : sides.get(sides.size() / 2);
  }

  /** The share of what was opened that cannot be used. */
  public double badShare() {
    return looked == 0 ? 0 : (double) unreadable.size() / looked;
  }

  /**
   * Opens samples.
   *
   * @param spark null where no entry is of a table
   */
  static SampleProbe of(
      SparkSession spark, Configuration hadoop, Settings settings, List<SourceEntry> entries) {
    int most = settings.data().modality() == Modality.IMAGE ? PICTURES : OTHERS;
    List<SourceEntry> some = new ArrayList<>();
    int wanted = Math.min(most, entries.size());
    for (int i = 0; i < wanted; i++) {
      some.add(entries.get((int) ((long) i * entries.size() / wanted)));
    }
    Map<String, byte[]> rows = new HashMap<>();
    if (some.stream().anyMatch(entry -> entry.kind() == SourceEntry.Kind.TABLE_ROW)) {
      some = rows(spark, settings, entries, most, rows);
    }
    List<Integer> sides = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    try (SourceReader reader =
        new SourceReader(hadoop, settings.prepare().maxFileBytes(), settings.data())) {
      for (SourceEntry entry : some) {
        try {
          byte[] bytes =
              rows.containsKey(entry.member()) ? rows.get(entry.member()) : reader.read(entry);
          Decoded decoded = InputSpec.reading(settings).decode(bytes);
          if (decoded.width() > 0) {
            sides.add(Math.min(decoded.width(), decoded.height()));
          }
          if (decoded.seconds() > 0) {
            seconds.add(decoded.seconds());
          }
        } catch (UnreadableSampleException e) {
          unreadable.add(
              RelativePath.printable(entry.id() + " (" + e.reason() + ": " + e.getMessage() + ")"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(settings.data().train() + ": " + e.getMessage(), e);
    }
    sides.sort(null);
    seconds.sort(null);
    return new SampleProbe(some.size(), sides, seconds, unreadable);
  }

  /** The first rows of the tables: to reach others, all before them would have to be read. */
  private static List<SourceEntry> rows(
      SparkSession spark,
      Settings settings,
      List<SourceEntry> entries,
      int most,
      Map<String, byte[]> rows) {
    List<String> sources =
        entries.stream()
            .filter(entry -> entry.kind() == SourceEntry.Kind.TABLE_ROW)
            .map(SourceEntry::location)
            .distinct()
            .toList();
    for (String source : sources) {
      new ParquetSource(spark, source, settings.data())
          .contents()
          .take(most)
          .forEach(row -> rows.put(row.key(), row.bytes()));
    }
    return entries.stream().filter(entry -> rows.containsKey(entry.member())).limit(most).toList();
  }
}
