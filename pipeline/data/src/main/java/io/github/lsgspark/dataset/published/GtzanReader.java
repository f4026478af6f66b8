package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * GTZAN (Tzanetakis and Cook 2002), ten genres of a hundred excerpts of 30 s, in the split without
 * repetitions and faults (Kereliuk, Sturm and Larsen 2015): three lists name 443, 197 and 290
 * excerpts. The set itself has no split: without the lists it is a folder of classes.
 */
public final class GtzanReader implements DatasetReader {
  private static final Pattern EXCERPT =
      Pattern.compile("(?:.*/)?(([a-z]+)[.]\\d{5})[.](?:au|wav|mp3|flac)");
  private static final Pattern LISTED = Pattern.compile("(?:.*/)?(([a-z]+)[.]\\d{5})(?:[.]\\w+)?");

  private static final String WITHOUT_LISTS =
      "Without the lists there is no published split: leave data.format out, name the folder of the"
          + " genres, and set data.test-fraction";

  @Override
  public String label() {
    return "gtzan";
  }

  @Override
  public Modality modality() {
    return Modality.AUDIO;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "GTZAN",
        List.of(),
        Map.of("genres.tar.gz", "genres"),
        "genres/ or genres_original/ (or genres.tar.gz), and the lists train_filtered.txt,"
            + " valid_filtered.txt and test_filtered.txt");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    List<String> names = files.names("");
    Map<String, String> excerpts = new HashMap<>();
    for (String name : names) {
      Matcher matcher = EXCERPT.matcher(name);
      if (matcher.matches()) {
        excerpts.merge(matcher.group(1), name, (a, b) -> a.compareTo(b) < 0 ? a : b);
      }
    }
    TreeSet<String> classes = new TreeSet<>();
    List<PublishedSample> samples = new ArrayList<>();
    Map<String, String> lists =
        Map.of(
            "train_filtered.txt", PublishedSample.TRAIN,
            "valid_filtered.txt", PublishedSample.VALIDATION,
            "test_filtered.txt", PublishedSample.TEST);
    Map<String, TextRow> listed = new HashMap<>();
    for (String list : new TreeSet<>(lists.keySet())) {
      for (TextRow row : files.rows(files.find(names, list, list, WITHOUT_LISTS))) {
        Matcher matcher = LISTED.matcher(row.text());
        if (!matcher.matches()) {
          throw row.wrong("must be \"genre/genre.00000.wav\"");
        }
        String excerpt = matcher.group(1);
        TextRow earlier = listed.put(excerpt, row);
        if (earlier != null) {
          throw row.wrong("is in " + earlier.file() + ":" + earlier.number() + ", too");
        }
        classes.add(matcher.group(2));
        samples.add(
            files.sample(
                excerpts.getOrDefault(excerpt, row.text()), matcher.group(2), lists.get(list)));
      }
    }
    return new PublishedData(List.copyOf(classes), samples);
  }
}
