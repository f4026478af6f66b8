package io.github.lsgspark.jobs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files and folders of a stage's output, in order. */
final class StageOutputs {
  private StageOutputs() {}

  /**
   * @param words name and content in turn
   */
  static Map<String, String> of(String... words) {
    Map<String, String> outputs = new LinkedHashMap<>();
    for (int i = 0; i < words.length; i += 2) {
      outputs.put(words[i], words[i + 1]);
    }
    return Collections.unmodifiableMap(outputs);
  }
}
