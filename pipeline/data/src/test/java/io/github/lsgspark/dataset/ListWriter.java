package io.github.lsgspark.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes lists of samples, all of one drawn kind: its separator, header, endings and quotes. */
final class ListWriter {
  private static final List<String> WORDS =
      List.of("red", "fox", "blå", "jay's", "a,b", "x;y", "\"q\"", "2", "v.2", "шар", "l'été");
  private static final List<String> PATHS =
      List.of("path", "File", "FILENAME", "image", "img", "filepath", "Image_Path", "audio");
  private static final List<String> LABELS =
      List.of("label", "Class", "CATEGORY", "target", "species", "class name");

  private final Random random;
  private final String separator;
  private final boolean header;
  private final boolean endings;
  private final String lineEnd;

  ListWriter(Random random) {
    this.random = random;
    this.separator = List.of(",", ";", "\t", " ").get(random.nextInt(4));
    this.header = random.nextBoolean();
    this.endings = random.nextInt(3) > 0;
    this.lineEnd = random.nextBoolean() ? "\r\n" : "\n";
  }

  String name() {
    return separator.equals(",") || separator.equals(";") ? "list.csv" : "list.txt";
  }

  private String words() {
    List<String> words = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      words.add(WORDS.get(random.nextInt(WORDS.size())));
    }
    String all = String.join(" ", words);
    // A line that begins with a quote holds a quoted path; a label in quotes is one without.
    return separator.equals(" ") ? all.replace("\"", "") : all;
  }

  Map<String, String> samples() {
    Map<String, String> samples = new LinkedHashMap<>();
    for (int i = 0; i < 6; i++) {
      String ending = endings ? List.of(".jpg", ".PNG", ".wav").get(random.nextInt(3)) : "";
      samples.put("data/" + words() + "/" + words() + " " + i + ending, words());
    }
    return samples;
  }

  private String cell(String text) {
    if (separator.equals(" ")) {
      return text;
    }
    boolean needed = text.contains(separator) || text.startsWith("\"");
    return needed || (!separator.equals("\t") && random.nextInt(4) == 0)
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }

  String text(Map<String, String> samples) {
    boolean blanks = separator.equals(" ");
    int more = header && !blanks ? random.nextInt(3) : 0;
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 2 + more; i++) {
      order.add(i);
    }
    if (header && !blanks) {
      Collections.shuffle(order, random);
    }
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
    if (header) {
      String label = LABELS.get(random.nextInt(blanks ? 5 : LABELS.size()));
      row(text, order, List.of(PATHS.get(random.nextInt(PATHS.size())), label, "width", "note"));
    }
    samples.forEach((path, label) -> row(text, order, List.of(path, label, "640", "a note")));
    return text.toString();
  }

  private void row(StringBuilder text, List<Integer> order, List<String> values) {
    List<String> cells = order.stream().map(i -> cell(values.get(i))).toList();
    text.append(String.join(separator, cells)).append(lineEnd);
    if (random.nextInt(5) == 0) {
      text.append(lineEnd);
    }
  }
}
