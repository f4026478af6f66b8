package io.github.lsgspark.curation;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A selection as tasks that Label Studio imports. Pictures are named as files below the folder that
 * Label Studio serves (LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT): that of data.train. What the head
 * takes a sample for stands there as a prediction.
 */
final class LabelStudioTasks {
  static final String FILE = "label-studio.json";

  private static final String SERVED = "/data/local-files/?d=";

  private LabelStudioTasks() {}

  /** The tasks, in the order of the selection. */
  static List<Map<String, Object>> of(Selection selection) {
    List<Map<String, Object>> tasks = new ArrayList<>();
    for (Selected one : selection.samples()) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("image", SERVED + encoded(one.id()));
      data.put("sample", one.id());
      data.put("rank", one.rank());
      data.put("reason", selection.reason(one));
      Map<String, Object> task = new LinkedHashMap<>();
      task.put("data", data);
      if (one.predicted() >= 0) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("from_name", "label");
        result.put("to_name", "image");
        result.put("type", "choices");
        result.put("value", Map.of("choices", List.of(selection.predicted(one))));
        Map<String, Object> prediction = new LinkedHashMap<>();
        prediction.put("model_version", "lsg");
        prediction.put("score", one.probability());
        prediction.put("result", List.of(result));
        task.put("predictions", List.of(prediction));
      }
      tasks.add(task);
    }
    return tasks;
  }

  private static String encoded(String path) {
    return URLEncoder.encode(path, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }
}
