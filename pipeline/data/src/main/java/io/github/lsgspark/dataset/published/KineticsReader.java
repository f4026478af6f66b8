package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.dataset.modality.FileEndings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Kinetics-400, -600 and -700 (Kay et al. 2017): train.csv, val.csv (or validate.csv) and perhaps
 * test.csv have a line per clip with class, YouTube's id, start and end in seconds. A clip is the
 * video called {@code id_000010_000020} (or {@code id}), in whatever folder: crawlers sort them by
 * split or by class. Clips that are gone count as missing. Results are published on the validation
 * list, so that is the test split where there is no test.csv.
 */
public final class KineticsReader implements DatasetReader {
  private static final List<String> COLUMNS =
      List.of("label", "youtube_id", "time_start", "time_end");
  private static final List<String> TRAIN = List.of("train");
  private static final List<String> VALIDATION = List.of("val", "validate", "validation");
  private static final List<String> TEST = List.of("test");

  @Override
  public String label() {
    return "kinetics";
  }

  @Override
  public Modality modality() {
    return Modality.VIDEO;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "Kinetics",
        List.of(),
        Map.of(),
        "the lists train.csv and val.csv (label, youtube_id, time_start, time_end), and videos"
            + " called id_000010_000020.mp4");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    List<String> names = files.names("");
    Map<String, String> videos = new HashMap<>();
    for (String name : names) {
      if (FileEndings.isOf(Modality.VIDEO, name)) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        videos.putIfAbsent(file.substring(0, file.lastIndexOf('.')), name);
      }
    }
    Optional<String> test = list(names, TEST);
    Map<String, String> lists = new LinkedHashMap<>();
    lists.put(required(files, names, TRAIN), PublishedSample.TRAIN);
    if (test.isPresent()) {
      list(names, VALIDATION).ifPresent(name -> lists.put(name, PublishedSample.VALIDATION));
      lists.put(test.get(), PublishedSample.TEST);
    } else {
      lists.put(required(files, names, VALIDATION), PublishedSample.TEST);
    }
    TreeSet<String> classes = new TreeSet<>();
    List<PublishedSample> samples = new ArrayList<>();
    lists.forEach(
        (list, split) -> {
          for (CsvTable.Line line : new CsvTable(files, list, ',', COLUMNS).lines()) {
            classes.add(line.text("label"));
            samples.add(files.sample(video(videos, line), line.text("label"), split));
          }
        });
    return new PublishedData(List.copyOf(classes), samples);
  }

  /** The video of a clip; where there is none, what it would be called. */
  private static String video(Map<String, String> videos, CsvTable.Line line) {
    String id = line.text("youtube_id");
    String clip =
        String.format(
            Locale.ROOT, "%s_%06d_%06d", id, line.number("time_start"), line.number("time_end"));
    String found = videos.get(clip);
    return found != null ? found : videos.getOrDefault(id, clip + ".mp4");
  }

  private static Optional<String> list(List<String> names, List<String> stems) {
    return names.stream()
        .filter(
            name ->
                stems.stream()
                    .anyMatch(stem -> name.matches("(?:.*[/_-])?" + stem + "[.](?:csv|CSV)")))
        .findFirst();
  }

  private static String required(PublishedFiles files, List<String> names, List<String> stems) {
    return list(names, stems).orElseThrow(() -> files.missing(stems.get(0) + ".csv", ""));
  }
}
