package io.github.lsgspark.dataset.published;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something-Something V2 (Goyal et al. 2017): labels.json numbers 174 templates, train.json and
 * validation.json have the template of each clip, in brackets where something was named ("Pushing
 * [something] off of [something]" is called "Pushing something off of something"). The test clips
 * have no labels, so results are published on the validation list: that is the test split. Left and
 * right, up and down are classes of their own: set {@code train.augmentation.flip = false}.
 */
public final class SomethingReader implements DatasetReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VIDEOS = "20bn-something-something-v2/";

  @Override
  public String label() {
    return "something-something-v2";
  }

  @Override
  public Modality modality() {
    return Modality.VIDEO;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "Something-Something V2",
        List.of(),
        Map.of(),
        VIDEOS
            + " with videos called 1.webm (join and unpack the archives of the videos), and labels.json,"
            + " train.json and validation.json, perhaps in labels/");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    List<String> names = files.names("");
    String numbers = find(files, names, "labels.json");
    TreeMap<Integer, String> classes = new TreeMap<>();
    parsed(files, numbers)
        .properties()
        .forEach(
            entry -> {
              String number = entry.getValue().asText();
              if (!number.matches("\\d{1,6}")) {
                throw LsgException.input(
                    "%s: \"%s\" must have a number, but has: %s"
                        .formatted(files.path(numbers), entry.getKey(), number));
              }
              classes.put(Integer.parseInt(number), entry.getKey());
            });
    List<PublishedSample> samples = new ArrayList<>();
    add(files, find(files, names, "train.json"), PublishedSample.TRAIN, classes, samples);
    add(files, find(files, names, "validation.json"), PublishedSample.TEST, classes, samples);
    return new PublishedData(List.copyOf(classes.values()), samples);
  }

  private static void add(
      PublishedFiles files,
      String list,
      String split,
      Map<Integer, String> classes,
      List<PublishedSample> samples) {
    JsonNode clips = parsed(files, list);
    for (int i = 0; i < clips.size(); i++) {
      String id = clips.get(i).path("id").asText();
      String label = clips.get(i).path("template").asText().replaceAll("[\\[\\]]", "");
      if (!id.matches("\\d{1,12}") || !classes.containsValue(label)) {
        throw LsgException.input(
            "%s: clip %d must have a number as \"id\" and a \"template\" of labels.json, but is: %s"
                .formatted(files.path(list), i + 1, clips.get(i)));
      }
      samples.add(files.sample(VIDEOS + id + ".webm", label, split));
    }
  }

  private static JsonNode parsed(PublishedFiles files, String name) {
    try {
      return JSON.readTree(new String(files.bytes(name), StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw LsgException.input(files.path(name) + ": is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** By its name of today, or that of the first release, which has the set's before it. */
  private static String find(PublishedFiles files, List<String> names, String list) {
    return files.find(names, "(?:something-something-v2-)?" + list, list, "");
  }
}
