package io.github.lsgspark.dataset.published;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.storage.RelativePath;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Pictures labelled in Label Studio: a folder of pictures, and in it what Label Studio exports as
 * JSON. Pictures that no task names, or that nobody has labelled yet, are unlabelled samples. A
 * task's picture is its field {@code sample}, as {@code lsg select} writes it, or what its field
 * {@code image} says behind {@code ?d=}.
 */
public final class LabelStudioReader implements DatasetReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String label() {
    return "label-studio";
  }

  @Override
  public Modality modality() {
    return Modality.IMAGE;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "A folder with Label Studio's export",
        List.of(),
        Map.of(),
        "pictures, and beside them the file .json that Label Studio exports");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    List<String> names = files.names("");
    List<String> exports =
        names.stream().filter(name -> name.matches("[^/]+[.](json|JSON)")).toList();
    if (exports.isEmpty()) {
      throw LsgException.input(
          files.path("") + ": holds no file .json, as Label Studio exports its tasks");
    }
    Map<String, String> labels = new TreeMap<>();
    for (String export : exports) {
      JsonNode tasks = parsed(files, export);
      for (int i = 0; i < tasks.size(); i++) {
        String where = files.path(export) + ": task " + tasks.get(i).path("id").asText("" + i);
        String picture = RelativePath.inside(picture(tasks.get(i), where), where);
        String label = label(tasks.get(i), where);
        String earlier = labels.put(picture, label);
        if (earlier != null && !earlier.equals(label)) {
          throw LsgException.input(
              "%s: %s is labelled \"%s\", but \"%s\" in another task"
                  .formatted(where, RelativePath.printable(picture), label, earlier));
        }
      }
    }
    TreeSet<String> pictures = new TreeSet<>(labels.keySet());
    names.stream().filter(name -> FileEndings.isOf(Modality.IMAGE, name)).forEach(pictures::add);
    List<PublishedSample> samples = new ArrayList<>();
    for (String picture : pictures) {
      String label = labels.getOrDefault(picture, "");
      samples.add(
          files.sample(
              picture,
              label,
              label.isEmpty() ? PublishedSample.UNLABELLED : PublishedSample.TRAIN));
    }
    TreeSet<String> classes = new TreeSet<>(labels.values());
    classes.remove("");
    if (classes.isEmpty()) {
      throw LsgException.input(
          String.join(", ", exports) + " in " + files.path("") + ": no task is labelled");
    }
    return new PublishedData(List.copyOf(classes), samples);
  }

  private static JsonNode parsed(PublishedFiles files, String export) {
    try {
      JsonNode tasks = JSON.readTree(new String(files.bytes(export), StandardCharsets.UTF_8));
      if (tasks != null && tasks.isArray()) {
        return tasks;
      }
      throw LsgException.input(files.path(export) + ": is no array of tasks");
    } catch (JsonProcessingException e) {
      throw LsgException.input(files.path(export) + ": is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String picture(JsonNode task, String where) {
    JsonNode data = task.path("data");
    if (data.path("sample").isTextual()) {
      return data.get("sample").asText();
    }
    String image = data.path("image").asText();
    int path = image.indexOf("?d=");
    if (path < 0) {
      throw LsgException.input(
          where
              + ": has neither data.sample nor a data.image with \"?d=\", so its picture is not"
              + " known");
    }
    return URLDecoder.decode(image.substring(path + 3), StandardCharsets.UTF_8);
  }

  /** The choice of all annotations that were not cancelled; empty if there is none. */
  private static String label(JsonNode task, String where) {
    TreeSet<String> choices = new TreeSet<>();
    for (JsonNode annotation : task.path("annotations")) {
      if (annotation.path("was_cancelled").asBoolean(false)) {
        continue;
      }
      for (JsonNode result : annotation.path("result")) {
        if (result.path("type").asText().equals("choices")) {
          result.path("value").path("choices").forEach(choice -> choices.add(choice.asText()));
        }
      }
    }
    if (choices.size() > 1) {
      throw LsgException.input(
          where + ": has several choices, " + choices + ", where one class is needed");
    }
    return choices.isEmpty() ? "" : choices.first();
  }
}
