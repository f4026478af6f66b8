package io.github.lsgspark.jobs.submit;

import io.github.lsgspark.config.SparkProperties;
import io.github.lsgspark.storage.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One call of spark-submit.
 *
 * @param conf Spark's properties
 * @param files of this machine that go to the working folder of driver and executors
 * @param jar with the program
 * @param arguments of the program
 */
record SubmitLine(
    String master,
    String deployMode,
    String name,
    SortedMap<String, String> conf,
    List<String> files,
    String mainClass,
    String jar,
    List<String> arguments) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");
  private static final String HIDDEN = "(hidden)";

  /** The words of the call, as the operating system takes them. */
  List<String> words(String sparkSubmit) {
    return words(sparkSubmit, (key, value) -> value);
  }

  private List<String> words(String sparkSubmit, BinaryOperator<String> shown) {
    List<String> words = new ArrayList<>();
    words.add(sparkSubmit);
    words.addAll(List.of("--master", master, "--deploy-mode", deployMode, "--name", name));
    conf.forEach(
        (key, value) -> {
          words.add("--conf");
          words.add(key + "=" + shown.apply(key, value));
        });
    if (!files.isEmpty()) {
      words.add("--files");
      words.add(String.join(",", files));
    }
    words.addAll(List.of("--class", mainClass, jar));
    words.addAll(arguments);
    return words;
  }

  /** The call as a shell takes it; secrets are hidden. */
  String shell(String sparkSubmit) {
    return words(sparkSubmit, SubmitLine::hideSecret).stream()
        .map(SubmitLine::quoted)
        .collect(Collectors.joining(" "));
  }

  /** The call for programs that submit by themselves; secrets are hidden. */
  String json() {
    return Json.text(fields());
  }

  Map<String, Object> fields() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("master", master);
    json.put("deploy_mode", deployMode);
    json.put("name", name);
    SortedMap<String, String> shown = new TreeMap<>(conf);
    shown.replaceAll(SubmitLine::hideSecret);
    json.put("conf", shown);
    json.put("files", files);
    json.put("java_class", mainClass);
    json.put("application", jar);
    json.put("application_args", arguments);
    return json;
  }

  private static String hideSecret(String key, String value) {
    return SparkProperties.isSecret(key) ? HIDDEN : value;
  }

  /** As one word of a POSIX shell. */
  static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
