package io.github.lsgspark.jobs;

import io.github.lsgspark.config.Range;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.SettingNames;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsReference;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The page of all settings: default, values, meaning, and which stages are made anew by each. */
final class SettingsPage {
  private SettingsPage() {}

  static String text(List<Stage> stages) {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Settings

        Every key of a configuration, with its default. Files are [HOCON](https://github.com/lightbend/config/blob/main/HOCON.md);
        `-D key=value` sets a key for one run. *Stages* are those that are made anew when the key changes; *none* are keys
        that change how a run is made and not what comes out. This page is written by the program
        (`GeneratedPagesTest`) from [reference.conf](../pipeline/core/src/main/resources/reference.conf).
        """);
    String section = "";
    for (Setting setting : Setting.of(Settings.class, "")) {
      String first = setting.path().contains(".") ? setting.path().replaceFirst("\\..*", "") : "";
      if (page.indexOf("\n## ") < 0 || !first.equals(section)) {
        section = first;
        page.append("\n## ").append(first.isEmpty() ? "Top level" : first).append("\n\n");
        SettingsReference.description(first.isEmpty() ? "none" : first)
            .ifPresent(text -> page.append(cell(text)).append("\n\n"));
        page.append("| key | default | values | stages | meaning |\n|---|---|---|---|---|\n");
      }
      page.append(row(setting, stages));
    }
    return page.toString();
  }

  private static String row(Setting setting, List<Stage> stages) {
    String readers =
        stages.stream()
            .filter(
                stage ->
                    stage.reads().stream().anyMatch(read -> read.paths().contains(setting.path())))
            .map(Stage::name)
            .collect(Collectors.joining(", "));
    return "| `%s` | `%s` | %s | %s | %s |%n"
        .formatted(
            setting.path(),
            cell(SettingsReference.defaultOf(setting.path()).orElse("")),
            cell(values(setting)),
            readers.isEmpty() ? "none" : readers,
            cell(SettingsReference.description(setting.path()).orElse("")));
  }

  private static String values(Setting setting) {
    Class<?> type = setting.component().getType();
    for (SettingNames registered : ServiceLoader.load(SettingNames.class)) {
      if (registered.path().equals(setting.path())) {
        return String.join(", ", registered.names());
      }
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(Setting::text)
          .collect(Collectors.joining(", "));
    }
    Range range = setting.component().getAnnotation(Range.class);
    String kind =
        type == boolean.class
            ? "true, false"
            : type == List.class
                ? "list"
                : type == double.class
                    ? "number"
                    : type == int.class || type == long.class ? "whole number" : "text";
    return range == null
        ? kind
        : kind
            + (range.max() == Double.POSITIVE_INFINITY
                ? " from " + plain(range.min())
                : " in [" + plain(range.min()) + ", " + plain(range.max()) + "]");
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }
}
